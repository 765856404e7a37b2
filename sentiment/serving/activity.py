"""Whether the model works for somebody right now: what nobody waits for works in the pauses."""

from __future__ import annotations

import threading
from types import TracebackType


class Activity:
    """Counts the calls at work; a context manager around each. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._n_calls = 0

    def __enter__(self) -> None:
        """A call begins."""
        with self._changed:
            self._n_calls += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """It ends."""
        with self._changed:
            self._n_calls -= 1
            if self._n_calls == 0:
                self._changed.notify_all()

    def wait_until_idle(self, timeout_s: float) -> bool:
        """Return whether no call is at work, at once or within a time.

        Args:
            timeout_s: >= 0.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._n_calls == 0, timeout_s)
