"""The queue that needs no server: in the store's own database."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sentiment.errors import OutOfSpaceError, QueueError, StoreError
from sentiment.store import Store
from sentiment.store.records import DeadLetter, QueueCounts
from sentiment.stream.messages import CommentBatch
from sentiment.stream.queue import VISIBILITY_S, Received

_POLL_S = 0.2


class EmbeddedQueue:
    """See `sentiment.stream.queue.CommentQueue`.

    Args:
        store: an open one; stays the caller's.
        visibility_s: seconds after which a message that was taken goes to the next, > 0.
    """

    def __init__(self, store: Store, *, visibility_s: float = VISIBILITY_S) -> None:
        self._store = store
        self._visibility_s = visibility_s

    def send(self, batches: Sequence[CommentBatch]) -> None:
        """Queue messages, all or none."""
        with _clear_failures():
            self._store.send_messages([(batch.video_id, batch.body()) for batch in batches])

    def receive(self, max_messages: int, *, wait_s: float) -> list[Received]:
        """Take messages, and wait for the first."""
        ends_s = time.monotonic() + wait_s
        while True:
            with _clear_failures():
                found = self._store.receive_messages(max_messages, visibility_s=self._visibility_s)
            left_s = ends_s - time.monotonic()
            if found or left_s <= 0:
                return [
                    Received(f"{one.id}:{one.receipt}", one.body, one.n_received) for one in found
                ]
            time.sleep(min(_POLL_S, left_s))

    def ack(self, receipts: Sequence[str]) -> None:
        """Remove messages that are done."""
        with _clear_failures():
            self._store.finish_messages([_read(receipt) for receipt in receipts])

    def extend(self, receipts: Sequence[str], *, seconds: float) -> None:
        """Keep messages from other workers for longer."""
        with _clear_failures():
            self._store.extend_messages(
                [_read(receipt) for receipt in receipts], visibility_s=seconds
            )

    def put_back(self, receipts: Sequence[str]) -> None:
        """Give messages to the next worker at once."""
        self.extend(receipts, seconds=0)

    def unreceive(self, receipts: Sequence[str]) -> bool:
        """Give messages to the next worker as if they had not been received."""
        with _clear_failures():
            self._store.unreceive_messages([_read(receipt) for receipt in receipts])
        return True

    def bury(self, letters: Sequence[tuple[Received, str]]) -> None:
        """Set messages aside that can't be worked on."""
        with _clear_failures():
            self._store.bury_messages(
                {_read(received.receipt): reason for received, reason in letters}
            )

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return messages that were set aside, the latest first."""
        with _clear_failures():
            return self._store.dead_letters(limit)

    def counts(self) -> QueueCounts:
        """Return how the queue stands, exactly."""
        with _clear_failures():
            return self._store.queue_counts()


def _read(receipt: str) -> tuple[int, str]:
    id_, _, token = receipt.partition(":")
    return int(id_), token


@contextmanager
def _clear_failures() -> Iterator[None]:
    try:
        yield
    except (StoreError, OutOfSpaceError) as error:
        raise QueueError(
            f"The queue in the store fails. {error.message}", hint=error.hint
        ) from error
