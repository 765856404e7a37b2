"""The live stream's queue, and the queue of messages that no worker could take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Environment, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.config import StageConfig

_RECEIVES = 5
_VISIBILITY_S = 120


class QueueStack(Stack):
    """SQS; standard, not FIFO: workers are idempotent by comment id.

    Attributes:
        comments: what the poller fills and the workers empty.
        dead: messages that were received five times and never done.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, env: Environment, stage: StageConfig
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        self.dead = sqs.Queue(
            self,
            "Dead",
            queue_name=f"{stage.prefix}-dead",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        self.comments = sqs.Queue(
            self,
            "Comments",
            queue_name=f"{stage.prefix}-comments",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            # Workers extend it while they score; one that was killed gives its batch back.
            visibility_timeout=Duration.seconds(_VISIBILITY_S),
            receive_message_wait_time=Duration.seconds(20),
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=_RECEIVES, queue=self.dead),
        )

    def allow(self, grantee: iam.IGrantable, rights: Mapping[str, Sequence[str]]) -> None:
        """Let somebody do what a table of `queue_rights.py` names."""
        for queue, actions in rights.items():
            {"comments": self.comments, "dead": self.dead}[queue].grant(grantee, *actions)
