"""The instances of the service: how they start, what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.accepted import ANY_RESOURCE, accept, objects_of
from infra.config import DRAIN_S, SERVICE_PORT, STOP_TIMEOUT_S, Choices, StageConfig
from infra.data import DataStack
from infra.foundation import FoundationStack
from infra.network import NetworkStack
from infra.queue_rights import INSTANCE
from infra.queues import QueueStack
from infra.retention import log_group
from infra.user_data import render

_DISK_GB = 30


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The stacks that an instance needs something of."""

    foundation: FoundationStack
    network: NetworkStack
    data: DataStack
    queues: QueueStack


def metrics_namespace(stage: StageConfig) -> str:
    """Return the namespace of what the service itself counts."""
    return f"Sentiment/{stage.name}"


class Instances(Construct):
    """A launch template with everything in it: the auto-scaling groups that come and go hold none.

    Attributes:
        template: what every group launches; IMDSv2 only, no SSH, disk encrypted.
        role: of the instances.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: StageConfig,
        choices: Choices,
        around: Surroundings,
        revisions: s3.Bucket,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._log = log_group(self, "Log", stage=stage, name="service")
        self._metrics_log = log_group(self, "MetricsLog", stage=stage, name="metrics")
        self.role = self._role(around, revisions)
        # A worker tells the topic of a turn of mood where one is named.
        self._mood_topic = around.foundation.alarms.topic_arn if choices.mood_alerts else ""
        if choices.mood_alerts:
            around.foundation.allow_telling(self.role)
        cpu = (
            ec2.AmazonLinuxCpuType.ARM_64
            if choices.architecture == "arm64"
            else ec2.AmazonLinuxCpuType.X86_64
        )
        self.template = ec2.LaunchTemplate(
            self,
            "Template",
            launch_template_name=f"{stage.prefix}-service",
            machine_image=ec2.MachineImage.latest_amazon_linux2023(cpu_type=cpu),
            instance_type=ec2.InstanceType(stage.instance_types[choices.architecture]),
            role=self.role,
            security_group=around.network.service,
            require_imdsv2=True,
            http_put_response_hop_limit=1,
            detailed_monitoring=True,
            block_devices=[
                ec2.BlockDevice(
                    device_name="/dev/xvda",
                    volume=ec2.BlockDeviceVolume.ebs(
                        _DISK_GB, encrypted=True, volume_type=ec2.EbsDeviceVolumeType.GP3
                    ),
                )
            ],
            user_data=ec2.UserData.custom(self._script(choices, around)),
        )

    def _script(self, choices: Choices, around: Surroundings) -> str:
        region = Stack.of(self).region
        data, stage = around.data, self._stage
        return render(
            {
                "REGION": region,
                "DATABASE_SECRET": data.database_secret.secret_arn,
                "YOUTUBE_SECRET": data.youtube_key.secret_arn,
                "API_TOKEN_SECRET": data.api_token.secret_arn,
                "ADMIN_TOKEN_SECRET": data.admin_token.secret_arn,
                "LOG_GROUP": self._log.log_group_name,
                "METRICS_LOG_GROUP": self._metrics_log.log_group_name,
                "NAMESPACE": metrics_namespace(stage),
                "PORT": str(SERVICE_PORT),
                "DRAIN_S": str(DRAIN_S),
                "STOP_TIMEOUT_S": str(STOP_TIMEOUT_S),
            },
            environment={
                "AWS_DEFAULT_REGION": region,
                "HOME": "/tmp",  # noqa: S108 - inside a container whose only writable place it is
                "PORT": str(SERVICE_PORT),
                "SENTIMENT_ALARM_SNS_TOPIC": self._mood_topic,
                "SENTIMENT_LOG_FORMAT": "json",
                "SENTIMENT_QUEUE_URL": around.queues.comments.queue_url,
                "SENTIMENT_QUOTA_UNITS": str(stage.quota_units),
                # The gateway holds the clients to their rate, key by key; behind it all of them
                # show the same token, and would share one allowance.
                "SENTIMENT_RATE_LIMIT": "",
                "SENTIMENT_TRUSTED_PROXIES": stage.cidr,
            },
            roles={
                "serve": {
                    "COMMAND": "serve --host 0.0.0.0",
                    "CPU_SHARES": "1024",
                    "MEMORY": "2g",
                },
                # A backlog must not slow requests down: the kernel gives the service four fifths
                # of the processors when both want them.
                "worker": {"COMMAND": "stream worker", "CPU_SHARES": "256", "MEMORY": "1g"},
            },
            image=f"{around.foundation.serving_images.repository_uri}:{choices.first_image}",
        )

    def _role(self, around: Surroundings, revisions: s3.Bucket) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            description="Instances of the service",
        )
        allow_session_manager(role)
        around.foundation.serving_images.grant_pull(role)
        around.queues.allow(role, INSTANCE)
        data = around.data
        for secret in (data.database_secret, data.youtube_key, data.api_token, data.admin_token):
            secret.grant_read(role)
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject", "s3:GetObjectVersion"],
                resources=[revisions.arn_for_objects("*")],
            )
        )
        allow_logging(role, self._log, self._metrics_log)
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],
                conditions={
                    "StringEquals": {"cloudwatch:namespace": metrics_namespace(self._stage)}
                },
            )
        )
        accept(
            role,
            {
                ANY_RESOURCE: "Session Manager, PutMetricData, DescribeTags and "
                "ECR's GetAuthorizationToken name no resource in IAM; metrics are held to the "
                "stage's namespace.",
                objects_of(revisions): "Releases come and go; nothing else is in that bucket.",
            },
        )
        return role


def allow_session_manager(role: iam.Role) -> None:
    """Let an operator open a shell through Systems Manager; there is no SSH.

    These are the messages of Amazon's policy for it, without its right to read every parameter
    of the account.
    """
    role.add_to_policy(
        iam.PolicyStatement(
            actions=[
                "ssm:UpdateInstanceInformation",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
                "ec2:DescribeTags",
            ],
            resources=["*"],
        )
    )


def allow_logging(role: iam.Role, *groups: logs.ILogGroup) -> None:
    """Let a role write streams of some log groups."""
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources=[group.log_group_arn for group in groups],
        )
    )
