"""When the Data API's daily quota starts anew.

Standard library only.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_UNITS_A_DAY = 10_000
"""What Google grants a project that asked for nothing more."""

_STANDARD_TIME = timezone(timedelta(hours=-8))


def pacific_day(now: datetime) -> date:
    """Return the day of Pacific time, which is the day that a quota belongs to.

    Args:
        now: any moment, with time zone.

    Returns:
        The date; by standard time, so an hour late in summer, when this machine has no time
        zone data.
    """
    return now.astimezone(_pacific() or _STANDARD_TIME).date()


def next_reset(now: datetime) -> datetime | None:
    """Return the next midnight of Pacific time.

    Args:
        now: any moment, with time zone.

    Returns:
        The moment in UTC; None when this machine has no time zone data.
    """
    pacific = _pacific()
    if pacific is None:
        return None
    tomorrow = now.astimezone(pacific).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=pacific).astimezone(UTC)


def describe_reset(now: datetime) -> str:
    """Say in words when the quota starts anew after `now` (with time zone)."""
    reset = next_reset(now)
    when = "07:00 or 08:00 UTC" if reset is None else f"{reset:%Y-%m-%d %H:%M} UTC"
    return f"midnight Pacific time ({when})"


def _pacific() -> ZoneInfo | None:
    try:
        return ZoneInfo("America/Los_Angeles")
    except ZoneInfoNotFoundError:
        return None
