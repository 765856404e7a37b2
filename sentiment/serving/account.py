"""The day's quota, kept account of also while the store does not answer."""

from __future__ import annotations

import logging
import threading

from sentiment.errors import OutOfSpaceError, StoreError
from sentiment.serving import metrics
from sentiment.serving.wire_analysis import QuotaBody
from sentiment.store.ledger import QuotaLedger

_log = logging.getLogger(__name__)


class QuotaAccount:
    """A ledger that outlives its store's bad days. Thread-safe.

    Units that could not be written down are written with the next that can.

    Args:
        ledger: in the store, shared by processes.
    """

    def __init__(self, ledger: QuotaLedger) -> None:
        self._ledger = ledger
        self._unwritten_units = 0
        self._lock = threading.Lock()

    def spend(self, units: int) -> None:
        """Write units down before they are spent.

        Raises:
            QuotaExceededError: they are more than the day has left.
        """
        with self._lock:
            try:
                self._ledger.spend(units + self._unwritten_units)
            except (StoreError, OutOfSpaceError) as error:
                self._unwritten_units += units
                _log.warning("%d units are not written down: %s", self._unwritten_units, error)
            else:
                self._unwritten_units = 0

    def exhausted(self) -> None:
        """Write down that YouTube itself says the day's quota is spent."""
        try:
            self._ledger.exhausted()
        except (StoreError, OutOfSpaceError) as error:
            _log.warning("that the quota is spent is not written down: %s", error)

    def left(self) -> QuotaBody | None:
        """Return what is left of the day's quota; None where the store does not answer."""
        try:
            state = self._ledger.state()
        except StoreError:
            return None
        metrics.set_quota_left(state.units_left)
        return QuotaBody(units_left=state.units_left, resets_at=state.resets_at)
