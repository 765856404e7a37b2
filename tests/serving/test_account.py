"""The day's quota over a real store that goes away and comes back."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sentiment.errors import QuotaExceededError
from sentiment.serving.account import QuotaAccount
from sentiment.serving.memory import Breaker
from sentiment.store import QuotaLedger, Store, open_store
from tests.store.samples import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 6, 1, 12, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'db'}", clock=clock, patience_s=0.01)
    yield store
    store.close()


@pytest.fixture
def ledger(store: Store, clock: Clock) -> QuotaLedger:
    return QuotaLedger(store, limit=10, clock=clock)


@pytest.fixture
def account(ledger: QuotaLedger) -> QuotaAccount:
    return QuotaAccount(ledger, breaker=Breaker(pause_s=0))


@pytest.fixture
def blocker(tmp_path: Path, store: Store) -> Iterator[sqlite3.Connection]:
    """Another program that holds the store until it rolls back."""
    blocker = sqlite3.connect(tmp_path / "db", isolation_level=None)
    blocker.execute("begin immediate")
    yield blocker
    blocker.close()


def _units_left(account: QuotaAccount) -> int:
    left = account.left()
    assert left is not None
    return left.units_left


def test_units_of_a_bad_time_are_written_with_the_next(
    account: QuotaAccount, ledger: QuotaLedger, blocker: sqlite3.Connection
) -> None:
    account.spend(3)
    assert (ledger.state().units_spent, _units_left(account)) == (0, 7)
    blocker.execute("rollback")
    account.spend(2)
    assert (ledger.state().units_spent, _units_left(account)) == (5, 5)


def test_a_store_that_is_away_lifts_no_limit(
    account: QuotaAccount, blocker: sqlite3.Connection
) -> None:
    account.spend(9)
    with pytest.raises(QuotaExceededError, match="9 of 10 units"):
        account.spend(2)
    account.spend(1)


def test_units_of_yesterday_are_no_debt_of_today(
    account: QuotaAccount, ledger: QuotaLedger, blocker: sqlite3.Connection, clock: Clock
) -> None:
    account.spend(10)
    clock.now += timedelta(days=1)
    blocker.execute("rollback")
    account.spend(10)
    assert ledger.state().units_spent == 10


def test_refusal_of_youtube_is_heeded_while_the_store_is_away(
    account: QuotaAccount, blocker: sqlite3.Connection, clock: Clock
) -> None:
    account.exhausted()
    with pytest.raises(QuotaExceededError):
        account.spend(1)
    blocker.execute("rollback")
    assert _units_left(account) == 0
    clock.now += timedelta(days=1)
    assert _units_left(account) == 10


def test_spending_that_hangs_in_the_store_holds_up_no_other(
    ledger: QuotaLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaker = Breaker(look_s=0.05)
    account = QuotaAccount(ledger, breaker=breaker)
    hangs, goes_on, write = threading.Event(), threading.Event(), ledger.spend

    def spend(units: int) -> None:
        hangs.set()
        goes_on.wait(30)
        write(units)

    monkeypatch.setattr(ledger, "spend", spend)
    first = threading.Thread(target=account.spend, args=(3,))
    first.start()
    assert hangs.wait(30)
    breaker.look(lambda: goes_on.wait(30), otherwise=None)
    second = threading.Thread(target=account.spend, args=(2,), daemon=True)
    second.start()
    second.join(10)
    assert not second.is_alive()
    # Neither is forgotten meanwhile.
    with pytest.raises(QuotaExceededError, match="5 of 10 units"):
        account.spend(6)
    goes_on.set()
    first.join(10)
    assert ledger.state().units_spent == 3
