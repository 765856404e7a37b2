"""Whole days of UTC: what windows are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Days:
    """Some days in a row.

    Attributes:
        since: the first.
        until: the day after the last, > `since`.
    """

    since: date
    until: date

    @classmethod
    def last(cls, n: int, *, now: datetime) -> Days:
        """Return the last `n` days that are over.

        Args:
            n: days, >= 1.
            now: with time zone.
        """
        today = now.astimezone(UTC).date()
        return cls(today - timedelta(days=n), today)

    @classmethod
    def from_day(cls, since: date, n: int) -> Days:
        """Return `n` days from one on."""
        return cls(since, since + timedelta(days=n))

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.since, time(), tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment that is over."""
        return datetime.combine(self.until, time(), tzinfo=UTC)

    def __str__(self) -> str:
        last = self.until - timedelta(days=1)
        return f"{self.since}" if last == self.since else f"{self.since} to {last}"
