"""What was counted and is not written yet."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from sentiment.rollout.counts import Difference, Seen

_MAX_CALLS = 10_000
_MAX_DIFFERENCES = 5_000
_MAX_FORGOTTEN = 1_000

Write = Callable[[Sequence[Seen], Sequence[Difference]], bool]


class Tally:
    """Calls and differences on their way to the store; bounded, and thread-safe.

    While the store is away more comes than goes: what has no room is lost.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._counted: list[tuple[Seen, Sequence[Difference]]] = []
        self._n_differences = 0
        self._forgotten_at_s: dict[str, float] = {}

    def add(
        self, seen: Seen, differences: Sequence[Difference] = (), *, since_s: float = 0.0
    ) -> None:
        """Take a call in, and the texts that it labels differently.

        Args:
            seen: the call.
            differences: kept while there is room.
            since_s: when its texts were taken from the analysis, by the monotonic clock; what is
                older than `forget` is not taken in. 0 where the analysis itself counts.
        """
        with self._lock:
            if 0 < since_s <= self._forgotten_at_s.get(seen.video_id, 0.0):
                return
            if len(self._counted) < _MAX_CALLS:
                kept = differences[: _MAX_DIFFERENCES - self._n_differences]
                self._counted.append((seen, kept))
                self._n_differences += len(kept)

    def write(self, write: Write) -> bool:
        """Have all written down, and forget it, whether or not that goes well.

        What fails may have been written in spite of it, and must not count twice.

        Args:
            write: tells whether it went well; never raises for a store that is away.

        Returns:
            Whether something was written.
        """
        with self._writing:
            with self._lock:
                counted, self._counted, self._n_differences = self._counted, [], 0
            differences = [one for _, some in counted for one in some]
            return bool(counted) and write([seen for seen, _ in counted], differences)

    def forget(self, video_id: str) -> None:
        """Drop what was counted of a video; afterwards none of it is written any more.

        Waits while something is being written.
        """
        with self._writing, self._lock:
            self._counted = [one for one in self._counted if one[0].video_id != video_id]
            self._n_differences = sum(len(some) for _, some in self._counted)
            while len(self._forgotten_at_s) >= _MAX_FORGOTTEN:
                del self._forgotten_at_s[next(iter(self._forgotten_at_s))]
            self._forgotten_at_s[video_id] = time.monotonic()
