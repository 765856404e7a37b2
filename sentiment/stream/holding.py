"""Keeps the messages that a worker has in hand from other workers, however long it takes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType

from sentiment.errors import QueueError
from sentiment.stream.queue import CommentQueue, Received

_log = logging.getLogger(__name__)


class Holding:
    """Extends what is in hand, in a thread of its own, while the `with` block runs.

    Args:
        queue: that gave the messages.
        visibility_s: seconds that each extension lasts, > 0; three come within each.
    """

    def __init__(self, queue: CommentQueue, *, visibility_s: float) -> None:
        self._queue = queue
        self._visibility_s = visibility_s
        self._receipts: list[str] = []
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, name="holding", daemon=True)

    def __enter__(self) -> Holding:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()

    @contextmanager
    def hold(self, messages: Sequence[Received]) -> Iterator[None]:
        """Keep messages while the block runs."""
        with self._lock:
            self._receipts = [message.receipt for message in messages]
        try:
            yield
        finally:
            with self._lock:
                self._receipts = []

    def _work(self) -> None:
        while not self._end.wait(self._visibility_s / 3):
            # Under the lock: what was given back must not be taken again.
            with self._lock:
                if not self._receipts:
                    continue
                try:
                    self._queue.extend(self._receipts, seconds=self._visibility_s)
                except QueueError as error:
                    _log.warning("messages in hand could not be kept: %s", error)
