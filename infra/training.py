"""Training on a GPU: a launch template to start a machine from, and the bucket that it works in.

No machine runs by itself: an operator starts one from the template for a training and it ends
with it (docs/deploy.md). What it trained, and MLflow's files, are kept in the bucket.
"""

from __future__ import annotations

from aws_cdk import CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.accepted import ANY_RESOURCE, accept, objects_of
from infra.config import Choices, StageConfig
from infra.foundation import FoundationStack
from infra.instance import allow_session_manager
from infra.network import NetworkStack
from infra.user_data import filled

_GPU_TYPE = "g6.xlarge"
_DISK_GB = 150
# Amazon's image with driver, Docker and the container toolkit for NVIDIA.
_GPU_IMAGE = (
    "/aws/service/deeplearning/ami/x86_64/"
    "base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id"
)
_LONGEST_HOURS = 12


class TrainingStack(Stack):
    """Bucket, role and launch template.

    Attributes:
        artefacts: `outputs/` for what was trained, `mlflow/` for MLflow, `drift/` for drift's
            reference, `dvc/` for a remote of DVC where an operator makes one.
        template: one NVIDIA L4 for `accelerate launch`; it ends itself after twelve hours.
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
        network: NetworkStack,
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        self.artefacts = s3.Bucket(
            self,
            "Artefacts",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=foundation.access_logs,
            server_access_logs_prefix="artefacts/",
            lifecycle_rules=[
                s3.LifecycleRule(
                    noncurrent_version_expiration=Duration.days(90),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        role = self._role(foundation)
        group = ec2.SecurityGroup(
            self,
            "Group",
            vpc=network.vpc,
            description="Training; nobody may speak to it",
            # Out to AWS, to the package registry and to the hub that base models come from.
            allow_all_outbound=True,
        )
        self.template = ec2.LaunchTemplate(
            self,
            "Template",
            launch_template_name=f"{stage.prefix}-training",
            machine_image=ec2.MachineImage.from_ssm_parameter(_GPU_IMAGE),
            instance_type=ec2.InstanceType(_GPU_TYPE),
            role=role,
            security_group=group,
            require_imdsv2=True,
            http_put_response_hop_limit=1,
            # Powering off is the end: a machine that is forgotten costs half a day at most.
            instance_initiated_shutdown_behavior=ec2.InstanceInitiatedShutdownBehavior.TERMINATE,
            block_devices=[
                ec2.BlockDevice(
                    device_name="/dev/xvda",
                    volume=ec2.BlockDeviceVolume.ebs(
                        _DISK_GB, encrypted=True, volume_type=ec2.EbsDeviceVolumeType.GP3
                    ),
                )
            ],
            user_data=ec2.UserData.custom(self._script(choices, foundation)),
        )
        CfnOutput(self, "ArtefactBucket", value=self.artefacts.bucket_name)
        CfnOutput(self, "TemplateName", value=f"{stage.prefix}-training")

    def _script(self, choices: Choices, foundation: FoundationStack) -> str:
        images = foundation.training_images
        return filled(
            "training.sh",
            {
                "LONGEST_MINUTES": str(60 * _LONGEST_HOURS),
                "REGION": self.region,
                "REGISTRY": images.registry_uri,
                "IMAGE": f"{images.repository_uri}:{choices.training_image}",
                "BUCKET": self.artefacts.bucket_name,
            },
        )

    def _role(self, foundation: FoundationStack) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            description="Machines that train",
        )
        allow_session_manager(role)
        foundation.training_images.grant_pull(role)
        role.add_to_policy(
            iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self.artefacts.bucket_arn])
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=[
                    "s3:AbortMultipartUpload",
                    "s3:DeleteObject",
                    "s3:GetObject",
                    "s3:PutObject",
                ],
                resources=[self.artefacts.arn_for_objects("*")],
            )
        )
        accept(
            role,
            {
                ANY_RESOURCE: "Session Manager, DescribeTags and ECR's GetAuthorizationToken "
                "name no resource in IAM.",
                objects_of(self.artefacts): "DVC and MLflow name files by their digests, runs "
                "what they trained by its configuration; nothing else is in that bucket.",
            },
        )
        return role
