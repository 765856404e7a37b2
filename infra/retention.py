"""Log groups that forget."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import StageConfig

_RETENTION = {30: logs.RetentionDays.ONE_MONTH, 90: logs.RetentionDays.THREE_MONTHS}


def retention_of(stage: StageConfig) -> logs.RetentionDays:
    """Return how long a stage's logs are kept."""
    return _RETENTION[stage.log_days]


def log_group(
    scope: Construct, construct_id: str, *, stage: StageConfig, name: str
) -> logs.LogGroup:
    """Make a log group `/sentiment/STAGE/NAME` with the stage's retention.

    CloudWatch encrypts every log group with a key of its own.
    """
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=f"/sentiment/{stage.name}/{name}",
        retention=retention_of(stage),
        removal_policy=RemovalPolicy.DESTROY,
    )
