"""The day's quota of the Data API, kept by all processes together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sentiment.errors import QuotaExceededError
from sentiment.store.store import Store
from sentiment.youtube.quota import describe_reset, next_reset, pacific_day

# How long after midnight a refusal may still speak of the day before: the request took a while.
_LATE = timedelta(minutes=1)
# Midnight at UTC-8, for a machine without time zone data; it is never too early.
_RESET_UTC = time(8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class QuotaState:
    """How the day's quota stands.

    Attributes:
        units_limit: units that may be spent a day.
        units_spent: units spent today.
        units_left: units that may still be spent today, >= 0.
        resets_at: when the next day begins, in UTC.
    """

    units_limit: int
    units_spent: int
    units_left: int
    resets_at: datetime


class QuotaLedger:
    """Spends units of the Data API and never more than the limit. Thread-safe.

    Args:
        store: shared by all processes that spend.
        limit: units that may be spent a day of Pacific time, >= 0.
        clock: gives now, with time zone.
    """

    def __init__(self, store: Store, *, limit: int, clock: Callable[[], datetime]) -> None:
        self._store = store
        self.limit = limit
        self._clock = clock

    def spend(self, units: int) -> None:
        """Count units as spent, before they are.

        Args:
            units: >= 0.

        Raises:
            QuotaExceededError: the day's limit does not allow it; nothing was spent.
            StoreError: the store can't say, so the units must not be spent.
        """
        day = self.today()
        if self._store.spend_units(day, units, limit=self.limit) is None:
            raise self.refusal(self._store.units_spent(day))

    def refusal(self, spent: int) -> QuotaExceededError:
        """Return what says that too little of the day's quota is left.

        Args:
            spent: units of today.
        """
        return QuotaExceededError(
            f"The day's quota of the YouTube Data API is spent: {spent:,} of {self.limit:,} units.",
            hint=f"It starts anew at {describe_reset(self._clock())}.",
        )

    def today(self) -> date:
        """Return the day whose units are spent now."""
        return pacific_day(self._clock())

    def refused_day(self) -> date:
        """Return the day of which YouTube speaks when it says that the quota is spent."""
        return pacific_day(self._clock() - _LATE)

    def state(self) -> QuotaState:
        """Return how today's quota stands."""
        now = self._clock()
        spent = self._store.units_spent(pacific_day(now))
        return QuotaState(
            units_limit=self.limit,
            units_spent=spent,
            units_left=max(0, self.limit - spent),
            resets_at=next_reset(now) or _reset_without_zones(now),
        )

    def exhausted(self) -> None:
        """Record that YouTube itself says the day's quota is spent; call it on its refusal."""
        self._store.mark_quota_exhausted(self.refused_day(), self.limit)


def _reset_without_zones(now: datetime) -> datetime:
    return datetime.combine(pacific_day(now) + timedelta(days=1), _RESET_UTC)
