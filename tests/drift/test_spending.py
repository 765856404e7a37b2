from __future__ import annotations

from datetime import date, timedelta

import pytest

from sentiment.drift.days import Days
from sentiment.drift.spending import level_of_look

FIRST = date(2026, 1, 1)


def levels(windows: list[Days]) -> list[float]:
    looked_until, spent = None, []
    for days in windows:
        spent.append(
            level_of_look(
                since=days.since, until=days.until, looked_until=looked_until, budget=0.05
            )
        )
        looked_until = max(looked_until or days.until, days.until)
    return spent


def daily(n_days: int) -> list[Days]:
    """Windows of so many days, one ending each day of a year."""
    return [Days.from_day(FIRST + timedelta(days=start), n_days) for start in range(365)]


@pytest.mark.parametrize("n_days", [1, 7])
def test_a_year_of_looks_spends_the_budget_and_no_more(n_days: int) -> None:
    assert sum(levels(daily(n_days))) == pytest.approx(0.05, rel=0.02)


def test_a_look_without_a_new_day_spends_nothing() -> None:
    again = Days.from_day(FIRST, 3)
    assert levels([again, again, Days.from_day(FIRST, 1)])[1:] == [0, 0]


def test_a_long_pause_is_no_blank_cheque() -> None:
    later = Days.from_day(FIRST + timedelta(days=3_000), 1)
    assert levels([Days.from_day(FIRST, 1), later])[1] == pytest.approx(0.05 * 31 / 365)
