"""PostgreSQL and every secret."""

from __future__ import annotations

from aws_cdk import Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.accepted import accept
from infra.config import DATABASE_PARAMETERS, StageConfig
from infra.network import POSTGRESQL_PORT, NetworkStack
from infra.retention import retention_of

_DATABASE = "sentiment"
_TOKEN_CHARACTERS = 48
_NO_ROTATION = (
    "Whoever reads this secret reads it at start, so a rotation needs a release in the same step: "
    "docs/deploy.md, 'Changing a secret'. A rotation on its own would cut the service off."
)


class DataStack(Stack):
    """The store and the secrets; the one stack that can't be made again.

    Attributes:
        database: PostgreSQL, in subnets without a way out.
        database_secret: user, password, host, port and name of the database.
        youtube_key: the operator puts the key in.
        api_token: what the gateway shows the service; nobody outside knows it.
        admin_token: of `/v1/admin/`, which the gateway does not lead to.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: Environment,
        stage: StageConfig,
        network: NetworkStack,
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        self.database = self._database(stage, network)
        secret = self.database.secret
        if secret is None:
            raise RuntimeError("RDS made no secret for the database's user.")
        self.database_secret: secretsmanager.ISecret = secret
        self.youtube_key = self._secret(stage, "YouTubeKey", "youtube-api-key")
        self.api_token = self._secret(stage, "ApiToken", "api-token")
        self.admin_token = self._secret(stage, "AdminToken", "admin-token")
        accept(self, {"AwsSolutions-SMG4": _NO_ROTATION})

    def _database(self, stage: StageConfig, network: NetworkStack) -> rds.DatabaseInstance:
        engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17_9)
        name = f"{stage.prefix}-store"
        # Made before the database, which would make one that never forgets.
        log = logs.LogGroup(
            self,
            "StoreLog",
            log_group_name=f"/aws/rds/instance/{name}/postgresql",
            retention=retention_of(stage),
            removal_policy=RemovalPolicy.DESTROY,
        )
        database = rds.DatabaseInstance(
            self,
            "Store",
            instance_identifier=name,
            engine=engine,
            instance_type=ec2.InstanceType(stage.database_class),
            vpc=network.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            security_groups=[network.database],
            publicly_accessible=False,
            port=POSTGRESQL_PORT,
            database_name=_DATABASE,
            credentials=rds.Credentials.from_generated_secret(
                _DATABASE, secret_name=f"sentiment/{stage.name}/database"
            ),
            storage_encrypted=True,
            storage_type=rds.StorageType.GP3,
            allocated_storage=stage.database_gb,
            max_allocated_storage=4 * stage.database_gb,
            multi_az=stage.multi_az,
            backup_retention=Duration.days(stage.backup_days),
            copy_tags_to_snapshot=True,
            deletion_protection=stage.keeps_data,
            removal_policy=RemovalPolicy.SNAPSHOT,
            auto_minor_version_upgrade=True,
            iam_authentication=False,
            cloudwatch_logs_exports=["postgresql"],
            parameter_group=rds.ParameterGroup(
                self,
                "Parameters",
                engine=engine,
                parameters=DATABASE_PARAMETERS,
            ),
        )
        database.node.add_dependency(log)
        accept(
            database,
            {"AwsSolutions-RDS11": "The port is no secret: only two security groups reach it."},
        )
        if not stage.keeps_data:
            accept(
                database,
                {
                    "AwsSolutions-RDS3": "Staging does without a second database: it costs as "
                    "much again, and an hour without staging harms nobody.",
                    "AwsSolutions-RDS10": "Staging is made and removed by its stack; a last "
                    "snapshot is kept.",
                },
            )
        return database

    def _secret(self, stage: StageConfig, construct_id: str, name: str) -> secretsmanager.Secret:
        return secretsmanager.Secret(
            self,
            construct_id,
            secret_name=f"sentiment/{stage.name}/{name}",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=_TOKEN_CHARACTERS, exclude_punctuation=True
            ),
            removal_policy=(RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY),
        )
