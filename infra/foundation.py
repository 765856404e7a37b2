"""What everything else leans on: images, the topic of alarms, the bucket of access logs, a key."""

from __future__ import annotations

from aws_cdk import CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.accepted import accept, managed
from infra.config import Choices, StageConfig

_IMAGES_KEPT = 20
_GATEWAY_LOGS = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"


class FoundationStack(Stack):
    """Deployed first: the images are pushed to its repositories before anything runs them.

    Attributes:
        serving_images: of the service, its workers and the poller's queue.
        lambda_images: of the functions.
        training_images: of training and of the look for drift.
        alarms: topic that every alarm is told to.
        alarm_key: encrypts it; who publishes must use it.
        access_logs: bucket for access logs of load balancer and buckets.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: Environment,
        stage: StageConfig,
        choices: Choices,
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        self._stage = stage
        self.serving_images = self._repository("serving")
        self.lambda_images = self._repository("lambda")
        self.training_images = self._repository("training")
        self.alarms = self._topic(choices.alarm_email)
        self.access_logs = self._log_bucket()
        self._let_gateways_log()
        for name, images in (
            ("ServingRepository", self.serving_images),
            ("LambdaRepository", self.lambda_images),
            ("TrainingRepository", self.training_images),
        ):
            CfnOutput(self, name, value=images.repository_uri)
        CfnOutput(self, "AlarmTopic", value=self.alarms.topic_arn)

    def allow_telling(self, role: iam.Role) -> None:
        """Let a role publish to the topic of alarms."""
        role.add_to_policy(
            iam.PolicyStatement(actions=["sns:Publish"], resources=[self.alarms.topic_arn])
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[self.alarm_key.key_arn],
            )
        )

    @property
    def _removal(self) -> RemovalPolicy:
        return RemovalPolicy.RETAIN if self._stage.keeps_data else RemovalPolicy.DESTROY

    def _repository(self, name: str) -> ecr.Repository:
        return ecr.Repository(
            self,
            f"{name.capitalize()}Images",
            repository_name=f"{self._stage.prefix}/{name}",
            image_scan_on_push=True,
            # A tag names one image for ever; a rollback by tag is then a rollback by content.
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            encryption=ecr.RepositoryEncryption.AES_256,
            lifecycle_rules=[
                ecr.LifecycleRule(
                    description="Layers that no tag names",
                    tag_status=ecr.TagStatus.UNTAGGED,
                    max_image_age=Duration.days(7),
                    rule_priority=1,
                ),
                # Only releases are counted: what instances start with (`first`) is never removed.
                ecr.LifecycleRule(
                    description=f"All but the last {_IMAGES_KEPT} releases",
                    tag_prefix_list=["release-"],
                    max_image_count=_IMAGES_KEPT,
                    rule_priority=2,
                ),
            ],
            removal_policy=self._removal,
            empty_on_delete=not self._stage.keeps_data,
        )

    def _topic(self, email: str | None) -> sns.Topic:
        self.alarm_key = key = kms.Key(
            self,
            "AlarmKey",
            description="Encrypts alarms on their way",
            enable_key_rotation=True,
            removal_policy=self._removal,
        )
        # Amazon's own key for SNS can't be used by these services. No condition here: not all of
        # them say in whose name they come; the topic's policy asks those that do.
        key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[
                    iam.ServicePrincipal(f"{service}.amazonaws.com")
                    for service in ("cloudwatch", "events", "budgets")
                ],
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                resources=["*"],
            )
        )
        topic = sns.Topic(
            self,
            "Alarms",
            topic_name=f"{self._stage.prefix}-alarms",
            master_key=key,
            enforce_ssl=True,
        )
        for service in ("cloudwatch", "budgets"):
            topic.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
                    actions=["sns:Publish"],
                    resources=[topic.topic_arn],
                    conditions={"StringEquals": {"aws:SourceAccount": self.account}},
                )
            )
        if email is not None:
            topic.add_subscription(subscriptions.EmailSubscription(email))
        return topic

    def _let_gateways_log(self) -> None:
        """Set the account's role for API Gateway's logs: without one no stage may write any."""
        role = iam.Role(
            self,
            "GatewayLogRole",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            description="API Gateway's, for logs of every gateway of this account and region",
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(_GATEWAY_LOGS)],
        )
        accept(
            role,
            {
                managed(_GATEWAY_LOGS): "API Gateway takes a role with exactly these rights on "
                "all log groups, once for account and region."
            },
        )
        account = apigateway.CfnAccount(self, "GatewayAccount", cloud_watch_role_arn=role.role_arn)
        # The other stage may share the account: neither takes the role away from it.
        for kept in (role, account):
            kept.apply_removal_policy(RemovalPolicy.RETAIN)

    def _log_bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "AccessLogs",
            # A load balancer can write to a bucket with this kind of encryption only.
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(self._stage.log_days))],
            removal_policy=self._removal,
        )
        accept(
            bucket,
            {"AwsSolutions-S1": "It holds access logs; logging access to it would never end."},
        )
        return bucket
