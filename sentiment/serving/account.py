"""The day's quota, kept account of also while the store does not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

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
        self._unwritten_units = 0
        self._unwritten_day = ledger.today()
        self._lock = threading.Lock()

    def spend(self, units: int) -> None:
        """Write units down before they are spent.

        Raises:
            QuotaExceededError: they are more than the day has left.
        """
        with self._lock:
            already = self._unwritten()
            owed = already + units
            if owed > self._ledger.limit:
                raise self._ledger.refusal(already)
            self._note(self._ledger.today(), owed, lambda: self._ledger.spend(owed))

    def exhausted(self) -> None:
        """Write down that YouTube itself says the day's quota is spent."""
        with self._lock:
            day = self._ledger.refused_day()
            self._note(day, self._ledger.limit, self._ledger.exhausted)

    def left(self) -> QuotaBody | None:
        """Return what is left of the day's quota; None where the store does not answer."""
        state = self._breaker.call(self._ledger.state, otherwise=None)
        if state is None:
            return None
        units_left = max(0, state.units_left - self._unwritten())
        metrics.set_quota_left(units_left)
        return QuotaBody(units_left=units_left, resets_at=state.resets_at)

    def _unwritten(self) -> int:
        return self._unwritten_units if self._unwritten_day == self._ledger.today() else 0

    def _note(self, day: date, units: int, write: Callable[[], None]) -> None:
        """Write units of a day down, else keep them in mind."""

        def written() -> int:
            write()
            return 0

        self._unwritten_units = self._breaker.call(written, otherwise=units)
        self._unwritten_day = day
