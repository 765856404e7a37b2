"""The day's quota, kept account of also while the store does not answer."""

from __future__ import annotations

import threading

from sentiment.serving import metrics
from sentiment.serving.memory import Breaker
from sentiment.serving.wire_analysis import QuotaBody
from sentiment.store.ledger import QuotaLedger


class QuotaAccount:
    """A ledger that outlives its store's bad days. Thread-safe.

    Units that could not be written down are written with the next that can.

    Args:
        ledger: in the store, shared by processes.
        breaker: shared by all who use this store.
    """

    def __init__(self, ledger: QuotaLedger, *, breaker: Breaker) -> None:
        self._ledger = ledger
        self._breaker = breaker
        self._unwritten_units = 0
        self._lock = threading.Lock()

    def spend(self, units: int) -> None:
        """Write units down before they are spent.

        Raises:
            QuotaExceededError: they are more than the day has left.
        """
        with self._lock:
            owed = self._unwritten_units + units

            def write() -> int:
                self._ledger.spend(owed)
                return 0

            self._unwritten_units = self._breaker.call(write, otherwise=owed)

    def exhausted(self) -> None:
        """Write down that YouTube itself says the day's quota is spent."""
        self._breaker.call(self._ledger.exhausted, otherwise=None)

    def left(self) -> QuotaBody | None:
        """Return what is left of the day's quota; None where the store does not answer."""
        state = self._breaker.call(self._ledger.state, otherwise=None)
        if state is None:
            return None
        metrics.set_quota_left(state.units_left)
        return QuotaBody(units_left=state.units_left, resets_at=state.resets_at)
