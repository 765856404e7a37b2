from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfoNotFoundError

import pytest

from sentiment.youtube import quota


@pytest.mark.parametrize(
    ("now", "reset"),
    [
        (datetime(2026, 1, 2, 12, tzinfo=UTC), datetime(2026, 1, 3, 8, tzinfo=UTC)),
        (datetime(2026, 1, 3, 7, 59, tzinfo=UTC), datetime(2026, 1, 3, 8, tzinfo=UTC)),
        (datetime(2026, 1, 3, 8, tzinfo=UTC), datetime(2026, 1, 4, 8, tzinfo=UTC)),
        (datetime(2026, 7, 2, 12, tzinfo=UTC), datetime(2026, 7, 3, 7, tzinfo=UTC)),
    ],
)
def test_next_reset_is_midnight_pacific(now: datetime, reset: datetime) -> None:
    assert quota.next_reset(now) == reset


def test_describe_reset_names_the_moment() -> None:
    words = quota.describe_reset(datetime(2026, 1, 2, 12, tzinfo=UTC))
    assert words == "midnight Pacific time (2026-01-03 08:00 UTC)"


def test_describe_reset_works_without_time_zone_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_data(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(quota, "ZoneInfo", no_data)
    words = quota.describe_reset(datetime(2026, 1, 2, 12, tzinfo=UTC))
    assert words == "midnight Pacific time (07:00 or 08:00 UTC)"


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 1, 3, 7, 59, tzinfo=UTC), date(2026, 1, 2)),
        (datetime(2026, 1, 3, 8, tzinfo=UTC), date(2026, 1, 3)),
        (datetime(2026, 7, 3, 7, tzinfo=UTC), date(2026, 7, 3)),
    ],
)
def test_pacific_day_changes_when_the_quota_does(now: datetime, day: date) -> None:
    assert quota.pacific_day(now) == day


def test_pacific_day_works_without_time_zone_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_data(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(quota, "ZoneInfo", no_data)
    assert quota.pacific_day(datetime(2026, 1, 3, 7, tzinfo=UTC)) == date(2026, 1, 2)
