from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest

from sentiment.errors import QuotaExceededError
from sentiment.store import QuotaLedger, QuotaState, Store
from tests.store.samples import Clock


@pytest.fixture
def ledger(sqlite_store: Store, clock: Clock) -> QuotaLedger:
    return QuotaLedger(sqlite_store, limit=10, clock=clock)


def test_state_tells_what_is_spent_left_and_until_when(ledger: QuotaLedger, clock: Clock) -> None:
    clock.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    ledger.spend(3)
    assert ledger.state() == QuotaState(10, 3, 7, datetime(2026, 6, 2, 7, tzinfo=UTC))


def test_spending_beyond_the_limit_names_the_units_and_the_reset(
    ledger: QuotaLedger, clock: Clock
) -> None:
    clock.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    ledger.spend(9)
    with pytest.raises(QuotaExceededError, match="9 of 10 units") as raised:
        ledger.spend(2)
    assert "midnight Pacific time (2026-06-02 07:00 UTC)" in raised.value.hint
    ledger.spend(1)


def test_exhausted_leaves_nothing_until_the_next_day(ledger: QuotaLedger, clock: Clock) -> None:
    ledger.spend(1)
    ledger.exhausted()
    assert ledger.state().units_left == 0
    with pytest.raises(QuotaExceededError):
        ledger.spend(1)
    clock.now += timedelta(days=1)
    ledger.spend(10)


def test_refusal_that_comes_just_after_midnight_is_of_the_day_before(
    ledger: QuotaLedger, clock: Clock
) -> None:
    clock.now = datetime(2026, 6, 2, 7, 0, 20, tzinfo=UTC)
    ledger.exhausted()
    assert ledger.state().units_left == 10


# Midnights in Pacific time, in UTC: plain winter and summer ones, and those on both sides of the
# days on which the clocks change (8 March and 1 November 2026).
MIDNIGHTS = [
    datetime(2026, 1, 2, 8, tzinfo=UTC),
    datetime(2026, 7, 2, 7, tzinfo=UTC),
    datetime(2026, 3, 8, 8, tzinfo=UTC),
    datetime(2026, 3, 9, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 7, tzinfo=UTC),
    datetime(2026, 11, 2, 8, tzinfo=UTC),
]


@pytest.mark.parametrize("midnight", MIDNIGHTS, ids=str)
def test_quota_starts_anew_at_midnight_pacific(
    ledger: QuotaLedger, clock: Clock, midnight: datetime
) -> None:
    clock.now = midnight - timedelta(microseconds=1)
    ledger.spend(10)
    assert ledger.state() == QuotaState(10, 10, 0, midnight)
    clock.now = midnight
    assert ledger.state().units_left == 10


@pytest.mark.parametrize("midnight", MIDNIGHTS, ids=str)
def test_quota_does_not_start_anew_an_hour_off_midnight(
    ledger: QuotaLedger, clock: Clock, midnight: datetime
) -> None:
    clock.now = midnight
    ledger.spend(10)
    clock.now = midnight + timedelta(hours=22, minutes=59)
    assert ledger.state().units_left == 0


def test_quota_is_counted_without_time_zone_data(
    ledger: QuotaLedger, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_data(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr("sentiment.youtube.quota.ZoneInfo", no_data)
    clock.now = datetime(2026, 6, 2, 7, 59, 59, tzinfo=UTC)
    ledger.spend(10)
    assert ledger.state() == QuotaState(10, 10, 0, datetime(2026, 6, 2, 8, tzinfo=UTC))
    clock.now += timedelta(seconds=1)
    assert ledger.state().units_left == 10
