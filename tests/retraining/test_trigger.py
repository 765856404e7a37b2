from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sentiment.drift.state import DriftState, OpenDrift, write_state
from sentiment.errors import ConfigError, DataError
from sentiment.labels import Label
from sentiment.retraining.state import Outcome, RetrainState
from sentiment.retraining.trigger import newest_vote, occasion
from sentiment.store import Store, open_store
from tests.store.samples import NOW, Clock, comment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}", clock=clock)) as opened:
        opened.save_comments([comment(number) for number in range(5)], fetched_at=NOW)
        yield opened


def vote(store: Store, number: int) -> None:
    store.add_feedback(f"Ug{number:05}", Label.POSITIVE, model_digest=None, voter="someone")


def ended(*, outcome: Outcome | None = Outcome.REFUSED, **known: object) -> RetrainState:
    values = {
        "id": "one",
        "config": "tiny",
        "config_digest": "d",
        "began_at": datetime.now(UTC),
        "why": "",
        "outcome": outcome,
        **known,
    }
    return RetrainState.model_validate(values)


def has_come(when: str, store: Store, *earlier: RetrainState, state: Path | None = None) -> bool:
    return occasion(when, store=store, drift_state=state, earlier=earlier).has_come


def test_corrections_are_counted_from_the_last_retraining_on(store: Store, clock: Clock) -> None:
    vote(store, 0)
    vote(store, 1)
    assert has_come("corrections:2", store)
    assert not has_come("corrections:3", store)

    last = ended(votes_until=newest_vote(store))
    clock.now += timedelta(seconds=1)
    vote(store, 2)
    assert has_come("corrections:1", store, last)
    assert not has_come("corrections:2", store, last)
    # One that was cut off has learned nothing yet.
    assert has_come("corrections:2", store, ended(outcome=None, votes_until=newest_vote(store)))


def test_an_open_drift_is_answered_once(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    assert not has_come("alarm", store, state=path)
    state = DriftState(reference_digest="d", open={"label": OpenDrift(since=date(2026, 5, 1))})
    write_state(path, state)
    found = occasion("alarm", store=store, drift_state=path, earlier=[])
    assert found.has_come
    assert found.why == "drift of label since 2026-05-01"

    answered = ended(alarms=found.alarms)
    assert not has_come("alarm", store, answered, state=path)
    again = {"label": OpenDrift(since=date(2026, 6, 1))}
    write_state(path, state.model_copy(update={"open": again}))
    assert has_come("alarm", store, answered, state=path)

    path.write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="no state of `sentiment drift check`"):
        has_come("alarm", store, state=path)


@pytest.mark.parametrize("when", ["corrections:0", "corrections", "never", "corrections:1.5"])
def test_an_unknown_occasion_is_refused(when: str, store: Store) -> None:
    with pytest.raises(ConfigError, match="corrections:N"):
        has_come(when, store)
