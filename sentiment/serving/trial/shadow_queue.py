"""Texts that the champion has labelled, on their way to the candidate."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from sentiment.comments import Prediction

_MAX_TEXTS = 2_048
_MAX_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class ShadowBatch:
    """Texts with what the champion says of them. In memory only, and for seconds.

    Attributes:
        video_id: whose comments they are.
        texts: not cleaned.
        predictions: the champion's, in order.
        at_s: when they were offered, by the monotonic clock.
    """

    video_id: str
    texts: Sequence[str]
    predictions: Sequence[Prediction]
    at_s: float = field(default_factory=time.monotonic)

    @property
    def n_characters(self) -> int:
        """Of all texts."""
        return sum(map(len, self.texts))


class ShadowQueue:
    """A bounded queue into which nobody waits to put anything. Thread-safe.

    Args:
        max_texts: of all batches in it, > 0.
        max_characters: of all their texts, > 0.
    """

    def __init__(
        self, *, max_texts: int = _MAX_TEXTS, max_characters: int = _MAX_CHARACTERS
    ) -> None:
        self._max_texts = max_texts
        self._max_characters = max_characters
        self._changed = threading.Condition()
        self._batches: deque[ShadowBatch] = deque()
        self._n_texts = 0
        self._n_characters = 0
        self._is_closed = False

    def offer(self, batch: ShadowBatch) -> bool:
        """Put a batch in where there is room; tell whether there was."""
        n_characters = batch.n_characters
        with self._changed:
            has_room = (
                self._n_texts + len(batch.texts) <= self._max_texts
                and self._n_characters + n_characters <= self._max_characters
            )
            if self._is_closed or not has_room:
                return False
            self._batches.append(batch)
            self._n_texts += len(batch.texts)
            self._n_characters += n_characters
            self._changed.notify_all()
        return True

    def take(self, timeout_s: float) -> ShadowBatch | None:
        """Return the oldest batch; None where none comes in time, or the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._batches or self._is_closed, timeout_s)
            if not self._batches:
                return None
            batch = self._batches.popleft()
            self._n_texts -= len(batch.texts)
            self._n_characters -= batch.n_characters
        return batch

    def forget(self, video_id: str) -> None:
        """Drop what is in it of a video."""
        with self._changed:
            kept = [batch for batch in self._batches if batch.video_id != video_id]
            self._batches = deque(kept)
            self._n_texts = sum(len(batch.texts) for batch in kept)
            self._n_characters = sum(batch.n_characters for batch in kept)

    def close(self) -> None:
        """Forget all that is in it, and take nothing more."""
        with self._changed:
            self._is_closed = True
            self._batches.clear()
            self._n_texts = self._n_characters = 0
            self._changed.notify_all()
