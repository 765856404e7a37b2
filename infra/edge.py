"""The way in: API Gateway with a key, a rate and a daily allowance for each client."""

from __future__ import annotations

import json

from aws_cdk import CfnOutput, CfnResource, Duration, Environment, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.accepted import accept
from infra.config import Choices, StageConfig
from infra.functions import file_function
from infra.instance import Surroundings
from infra.retention import log_group
from infra.service import GATEWAY_STAGE, ServiceStack

_STREAM_S = 900
"""API Gateway ends a streamed answer after 15 minutes; the panel then goes on with its last id."""

_NO_FIREWALL = (
    "Every request needs a key and is held to its rate and daily allowance; a web firewall costs "
    "extra and its rules look for HTML and SQL, which this interface takes as comments' text."
)


class EdgeStack(Stack):
    """A REST API (only that kind has keys) before the load balancer, answers streamed.

    What it leads to: `/v1/…` and `/readyz`. Metrics, documents and `/v1/admin/` stay inside: to
    the latter the gateway leads, but it shows the interface's token there, which does not open it.

    Attributes:
        api: the gateway.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: Environment,
        stage: StageConfig,
        choices: Choices,
        around: Surroundings,
        service: ServiceStack,
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        self._stage = stage
        self._host = choices.internal_host
        self._balancer = service.balancer
        self._link = apigatewayv2.VpcLink(
            self,
            "Link",
            vpc=around.network.vpc,
            subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            security_groups=[around.network.gateway],
        )
        self.api = self._gateway()
        self._lead(self._authorizer(around))
        self._hand_out_keys()
        self._name(choices)

    def _gateway(self) -> apigateway.RestApi:
        stage = self._stage
        log = log_group(self, "AccessLog", stage=stage, name="gateway")
        field = apigateway.AccessLogField
        api = apigateway.RestApi(
            self,
            "Gateway",
            rest_api_name=f"{stage.prefix}-gateway",
            description="YouTube sentiment",
            cloud_watch_role=False,
            api_key_source_type=apigateway.ApiKeySourceType.AUTHORIZER,
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            deploy_options=apigateway.StageOptions(
                stage_name=GATEWAY_STAGE,
                # All clients together; one key's share is in the usage plan.
                throttling_rate_limit=2 * stage.rate_per_s,
                throttling_burst_limit=2 * stage.burst,
                metrics_enabled=True,
                access_log_destination=apigateway.LogGroupLogDestination(log),
                # No body, no key, no query: a query may hold what somebody looks for.
                access_log_format=apigateway.AccessLogFormat.custom(
                    json.dumps(
                        {
                            "request": field.context_request_id(),
                            "at": field.context_request_time_epoch(),
                            "key": field.context_identity_api_key_id(),
                            "method": field.context_http_method(),
                            "path": field.context_resource_path(),
                            "status": field.context_status(),
                            "ms": field.context_response_latency(),
                            "bytes": field.context_response_length(),
                            "error": field.context_error_message(),
                        }
                    )
                ),
            ),
        )
        accept(
            api,
            {
                "AwsSolutions-APIG2": "The service checks every request against its own models "
                "and answers in its one error shape; a second check here could only differ.",
                "AwsSolutions-APIG3": _NO_FIREWALL,
                "AwsSolutions-APIG6": "The access log has a line a request; the execution log "
                "would hold headers and bodies, and these hold keys and comments.",
            },
        )
        return api

    def _authorizer(self, around: Surroundings) -> apigateway.TokenAuthorizer:
        token = around.data.api_token
        handler, role = file_function(
            self,
            "AuthorizerHandler",
            stage=self._stage,
            folder="authorizer",
            description="Makes a client's bearer token its API key",
            timeout=Duration.seconds(10),
            environment={"API_TOKEN_SECRET": token.secret_arn},
        )
        token.grant_read(role)
        # Both remember the service's token: docs/deploy.md, "Changing a secret".
        CfnOutput(self, "AuthorizerName", value=handler.function_name)
        CfnOutput(self, "GatewayId", value=self.api.rest_api_id)
        return apigateway.TokenAuthorizer(
            self,
            "Authorizer",
            handler=handler,
            identity_source=apigateway.IdentitySource.header("Authorization"),
            results_cache_ttl=Duration.minutes(5),
        )

    def _lead(self, authorizer: apigateway.TokenAuthorizer) -> None:
        """Lead three kinds of requests to the load balancer."""
        anything = self.api.root.add_resource("v1").add_resource("{proxy+}")
        ready = self.api.root.add_resource("readyz")
        keyed = [
            self._method(anything, "ANY", "/v1/{proxy}", authorizer),
            self._method(ready, "GET", "/readyz", authorizer),
        ]
        # A browser asks for leave without a key; the service answers that for its own origins.
        leave = self._method(anything, "OPTIONS", "/v1/{proxy}", None)
        for method in keyed:
            accept(
                method,
                {
                    "AwsSolutions-COG4": "Clients are programs with keys, not people with "
                    "accounts: a Lambda authorizer and the usage plan decide."
                },
            )
        accept(
            leave,
            dict.fromkeys(
                ("AwsSolutions-APIG4", "AwsSolutions-COG4"),
                "A browser's question for leave (CORS) carries no key by design, and "
                "its answer no data.",
            ),
        )

    def _method(
        self,
        resource: apigateway.Resource,
        verb: str,
        path: str,
        authorizer: apigateway.TokenAuthorizer | None,
    ) -> apigateway.Method:
        balancer, has_proxy = self._balancer, "{proxy}" in path
        parameters: dict[str, str] = {}
        if has_proxy:
            parameters["integration.request.path.proxy"] = "method.request.path.proxy"
        if authorizer is not None:
            parameters["integration.request.header.Authorization"] = (
                "context.authorizer.serviceAuthorization"
            )
        address = (
            f"http://{balancer.load_balancer_dns_name}"
            if self._host is None
            else f"https://{self._host}"
        )
        method = resource.add_method(
            verb,
            apigateway.Integration(
                type=apigateway.IntegrationType.HTTP_PROXY,
                integration_http_method=verb,
                uri=f"{address}{path}",
                options=apigateway.IntegrationOptions(
                    request_parameters=parameters,
                    # Events of an analysis must not wait for its end, which may take minutes.
                    response_transfer_mode=apigateway.ResponseTransferMode.STREAM,
                    timeout=Duration.seconds(_STREAM_S),
                ),
            ),
            authorizer=authorizer,
            authorization_type=(
                apigateway.AuthorizationType.NONE
                if authorizer is None
                else apigateway.AuthorizationType.CUSTOM
            ),
            api_key_required=authorizer is not None,
            request_parameters={"method.request.path.proxy": True} if has_proxy else None,
        )
        # The CDK's own class knows links to network load balancers only.
        link = {
            "ConnectionType": "VPC_LINK",
            "ConnectionId": self._link.vpc_link_id,
            "IntegrationTarget": balancer.load_balancer_arn,
        }
        template = method.node.default_child
        if not isinstance(template, CfnResource):
            raise TypeError(f"{method.node.path} is no resource of a template.")
        for name, value in link.items():
            template.add_property_override(f"Integration.{name}", value)
        # A deployment is a snapshot of the methods; a change of theirs must make a new one.
        if self.api.latest_deployment is not None:
            self.api.latest_deployment.add_to_logical_id(link)
        return method

    def _name(self, choices: Choices) -> None:
        """Give the gateway a name of the operator's own, without a path."""
        if choices.public_host is None or choices.public_certificate_arn is None:
            CfnOutput(self, "Address", value=self.api.url)
            return
        domain = self.api.add_domain_name(
            "Name",
            domain_name=choices.public_host,
            certificate=acm.Certificate.from_certificate_arn(
                self, "Certificate", choices.public_certificate_arn
            ),
            endpoint_type=apigateway.EndpointType.REGIONAL,
            security_policy=apigateway.SecurityPolicy.TLS_1_2,
        )
        CfnOutput(self, "Address", value=f"https://{choices.public_host}/")
        CfnOutput(self, "NameLeadsTo", value=domain.domain_name_alias_domain_name)

    def _hand_out_keys(self) -> None:
        stage = self._stage
        plan = self.api.add_usage_plan(
            "Clients",
            name=f"{stage.prefix}-clients",
            description="What one key may ask",
            throttle=apigateway.ThrottleSettings(
                rate_limit=stage.rate_per_s, burst_limit=stage.burst
            ),
            quota=apigateway.QuotaSettings(
                limit=stage.requests_a_day, period=apigateway.Period.DAY
            ),
            api_stages=[
                apigateway.UsagePlanPerApiStage(api=self.api, stage=self.api.deployment_stage)
            ],
        )
        key = self.api.add_api_key("PanelKey", api_key_name=f"{stage.prefix}-panel")
        plan.add_api_key(key)
        CfnOutput(self, "PanelKeyId", value=key.key_id)
        CfnOutput(self, "UsagePlanId", value=plan.usage_plan_id)
