"""The day's quota, kept account of also while the store does not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sentiment.serving import metrics
from sentiment.serving.memory import Breaker
from sentiment.serving.wire_analysis import QuotaBody
from sentiment.store.ledger import QuotaLedger


class QuotaAccount:
    """A ledger that outlives its store's bad days. Thread-safe.

    Units that could not be written down are written with the next that can, on the same day, and
    count against its limit.

    Args:
        ledger: in the store, shared by processes.
        breaker: shared by all who use this store.
    """

    def __init__(self, ledger: QuotaLedger, *, breaker: Breaker) -> None:
        self._ledger = ledger
        self._breaker = breaker
        # All of one day. What is in hand is being written just now.
        self._day = ledger.today()
        self._unwritten_units = 0
        self._in_hand_units = 0
        # Never held while the store is asked: one call that hangs would hold up all.
        self._lock = threading.Lock()

    def spend(self, units: int) -> None:
        """Write units down before they are spent.

        Raises:
            QuotaExceededError: they are more than the day has left.
        """
        with self._lock:
            already = self._not_written()
            if already + units > self._ledger.limit:
                raise self._ledger.refusal(already)
            day, owed = self._day, self._unwritten_units + units
            self._unwritten_units = 0
            self._in_hand_units += owed
        unwritten = owed - units  # of a refusal, which spends nothing
        try:
            unwritten = 0 if self._written(lambda: self._ledger.spend(owed)) else owed
        finally:
            with self._lock:
                if self._day == day:
                    self._in_hand_units -= owed
                    self._unwritten_units += unwritten

    def exhausted(self) -> None:
        """Write down that YouTube itself says the day's quota is spent."""
        day = self._ledger.refused_day()
        is_kept = self._written(self._ledger.exhausted)
        with self._lock:
            self._turn_day()
            if self._day == day:
                self._unwritten_units = 0 if is_kept else self._ledger.limit

    def left(self) -> QuotaBody | None:
        """Return what is left of the day's quota; None where the store does not answer."""
        state = self._breaker.call(self._ledger.state, otherwise=None)
        if state is None:
            return None
        with self._lock:
            units_left = max(0, state.units_left - self._not_written())
        metrics.set_quota_left(units_left)
        return QuotaBody(units_left=units_left, resets_at=state.resets_at)

    def _not_written(self) -> int:
        """Return today's units that the store may not know of. Wants the lock."""
        self._turn_day()
        return self._unwritten_units + self._in_hand_units

    def _turn_day(self) -> None:
        today = self._ledger.today()
        if self._day != today:  # units of yesterday are no debt of today
            self._day, self._unwritten_units, self._in_hand_units = today, 0, 0

    def _written(self, write: Callable[[], None]) -> bool:
        """Tell whether something could be written down."""

        def written() -> bool:
            write()
            return True

        return self._breaker.call(written, otherwise=False)
