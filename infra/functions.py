"""Functions of Lambda: of one file of this repository, and of the Lambda image."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.accepted import ANY_RESOURCE, accept
from infra.config import Choices, StageConfig
from infra.instance import allow_logging
from infra.retention import log_group

_INFRA = Path(__file__).resolve().parent
# In the image; `infra/runtime/with_secrets.py` of this repository.
_ENTRY = ["python", "/opt/with_secrets.py", "-m", "awslambdaric"]
_INTERFACES = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]


def file_function(
    scope: Construct,
    construct_id: str,
    *,
    stage: StageConfig,
    folder: str,
    description: str,
    timeout: Duration,
    environment: Mapping[str, str] | None = None,
) -> tuple[lambda_.Function, iam.Role]:
    """Make a function of `infra/FOLDER/index.py`, which needs nothing but Lambda's own Python.

    Args:
        scope: where it stands.
        construct_id: its name in the tree.
        stage: the stage.
        folder: below `infra/`; its log group is called after it.
        description: one line for the console.
        timeout: of one call.
        environment: variables, no secrets.

    Returns:
        The function and its role, which may write its log and nothing else so far.
    """
    log, role = _log_and_role(
        scope, construct_id, stage=stage, name=folder.replace("_", "-"), description=description
    )
    function = lambda_.Function(
        scope,
        construct_id,
        description=description,
        runtime=lambda_.Runtime.PYTHON_3_14,
        architecture=lambda_.Architecture.ARM_64,
        handler="index.handle",
        code=lambda_.Code.from_asset(str(_INFRA / folder), exclude=["__pycache__", "__init__.py"]),
        role=role,
        timeout=timeout,
        memory_size=256,
        environment=dict(environment or {}),
        log_group=log,
    )
    return function, role


def image_function(
    scope: Construct,
    construct_id: str,
    *,
    stage: StageConfig,
    choices: Choices,
    images: ecr.IRepository,
    handler: str,
    description: str,
    memory_mb: int,
    timeout: Duration,
    concurrency: int,
    environment: Mapping[str, str],
    vpc: ec2.IVpc | None = None,
    group: ec2.ISecurityGroup | None = None,
) -> lambda_.DockerImageFunction:
    """Make a function of the stage's Lambda image.

    Args:
        scope: where it stands.
        construct_id: its name in the tree; its log group is called after it.
        stage: the stage.
        choices: image and architecture.
        images: repository of the image.
        handler: dotted name of the Python function.
        description: one line for the console.
        memory_mb: 1,769 is one processor.
        timeout: of one call.
        concurrency: calls at once at most; a bound on the cost as well.
        environment: variables; `SECRET_…` hold ARNs, see `runtime/with_secrets.py`.
        vpc: network that it stands in; None: outside.
        group: its security group inside.
    """
    log, role = _log_and_role(
        scope, construct_id, stage=stage, name=construct_id.lower(), description=description
    )
    if vpc is not None:
        role.add_to_policy(iam.PolicyStatement(actions=_INTERFACES, resources=["*"]))
        accept(
            role,
            {
                ANY_RESOURCE: "Lambda makes its network interfaces in the "
                "function's name, and these have no name before."
            },
        )
    return lambda_.DockerImageFunction(
        scope,
        construct_id,
        description=description,
        code=lambda_.DockerImageCode.from_ecr(
            images, tag_or_digest=choices.lambda_image, entrypoint=_ENTRY, cmd=[handler]
        ),
        architecture=(
            lambda_.Architecture.ARM_64
            if choices.architecture == "arm64"
            else lambda_.Architecture.X86_64
        ),
        role=role,
        memory_size=memory_mb,
        timeout=timeout,
        reserved_concurrent_executions=concurrency,
        environment={"HOME": "/tmp", **environment},  # noqa: S108 - the one writable place
        log_group=log,
        vpc=vpc,
        vpc_subnets=(
            ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS) if vpc else None
        ),
        security_groups=[group] if group is not None else None,
    )


def _log_and_role(
    scope: Construct, construct_id: str, *, stage: StageConfig, name: str, description: str
) -> tuple[logs.LogGroup, iam.Role]:
    log = log_group(scope, f"{construct_id}Log", stage=stage, name=name)
    role = iam.Role(
        scope,
        f"{construct_id}Role",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        description=description,
    )
    allow_logging(role, log)
    return log, role
