"""The one face of every queue, and what it promises.

Each message is handed out at least once, in no particular order; a worker that takes one and is
not heard of again loses it to the next after a time. Nothing is lost, and what comes twice must
do no harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sentiment.store.records import DeadLetter, QueueCounts
from sentiment.stream.messages import CommentBatch

MAX_RECEIVED = 10
"""Messages of one call; no queue gives more."""
MAX_RECEPTIONS = 5
"""A message that was received so often and is still there does harm to who takes it."""
SUSPECT_RECEPTIONS = 3
"""A message that was received so often is worked off alone: it may be what ended its workers."""
VISIBILITY_S = 60.0
"""Seconds after which a message that was taken and not heard of goes to the next worker."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message in a worker's hands.

    Attributes:
        receipt: names this reception to the queue.
        body: as it was sent, unread.
        n_received: receptions so far, this one included.
    """

    receipt: str
    body: str
    n_received: int


class CommentQueue(Protocol):
    """A queue of messages. Thread-safe.

    Every method raises `QueueError` where the queue can't be reached, and works again once it
    can. Receipts of messages that have gone to another worker meanwhile are left out in silence.
    """

    def send(self, batches: Sequence[CommentBatch]) -> None:
        """Queue messages. Where it raises, some may have been queued: send all of them again."""

    def receive(self, max_messages: int, *, wait_s: float) -> list[Received]:
        """Take messages, and wait for the first.

        Args:
            max_messages: in [1, `MAX_RECEIVED`].
            wait_s: seconds to wait where there is none, >= 0.
        """

    def ack(self, receipts: Sequence[str]) -> None:
        """Remove messages that are done."""

    def extend(self, receipts: Sequence[str], *, seconds: float) -> None:
        """Keep messages from other workers for so many seconds from now, > 0."""

    def put_back(self, receipts: Sequence[str]) -> None:
        """Give messages to the next worker at once."""

    def unreceive(self, receipts: Sequence[str]) -> bool:
        """Give messages to the next worker as if they had not been received.

        Returns:
            Whether that was done; where the queue can't take a reception back, they stay in hand.
        """

    def bury(self, letters: Sequence[tuple[Received, str]]) -> None:
        """Set messages aside that can't be worked on, each with the reason."""

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return messages that were set aside, without taking them."""

    def counts(self) -> QueueCounts:
        """Return how the queue stands; of a distributed queue, roughly."""
