"""One drift is one alarm, however often it is looked at."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from sentiment.drift.compare import Comparison, Judged
from sentiment.drift.days import Days
from sentiment.drift.state import (
    QUIET_LOOKS,
    DriftState,
    Pending,
    read_state,
    reference_digest,
    write_state,
)
from sentiment.drift.two_sample import Finding
from sentiment.errors import DataError
from tests.drift.made import simulated_profile

FIRST = date(2026, 6, 1)


def seen(*drifting: str, quiet: tuple[str, ...] = ("label", "emoji")) -> Comparison:
    """A comparison in which some features drift and some do not."""
    names = (*drifting, *(name for name in quiet if name not in drifting))
    judged = tuple(
        Judged(Finding(name, 0.2, 0.05, 1e-9, 1.0, 500, (1.0,), (1.0,)), 1e-9, name in drifting)
        for name in names
    )
    return Comparison(judged, (), level=1e-4, n_comments=500, n_videos=50)


def day(number: int) -> Days:
    return Days.from_day(FIRST + timedelta(days=number), 1)


def news(*looks: Comparison) -> list[tuple[str, ...]]:
    """What is new in each of these daily looks."""
    state, told = DriftState(reference_digest="a"), []
    for number, comparison in enumerate(looks):
        state, new = state.after_look(comparison, day(number))
        told.append(new)
    return told


def test_a_drift_that_lasts_is_new_once() -> None:
    assert news(seen(), seen("label"), seen("label"), seen("label")) == [(), ("label",), (), ()]


def test_another_feature_is_new_beside_an_open_one() -> None:
    assert news(seen("label"), seen("label", "emoji")) == [("label",), ("emoji",)]


def test_a_drift_that_flickers_is_new_once() -> None:
    quiet = [seen()] * (QUIET_LOOKS - 1)
    assert sum(map(bool, news(seen("label"), *quiet, seen("label"), *quiet, seen("label")))) == 1


def test_a_drift_that_ended_is_new_when_it_returns() -> None:
    told = news(seen("label"), *[seen()] * QUIET_LOOKS, seen("label"))
    assert told == [("label",), *[()] * QUIET_LOOKS, ("label",)]


def test_looking_again_at_the_same_days_ends_no_drift() -> None:
    state, _ = DriftState(reference_digest="a").after_look(seen("label"), day(0))
    for _ in range(QUIET_LOOKS + 1):
        state, _ = state.after_look(seen(), day(0))
    assert list(state.open) == ["label"]


def test_a_look_that_tells_nothing_ends_no_drift_and_spends_nothing() -> None:
    state, _ = DriftState(reference_digest="a").after_look(seen("label"), day(0))
    for number in range(1, QUIET_LOOKS + 2):
        state, _ = state.after_look(seen(quiet=()), day(number))
    assert list(state.open) == ["label"]
    assert state.looked_until == day(0).until


def test_the_same_days_get_the_same_level_again_and_older_ones_none() -> None:
    state = DriftState(reference_digest="a")
    level = state.level_for(day(1), budget=0.05)
    state, _ = state.after_look(seen(), day(1))
    assert level == pytest.approx(0.05 / 365)
    assert state.level_for(day(1), budget=0.05) == 1e-4  # what `seen` was given
    assert state.level_for(day(0), budget=0.05) == 0


def test_state_comes_back_from_its_file(tmp_path: Path) -> None:
    state, _ = DriftState(reference_digest="a").after_look(seen("label"), day(0))
    state = state.with_pending([Pending(sink="webhook", alarm={"title": "x"})])
    path = tmp_path / "new" / "state.json"
    write_state(path, state)
    assert read_state(path, reference_digest="a") == state


def test_another_reference_begins_anew_and_forgets_no_alarm(tmp_path: Path) -> None:
    waiting = [Pending(sink="webhook", alarm={"title": "x"})]
    state, _ = DriftState(reference_digest="a").after_look(seen("label"), day(0))
    write_state(tmp_path / "state.json", state.with_pending(waiting))
    assert read_state(tmp_path / "state.json", reference_digest="b") == DriftState(
        reference_digest="b", pending=waiting
    )


def test_without_a_file_nothing_is_remembered(tmp_path: Path) -> None:
    found = read_state(tmp_path / "none.json", reference_digest="a")
    assert found == DriftState(reference_digest="a")


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"reference_digest": "a", "author": "b"}'])
def test_a_file_that_is_no_state_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"state\.json is no state") as caught:
        read_state(path, reference_digest="a")
    assert "--state" in caught.value.hint


def test_references_are_told_apart_by_their_model_too() -> None:
    profile = simulated_profile()
    digests = {
        reference_digest(profile, model_digest="a"),
        reference_digest(profile, model_digest="b"),
        reference_digest(simulated_profile(2), model_digest="a"),
    }
    assert len(digests) == 3
    assert reference_digest(simulated_profile(), model_digest="a") in digests
