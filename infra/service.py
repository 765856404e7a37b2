"""The service: load balancer, instances, alarms that roll a release back, blue-green fleet."""

from __future__ import annotations

from aws_cdk import CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.config import (
    READY_PATH,
    REQUEST_TIMEOUT_S,
    SERVICE_PORT,
    STOP_TIMEOUT_S,
    Choices,
    StageConfig,
)
from infra.fleet import Fleet
from infra.instance import Instances, Surroundings

GATEWAY_STAGE = "api"
"""Name of the gateway's stage; no path of the service begins with it."""


class ServiceStack(Stack):
    """What answers requests.

    Attributes:
        balancer: inside the network; the gateway speaks to it.
        listener: its one listener.
        targets: the instances that take traffic; CodeDeploy registers and deregisters them.
        rollback_alarms: a release that raises one is taken back.
        fleet: the deployment group and the auto-scaling group that it points to.
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
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        self._stage = stage
        revisions = self._revision_bucket(around.foundation.access_logs)
        instances = Instances(
            self, "Instances", stage=stage, choices=choices, around=around, revisions=revisions
        )
        self.balancer = self._balancer(around)
        self.targets = self._targets(around.network.vpc)
        self.listener = self._listener(choices)
        self.rollback_alarms = self._alarms()
        for alarm in self.rollback_alarms:
            alarm.add_alarm_action(actions.SnsAction(around.foundation.alarms))
        self.fleet = Fleet(
            self,
            "Fleet",
            stage=stage,
            vpc=around.network.vpc,
            instances=instances,
            targets=self.targets,
            alarms=self.rollback_alarms,
            foundation=around.foundation,
        )
        # Instances are registered with a target group that a listener leads to.
        self.fleet.node.add_dependency(self.listener)
        # `release.sh` asks for these.
        CfnOutput(self, "RevisionBucket", value=revisions.bucket_name)
        CfnOutput(self, "ApplicationName", value=self.fleet.application.application_name)
        CfnOutput(self, "DeploymentGroup", value=self.fleet.group_name)

    def _revision_bucket(self, access_logs: s3.IBucket) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Revisions",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix="revisions/",
            removal_policy=(
                RemovalPolicy.RETAIN if self._stage.keeps_data else RemovalPolicy.DESTROY
            ),
        )

    def _balancer(self, around: Surroundings) -> elbv2.ApplicationLoadBalancer:
        balancer = elbv2.ApplicationLoadBalancer(
            self,
            "Balancer",
            vpc=around.network.vpc,
            internet_facing=False,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            security_group=around.network.balancer,
            drop_invalid_header_fields=True,
            deletion_protection=self._stage.keeps_data,
            # An answer may take its time; the service itself gives up before this.
            idle_timeout=Duration.seconds(REQUEST_TIMEOUT_S + 10),
        )
        balancer.log_access_logs(around.foundation.access_logs, prefix="balancer")
        return balancer

    def _targets(self, vpc: ec2.IVpc) -> elbv2.ApplicationTargetGroup:
        return elbv2.ApplicationTargetGroup(
            self,
            "Targets",
            target_group_name=f"{self._stage.prefix}-service",
            vpc=vpc,
            port=SERVICE_PORT,
            protocol=elbv2.ApplicationProtocol.HTTP,
            target_type=elbv2.TargetType.INSTANCE,
            # What an instance has accepted is answered before it is stopped.
            deregistration_delay=Duration.seconds(STOP_TIMEOUT_S),
            health_check=elbv2.HealthCheck(
                path=READY_PATH,
                healthy_http_codes="200",
                interval=Duration.seconds(10),
                timeout=Duration.seconds(5),
                healthy_threshold_count=2,
                unhealthy_threshold_count=3,
            ),
        )

    def _listener(self, choices: Choices) -> elbv2.ApplicationListener:
        secure = choices.internal_certificate_arn is not None
        listener = self.balancer.add_listener(
            "Listener",
            port=443 if secure else 80,
            protocol=(
                elbv2.ApplicationProtocol.HTTPS if secure else elbv2.ApplicationProtocol.HTTP
            ),
            ssl_policy=elbv2.SslPolicy.TLS13_RES if secure else None,
            certificates=(
                [elbv2.ListenerCertificate.from_arn(choices.internal_certificate_arn)]
                if choices.internal_certificate_arn is not None
                else None
            ),
            open=False,
            default_action=elbv2.ListenerAction.forward([self.targets]),
        )
        # The gateway puts the name of its stage before the path that it sends here.
        elbv2.CfnListenerRule(
            self,
            "WithoutStage",
            listener_arn=listener.listener_arn,
            priority=1,
            conditions=[
                elbv2.CfnListenerRule.RuleConditionProperty(
                    field="path-pattern",
                    path_pattern_config=elbv2.CfnListenerRule.PathPatternConfigProperty(
                        values=[f"/{GATEWAY_STAGE}/*"]
                    ),
                )
            ],
            transforms=[
                elbv2.CfnListenerRule.TransformProperty(
                    type="url-rewrite",
                    url_rewrite_config=elbv2.CfnListenerRule.RewriteConfigObjectProperty(
                        rewrites=[
                            elbv2.CfnListenerRule.RewriteConfigProperty(
                                regex=f"^/{GATEWAY_STAGE}/(.*)$", replace="/$1"
                            )
                        ]
                    ),
                )
            ],
            actions=[
                elbv2.CfnListenerRule.ActionProperty(
                    type="forward", target_group_arn=self.targets.target_group_arn
                )
            ],
        )
        return listener

    def _alarms(self) -> tuple[cloudwatch.Alarm, ...]:
        stage, minute = self._stage, Duration.minutes(1)
        metrics = self.targets.metrics
        slow = metrics.target_response_time(statistic="p95", period=minute)
        unhealthy = metrics.unhealthy_host_count(statistic="Maximum", period=minute)
        return (
            self._alarm(
                "Errors",
                self._failed_percent(minute),
                stage.error_percent,
                f"More than {stage.error_percent:g} % of answers are 5xx.",
            ),
            self._alarm(
                "Latency",
                slow,
                stage.slow_s,
                f"p95 of the time to headers over {stage.slow_s:g} s.",
            ),
            self._alarm("Unhealthy", unhealthy, 0, f"An instance fails {READY_PATH}."),
        )

    def _failed_percent(self, period: Duration) -> cloudwatch.MathExpression:
        """Return the share of answers that are 5xx, the service's and the load balancer's own.

        The latter answers (502 to 504) for a process that ends under a request, or that is gone.
        """
        counts: dict[str, cloudwatch.IMetric] = {
            "errors": self.targets.metrics.http_code_target(
                elbv2.HttpCodeTarget.TARGET_5XX_COUNT, period=period
            ),
            "unanswered": self.balancer.metrics.http_code_elb(
                elbv2.HttpCodeElb.ELB_5XX_COUNT, period=period
            ),
            "requests": self.targets.metrics.request_count(period=period),
        }
        # A count of nothing is not reported, and what is reckoned with it would be missing too.
        failed = "FILL(errors, 0) + FILL(unanswered, 0)"
        # `requests` lacks those for which there was no instance. The others that the load balancer
        # answered are in it and count twice, which makes a small share a little smaller.
        answers = "FILL(requests, 0) + FILL(unanswered, 0)"
        return cloudwatch.MathExpression(
            expression=f"100 * ({failed}) / IF(({answers}) > 0, {answers}, 1)",
            label="5xx, percent",
            period=period,
            using_metrics=counts,
        )

    def _alarm(
        self, name: str, metric: cloudwatch.IMetric, threshold: float, description: str
    ) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            f"{name}Alarm",
            # Named, because a deployment group knows alarms by their name.
            alarm_name=f"{self._stage.prefix}-{name.lower()}",
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=5,
            datapoints_to_alarm=3,
            # No traffic is no trouble.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
