"""The daily look for drift: `sentiment drift check` as a task of Fargate.

It needs the whole environment, not the service's, and two minutes a day: a container that lives
as long as the check costs less than a cent. How it ended is its exit code, and that is what is
watched: 16 is drift, 17 too little to tell, anything else but 0 a failure (`sentiment drift check
--help`). SENTIMENT_ALARM_SNS_TOPIC stays unset: rules tell the topic, also of checks that failed.
"""

from __future__ import annotations

from pathlib import Path

from aws_cdk import CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.accepted import ANY_RESOURCE, WILDCARD, accept, reference_of
from infra.config import Choices, StageConfig
from infra.instance import Surroundings
from infra.retention import log_group
from infra.training import TrainingStack

DRIFT = 16
TOO_LITTLE = 17
FOLDER = "drift"
FILES = ("reference.json", "state.json", "report.html")
"""In `FOLDER` of the bucket of artefacts: made once by docs/deploy.md; what the looks before
remember; the newest page."""

_CHECK = Path(__file__).resolve().parent / "runtime" / "drift_check.py"


class DriftStack(Stack):
    """Cluster, task, schedule and the rules that read its exit code.

    Attributes:
        found: rule of drift; CloudWatch counts how often it matched.
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
        training: TrainingStack,
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        cluster = ecs.Cluster(
            self,
            "Cluster",
            vpc=around.network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENABLED,
        )
        task = self._task(stage, choices, around, training)
        events.Rule(
            self,
            "Schedule",
            description="Looks for drift once a day, when the day before is whole",
            schedule=events.Schedule.cron(hour="2", minute="0"),
            targets=[
                targets.EcsTask(
                    cluster=cluster,
                    task_definition=task,
                    subnet_selection=ec2.SubnetSelection(
                        subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS
                    ),
                    security_groups=[around.network.jobs],
                )
            ],
        )
        accept(
            task,
            {
                f"{WILDCARD}[Resource::arn:<AWS::Partition>:ecs:{self.region}:*:task/"
                f"{reference_of(cluster)}>/*]": "A task's id is known once it runs; the rule may "
                "touch tasks of this cluster alone."
            },
        )
        # docs/deploy.md makes the reference with these.
        CfnOutput(self, "ClusterName", value=cluster.cluster_name)
        CfnOutput(self, "TaskArn", value=task.task_definition_arn)
        self.found = self._ended(
            "Found",
            cluster,
            {"containers": {"exitCode": [DRIFT]}},
            around.foundation.alarms,
            "The comments have drifted.",
        )
        self._ended(
            "Failed",
            cluster,
            {"containers": {"exitCode": [{"anything-but": [0, DRIFT, TOO_LITTLE]}]}},
            around.foundation.alarms,
            "The look for drift failed.",
        )
        self._ended(
            "NotStarted",
            cluster,
            {"stopCode": ["TaskFailedToStart"]},
            around.foundation.alarms,
            "The look for drift could not start.",
        )

    def _task(
        self,
        stage: StageConfig,
        choices: Choices,
        around: Surroundings,
        training: TrainingStack,
    ) -> ecs.FargateTaskDefinition:
        execution = iam.Role(
            self,
            "StartRole",
            assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"),
            description="Pulls the image, reads the secret, opens the log",
        )
        task = ecs.FargateTaskDefinition(
            self,
            "Task",
            cpu=1024,
            memory_limit_mib=4096,
            # The image that trains is large.
            ephemeral_storage_gib=50,
            execution_role=execution,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=ecs.CpuArchitecture.X86_64,
                operating_system_family=ecs.OperatingSystemFamily.LINUX,
            ),
        )
        task.apply_removal_policy(RemovalPolicy.DESTROY)
        task.task_role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject", "s3:PutObject"],
                resources=[
                    training.artefacts.arn_for_objects(f"{FOLDER}/{name}") for name in FILES
                ],
            )
        )
        task.task_role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["s3:ListBucket"],
                resources=[training.artefacts.bucket_arn],
                conditions={"StringLike": {"s3:prefix": [f"{FOLDER}/*"]}},
            )
        )
        task.add_container(
            "check",
            image=ecs.ContainerImage.from_ecr_repository(
                around.foundation.training_images, choices.training_image
            ),
            entry_point=["python", "-c"],
            command=[
                _CHECK.read_text(encoding="utf-8"),
                f"{training.artefacts.bucket_name}/{FOLDER}",
            ],
            secrets={"DATABASE": ecs.Secret.from_secrets_manager(around.data.database_secret)},
            logging=ecs.LogDrivers.aws_logs(
                stream_prefix="check",
                log_group=log_group(self, "Log", stage=stage, name="drift"),
            ),
            stop_timeout=Duration.seconds(30),
        )
        accept(
            execution,
            {ANY_RESOURCE: "ECR's GetAuthorizationToken names no resource in IAM."},
        )
        return task

    def _ended(
        self,
        name: str,
        cluster: ecs.Cluster,
        how: dict[str, object],
        alarms: sns.ITopic,
        message: str,
    ) -> events.Rule:
        return events.Rule(
            self,
            name,
            description=message,
            event_pattern=events.EventPattern(
                source=["aws.ecs"],
                detail_type=["ECS Task State Change"],
                detail={
                    "clusterArn": [cluster.cluster_arn],
                    "lastStatus": ["STOPPED"],
                    **how,
                },
            ),
            targets=[targets.SnsTopic(alarms, message=events.RuleTargetInput.from_text(message))],
        )
