"""What each role may ask of the stream's two queues, and no more. Imports nothing.

`tests/stream/test_queue_rights.py` has our own code ask SQS for everything that the role's programs
ask, and compares; `infra/tests/test_rights.py` compares with the templates.
"""

from __future__ import annotations

POLLER = {
    "comments": ("sqs:GetQueueAttributes", "sqs:SendMessage"),
    # How much waits is asked of both queues.
    "dead": ("sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
}
"""By queue. The poller sends, and looks first how much waits."""

INSTANCE = {
    "comments": (
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
    ),
    # `sentiment stream status` looks at what lies there, and leaves it there.
    "dead": (
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
    ),
}
"""By queue. A worker takes, holds, ends and sets aside; an operator looks."""
