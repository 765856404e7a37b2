"""Predictions from a function, for use too small for instances: no network, no database, no host.

It labels texts (`POST /predict`, as `/v1/predict`) and nothing else; a start from nothing takes
seconds. On its own it is the whole installation of somebody with a few hundred texts a day.
"""

from __future__ import annotations

import json

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.accepted import accept
from infra.config import Choices, StageConfig
from infra.foundation import FoundationStack
from infra.functions import image_function
from infra.retention import log_group

_HANDLER = "sentiment.serving.lambda_handler.predict"
_RATE_PER_S = 5
_REQUESTS_A_DAY = 5_000
_CONCURRENCY = 5


class SmallInferenceStack(Stack):
    """A function behind a REST API of its own with a key.

    Attributes:
        function: labels texts.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: Environment,
        stage: StageConfig,
        choices: Choices,
        foundation: FoundationStack,
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        self.function: lambda_.Function = image_function(
            self,
            "SmallInference",
            stage=stage,
            choices=choices,
            images=foundation.lambda_images,
            handler=_HANDLER,
            description="Labels texts",
            # One processor: the model runs on one thread, and half the memory is half of it.
            memory_mb=1769,
            timeout=Duration.seconds(29),
            concurrency=_CONCURRENCY,
            environment={"SENTIMENT_LOG_FORMAT": "json"},
        )
        log = log_group(self, "AccessLog", stage=stage, name="small-gateway")
        api = apigateway.RestApi(
            self,
            "Gateway",
            rest_api_name=f"{stage.prefix}-small",
            description="YouTube sentiment, predictions alone",
            cloud_watch_role=False,
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            deploy_options=apigateway.StageOptions(
                stage_name="small",
                throttling_rate_limit=_RATE_PER_S,
                throttling_burst_limit=2 * _RATE_PER_S,
                metrics_enabled=True,
                access_log_destination=apigateway.LogGroupLogDestination(log),
                access_log_format=apigateway.AccessLogFormat.custom(
                    json.dumps(
                        {
                            "request": apigateway.AccessLogField.context_request_id(),
                            "key": apigateway.AccessLogField.context_identity_api_key_id(),
                            "status": apigateway.AccessLogField.context_status(),
                            "ms": apigateway.AccessLogField.context_response_latency(),
                        }
                    )
                ),
            ),
        )
        method = api.root.add_resource("predict").add_method(
            "POST", apigateway.LambdaIntegration(self.function), api_key_required=True
        )
        plan = api.add_usage_plan(
            "Clients",
            name=f"{stage.prefix}-small-clients",
            throttle=apigateway.ThrottleSettings(
                rate_limit=_RATE_PER_S, burst_limit=2 * _RATE_PER_S
            ),
            quota=apigateway.QuotaSettings(limit=_REQUESTS_A_DAY, period=apigateway.Period.DAY),
            api_stages=[apigateway.UsagePlanPerApiStage(api=api, stage=api.deployment_stage)],
        )
        key = api.add_api_key("Key", api_key_name=f"{stage.prefix}-small")
        plan.add_api_key(key)
        accept(
            api,
            {
                "AwsSolutions-APIG2": "The function checks every request against the service's "
                "own models.",
                "AwsSolutions-APIG3": "A key, a rate, a daily allowance and five calls at once "
                "bound what can be asked; a firewall would cost more than the function.",
                "AwsSolutions-APIG6": "The access log has a line a request; the execution log "
                "would hold texts and keys.",
            },
        )
        accept(
            method,
            dict.fromkeys(
                ("AwsSolutions-APIG4", "AwsSolutions-COG4"),
                "A program with a key asks, no person with an account: `x-api-key` and "
                "the usage plan decide.",
            ),
        )
        CfnOutput(self, "Address", value=api.url_for_path("/predict"))
        CfnOutput(self, "KeyId", value=key.key_id)
