from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from sentiment.store import Store, open_store
from tests.store.processes import SPEND, run_together

DAY = date(2026, 6, 1)


def test_units_left_are_counted_down(store: Store) -> None:
    assert store.units_spent(DAY) == 0
    assert store.spend_units(DAY, 3, limit=10) == 7
    assert store.spend_units(DAY, 7, limit=10) == 0
    assert store.units_spent(DAY) == 10


@pytest.mark.parametrize("before", [0, 8])
def test_what_would_exceed_the_limit_is_not_spent(store: Store, before: int) -> None:
    store.spend_units(DAY, before, limit=10)
    assert store.spend_units(DAY, 11 - before, limit=10) is None
    assert store.units_spent(DAY) == before


def test_days_are_counted_apart(store: Store) -> None:
    store.spend_units(DAY, 10, limit=10)
    assert store.spend_units(date(2026, 6, 2), 1, limit=10) == 9


def test_negative_units_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="found -1"):
        store.spend_units(DAY, -1, limit=10)


def test_mark_exhausted_leaves_nothing_and_takes_nothing_back(store: Store) -> None:
    store.spend_units(DAY, 3, limit=10)
    store.mark_quota_exhausted(DAY, 10)
    assert store.spend_units(DAY, 1, limit=10) is None
    store.mark_quota_exhausted(DAY, 5)
    assert store.units_spent(DAY) == 10


def test_processes_together_never_exceed_the_limit(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    spent = [int(printed) for printed in run_together(SPEND, url, n=4)]
    assert sum(spent) == 25
    assert open_store(url).units_spent(DAY) == 25


def test_threads_together_never_exceed_the_limit(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: store.spend_units(DAY, 1, limit=40), range(80)))
    assert sorted(left for left in answers if left is not None) == list(range(40))
    assert store.units_spent(DAY) == 40
