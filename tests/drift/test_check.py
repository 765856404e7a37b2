"""Looks at a real store: what is found, who is told, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sentiment.drift.alarm import LogSink, Sink
from sentiment.drift.check import Look, check
from sentiment.drift.days import Days
from sentiment.drift.making import window_of_store
from sentiment.drift.observation import Observer
from sentiment.drift.profile import Profile, profile_of_window
from sentiment.errors import AlarmError, DataError
from sentiment.release.bundle import Bundle
from sentiment.store import Store
from tests.drift.made import DAY, SADDER, fill, simulated_profile

NEXT = DAY + timedelta(days=3)
SECRET = "zebra-crossing"


class Ear:
    """A sink that listens, and is deaf when told to be."""

    name = "ear"

    def __init__(self) -> None:
        self.heard: list[Mapping[str, Any]] = []
        self.deaf = False

    def send(self, alarm: Mapping[str, Any]) -> None:
        if self.deaf:
            raise AlarmError("The ear is deaf.")
        self.heard.append(alarm)


@pytest.fixture
def reference(store: Store, bundle: Bundle) -> Profile:
    """Of three days without drift."""
    for day in range(3):
        fill(store, bundle.digest, day=DAY + timedelta(days=day), ending=f" {SECRET}")
    counted = window_of_store(
        store,
        Observer.from_bundle(bundle),
        model_digest=bundle.digest,
        days=Days.from_day(DAY, 3),
    )
    return profile_of_window(
        counted.window,
        model_digest=bundle.digest,
        since=DAY.isoformat(),
        until=NEXT.isoformat(),
    )


@pytest.fixture
def ear() -> Ear:
    return Ear()


class Watch:
    """Looks with one store, bundle, reference and state."""

    def __init__(self, store: Store, bundle: Bundle, reference: Profile, state: Path) -> None:
        self.store, self.bundle, self.reference, self.state = store, bundle, reference, state

    def __call__(self, *sinks: Sink, day: date = NEXT, n_days: int = 1) -> Look:
        return check(
            self.store,
            self.bundle,
            self.reference,
            days=Days.from_day(day, n_days),
            state_path=self.state,
            sinks=sinks,
        )

    def fill(self, day: date, **options: Any) -> None:
        fill(self.store, self.bundle.digest, day=day, ending=f" {SECRET}", **options)


@pytest.fixture
def watch(store: Store, bundle: Bundle, reference: Profile, tmp_path: Path) -> Watch:
    return Watch(store, bundle, reference, tmp_path / "state.json")


def moved(look: Look) -> list[str]:
    return [part.finding.feature for part in look.comparison.drifting]


def test_days_like_the_reference_do_not_drift(watch: Watch, ear: Ear) -> None:
    for number in range(5):
        watch.fill(NEXT + timedelta(days=number))
        look = watch(ear, day=NEXT + timedelta(days=number))
        assert moved(look) == []
        assert look.comparison.is_conclusive
    assert ear.heard == []


def test_a_drift_is_told_once_and_stays_open(watch: Watch, ear: Ear) -> None:
    looks = []
    for number in range(3):
        watch.fill(NEXT + timedelta(days=number), shares=SADDER)
        looks.append(watch(ear, day=NEXT + timedelta(days=number)))
    assert [moved(look) for look in looks] == [["label"]] * 3
    assert [look.new for look in looks] == [("label",), (), ()]
    assert looks[2].state.open["label"].since == NEXT
    (alarm,) = ear.heard
    assert alarm["title"] == "Drift of label in the comments of 2026-06-04 (handmade)"
    (part,) = alarm["moved"]
    assert part["bins"] == ("negative", "neutral", "positive")
    assert part["effect"] == pytest.approx(0.2, abs=0.05)


def test_looking_twice_at_the_same_day_tells_once(watch: Watch, ear: Ear) -> None:
    watch.fill(NEXT, shares=SADDER)
    looks = [watch(ear), watch(ear)]
    assert [moved(look) for look in looks] == [["label"], ["label"]]
    assert len(ear.heard) == 1


def test_what_was_not_heard_is_told_at_the_next_look(watch: Watch, ear: Ear) -> None:
    other = Ear()
    other.name = "other"
    ear.deaf = True
    watch.fill(NEXT, shares=SADDER)
    first = watch(ear, other)
    assert first.failures == ("The ear is deaf.",)
    assert len(other.heard) == 1
    ear.deaf = False
    watch.fill(NEXT + timedelta(days=1))  # the drift is over, the alarm is still owed
    second = watch(ear, other, day=NEXT + timedelta(days=1))
    assert moved(second) == []
    assert second.failures == ()
    assert [alarm["since"] for alarm in ear.heard] == ["2026-06-04"]
    assert len(other.heard) == 1
    assert watch(ear, other, day=NEXT + timedelta(days=1)).state.pending == []


def test_nothing_that_leaves_holds_a_text_or_names_a_video(
    watch: Watch, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    from sentiment.drift.page import render_page

    watch.fill(NEXT, shares=SADDER)
    look = watch(ear, LogSink())
    left = [
        *(json.dumps(alarm) for alarm in ear.heard),
        *(caplog.text, render_page(look), json.dumps(look.to_json())),
        *(watch.reference.to_json(), watch.state.read_text(encoding="utf-8")),
    ]
    assert "Drift of label in the comments of 2026-06-04" in caplog.text
    for text in left:
        assert SECRET not in text
        assert "video0" not in text


def test_an_empty_day_tells_nothing_and_spends_nothing(watch: Watch, ear: Ear) -> None:
    look = watch(ear)
    assert not look.comparison.is_conclusive
    assert (look.comparison.n_comments, moved(look)) == (0, [])
    assert len(look.comparison.left_out) == 7
    assert look.state.looked_until is None


def test_a_day_of_one_video_tells_nothing(watch: Watch, ear: Ear) -> None:
    watch.fill(NEXT, shares=(1, 0, 0), n_videos=1)
    look = watch(ear)
    assert not look.comparison.is_conclusive
    assert look.comparison.n_comments == 1_200
    assert ear.heard == []


def test_a_look_back_shows_what_it_sees_and_raises_no_alarm(watch: Watch, ear: Ear) -> None:
    watch.fill(NEXT, shares=SADDER)
    watch.fill(NEXT + timedelta(days=1))
    watch(ear, day=NEXT + timedelta(days=1))
    look = watch(ear)
    assert look.comparison.level == 0
    assert moved(look) == []
    assert look.comparison.judged[0].adjusted_p_value < 1e-6


def test_the_days_of_the_reference_are_refused(watch: Watch) -> None:
    with pytest.raises(DataError, match="overlaps the reference, which is of 2026-06-01"):
        watch(day=DAY + timedelta(days=2), n_days=2)


def test_a_reference_of_another_model_is_refused(watch: Watch) -> None:
    watch.reference = simulated_profile(model_digest="e" * 64)
    with pytest.raises(DataError, match="reference is of the model eeeeeeeeeeee…") as caught:
        watch()
    assert "drift reference" in caught.value.hint


def test_comments_unlike_the_training_rows_drift_from_the_first_day(
    store: Store, bundle: Bundle, ear: Ear, tmp_path: Path
) -> None:
    fill(store, bundle.digest, day=NEXT)
    look = check(
        *(store, bundle, simulated_profile()),
        days=Days.from_day(NEXT, 1),
        state_path=tmp_path / "state.json",
        sinks=[ear],
    )
    assert {"emoji", "length", "language"} <= set(look.new)
    assert len(ear.heard) == 1
