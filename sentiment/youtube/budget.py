"""What one fetch may spend, quota units and time, and how it ends. Standard library only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import StrEnum

_POLL_S = 0.05


class Ending(StrEnum):
    """Why a fetch ended without an error."""

    END = "end"
    """The last page was read."""
    KNOWN = "known"
    """The caller holds what follows: all top-level comments of the last page were known."""
    COUNT = "count"
    UNITS = "units"
    TIME = "time"
    STOPPED = "stopped"
    REPEATED_TOKEN = "repeated_token"  # noqa: S105 - no secret
    """YouTube gave the token of a page that was read already."""


class BudgetEndedError(Exception):
    """Ends work that has no budget left; never leaves `sentiment.youtube`.

    Attributes:
        ending: `UNITS`, `TIME` or `STOPPED`.
    """

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


def spend_freely(units: int) -> None:
    """Let any number of units be spent: the hook of those who keep no account."""


class Budget:
    """Counts the units of one fetch and knows when to stop. Thread-safe.

    Args:
        max_units: the most quota units to spend, >= 1.
        deadline_s: seconds from now, > 0.
        spend: called before each request with the units that it costs; what it raises ends the
            fetch. Never called by two threads at once.
        stop: ends the fetch when somebody sets it.

    Attributes:
        units_spent: units so far.

    Raises:
        ValueError: a limit is out of its range.
    """

    def __init__(
        self,
        *,
        max_units: int,
        deadline_s: float,
        spend: Callable[[int], None] = spend_freely,
        stop: threading.Event | None = None,
    ) -> None:
        if max_units < 1:
            raise ValueError(f"max_units must be 1 or more, found {max_units}")
        if deadline_s <= 0:
            raise ValueError(f"deadline_s must be above 0, found {deadline_s}")
        self.units_spent = 0
        self._max_units = max_units
        self._ends_at_s = time.monotonic() + deadline_s
        self._spend = spend
        self._stop = threading.Event() if stop is None else stop
        self._halted = threading.Event()
        self._lock = threading.Lock()

    @property
    def units_left(self) -> int:
        """Units that may still be spent."""
        return self._max_units - self.units_spent

    def charge(self) -> None:
        """Account for one request, right before it is sent.

        Raises:
            BudgetEndedError: nothing may be sent any more; nothing was spent.
        """
        with self._lock:
            ending = self.ending()
            if ending is not None:
                raise BudgetEndedError(ending)
            self._spend(1)
            self.units_spent += 1

    def ending(self, *, after_s: float = 0.0) -> Ending | None:
        """Return why no request could be sent after a wait of `after_s` seconds; None if it can."""
        if self.is_stopped():
            return Ending.STOPPED
        if time.monotonic() + after_s >= self._ends_at_s:
            return Ending.TIME
        return None if self.units_left > 0 else Ending.UNITS

    def check(self) -> None:
        """Raise BudgetEndedError when the fetch was stopped or its time is up."""
        ending = self.ending()
        if ending in {Ending.STOPPED, Ending.TIME}:
            raise BudgetEndedError(ending)

    def is_stopped(self) -> bool:
        """Say whether the caller or `halt` has stopped the fetch."""
        return self._stop.is_set() or self._halted.is_set()

    def halt(self) -> None:
        """Stop the fetch from within: all that waits or would be sent ends."""
        self._halted.set()

    def sleep(self, seconds: float) -> None:
        """Wait; return at once when the fetch is stopped."""
        wakes_at_s = time.monotonic() + seconds
        while not self.is_stopped() and (left_s := wakes_at_s - time.monotonic()) > 0:
            self._stop.wait(min(left_s, _POLL_S))
