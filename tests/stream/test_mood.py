from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from sentiment.comments import Comment, Prediction, Status
from sentiment.drift.sns import SnsSink
from sentiment.drift.webhook import WebhookSink
from sentiment.errors import AlarmError
from sentiment.labels import Label
from sentiment.store import Store, open_store
from sentiment.store.records import ArrivedComment
from sentiment.stream.mood import AGAIN_S, BEFORE_MOST, LEAST, MoodWatch, mood_turn
from sentiment.textclean import text_digest
from tests.drift.made import receiving
from tests.fake_aws import FakeAws
from tests.store.samples import MODEL, VIDEO, Clock
from tests.stream.mood_rates import scores_of, told_after

HAPPY, ANGRY = (0.05, 0.15, 0.8), (0.8, 0.15, 0.05)


def noisy(mean: float, n: int, *, seed: int = 13) -> list[float]:
    dice = random.Random(seed)
    return [max(-1.0, min(1.0, dice.gauss(mean, 0.3))) for _ in range(n)]


def test_a_turn_needs_a_difference_that_matters_and_is_no_noise() -> None:
    before = noisy(0.4, 100)
    assert mood_turn(before, noisy(-0.2, 40, seed=1), threshold=0.3) is not None
    assert mood_turn(before, noisy(0.35, 40, seed=1), threshold=0.3) is None
    assert mood_turn(before, noisy(0.2, 40, seed=1), threshold=0.3) is None
    assert mood_turn(before, noisy(-0.9, 14, seed=1), threshold=0.3) is None


def test_a_few_that_score_alike_are_no_turn_of_a_mixed_mood() -> None:
    before = [0.9, 0.9, 0.9, 0.9, -0.8] * 48
    assert mood_turn(before, [0.9] * LEAST, threshold=0.3) is None
    assert mood_turn(before, [-0.8] * LEAST, threshold=0.3) is not None


@pytest.mark.parametrize("shares", [(0.25, 0.25, 0.5), (0.1, 0.2, 0.7)], ids=str)
def test_a_steady_mood_looked_at_with_each_comment_raises_few_alarms(
    shares: tuple[float, float, float],
) -> None:
    dice = random.Random(13)
    told = 0
    for _ in range(100):
        told += told_after(scores_of(dice, shares, BEFORE_MOST + 1_000)) is not None
    assert told <= 2


class Recorder:
    name = "recorder"

    def __init__(self) -> None:
        self.told: list[Mapping[str, Any]] = []
        self.is_deaf = False
        self.tries = 0

    def send(self, alarm: Mapping[str, Any]) -> None:
        self.tries += 1
        if self.is_deaf:
            raise AlarmError("It did not answer in time.")
        self.told.append(alarm)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}", clock=clock)
    opened.add_watch(VIDEO, interval_s=60)
    yield opened
    opened.close()


def arrive(store: Store, clock: Clock, n: int, probabilities: tuple[float, float, float]) -> None:
    """Let comments arrive in the next minute, each with a text of its own."""
    start = clock.now
    kept, said = [], {}
    for number in range(n):
        at = start + timedelta(seconds=60 * (number + 1) / n)
        text = f"secret text {at.timestamp():.0f}"  # the cleaner makes times of day alike
        comment = Comment(f"Ug{at.timestamp()}", VIDEO, text, 0, at)
        kept.append(ArrivedComment(comment, at, text_digest(text)))
        said[text_digest(text)] = Prediction(Label.NEUTRAL, probabilities, Status.OK)
    clock.now = start + timedelta(minutes=1)
    store.save_streamed(kept, said, model_digest=MODEL)


def test_a_turn_is_told_once_and_the_turn_back_after_the_cooldown(
    store: Store, clock: Clock
) -> None:
    recorder = Recorder()
    mood = MoodWatch(store, [recorder], cooldown_s=600)
    clock.now -= timedelta(days=1)
    arrive(store, clock, 100, HAPPY)  # before it was watched
    clock.now += timedelta(days=1)
    arrive(store, clock, 10, ANGRY)
    mood.look([VIDEO], MODEL)
    assert recorder.told == []
    arrive(store, clock, 20, ANGRY)
    mood.look([VIDEO], MODEL)
    mood.look([VIDEO], MODEL)
    (alert,) = recorder.told
    assert (alert["kind"], alert["video_id"], alert["comments_after"]) == (
        "sentiment.mood",
        VIDEO,
        30,
    )
    assert alert["before"] == pytest.approx(0.75)
    assert alert["after"] == pytest.approx(-0.75)
    assert "secret text" not in str(alert)
    arrive(store, clock, 60, HAPPY)
    mood.look([VIDEO], MODEL)
    assert len(recorder.told) == 1
    clock.now += timedelta(minutes=10)
    mood.look([VIDEO], MODEL)
    assert len(recorder.told) == 2
    assert recorder.told[1]["after"] == pytest.approx(0.75)
    assert recorder.told[1]["id"] != alert["id"]


@pytest.fixture
def turned(store: Store, clock: Clock) -> Store:
    """A store that holds a turn which nobody has looked for."""
    clock.now -= timedelta(days=1)
    arrive(store, clock, 100, HAPPY)
    clock.now += timedelta(days=1)
    arrive(store, clock, 30, ANGRY)
    return store


def test_a_turn_that_nobody_heard_of_is_told_again_after_a_while(
    turned: Store, clock: Clock
) -> None:
    recorder = Recorder()
    mood = MoodWatch(turned, [recorder])
    recorder.is_deaf = True
    for _ in range(3):
        mood.look([VIDEO], MODEL)
    assert recorder.tries == 1  # else each batch would wait for a receiver that is away
    recorder.is_deaf = False
    # So many that the mood of before is out of sight.
    arrive(turned, clock, 400, ANGRY)
    mood.look([VIDEO], MODEL)
    assert recorder.told == []
    clock.now += timedelta(seconds=AGAIN_S)
    for _ in range(3):
        mood.look([VIDEO], MODEL)
    (alert,) = recorder.told
    assert (alert["comments_before"], alert["comments_after"]) == (100, 30)


def test_a_worker_that_is_killed_while_telling_loses_no_alert(turned: Store, clock: Clock) -> None:
    class Killed(BaseException):
        pass

    class Deadly(Recorder):
        def send(self, alarm: Mapping[str, Any]) -> None:
            super().send(alarm)
            raise Killed

    deadly, recorder = Deadly(), Recorder()
    with pytest.raises(Killed):
        MoodWatch(turned, [deadly]).look([VIDEO], MODEL)
    clock.now += timedelta(seconds=AGAIN_S)
    MoodWatch(turned, [recorder]).look([VIDEO], MODEL)
    assert [alert["id"] for alert in deadly.told] == [alert["id"] for alert in recorder.told]


@pytest.mark.parametrize("fifo", [False, True])
def test_a_topic_hears_of_a_turn(turned: Store, aws: FakeAws, fifo: bool) -> None:
    topic, queue = aws.new_topic(fifo=fifo)
    MoodWatch(turned, [SnsSink(topic)]).look([VIDEO], MODEL)
    alert = json.loads(aws.heard(queue)["Message"])
    assert (alert["kind"], alert["video_id"]) == ("sentiment.mood", VIDEO)


def test_a_webhook_can_tell_that_it_is_told_twice(turned: Store) -> None:
    with receiving() as receiver:
        MoodWatch(turned, [WebhookSink(SecretStr(receiver.url))]).look([VIDEO], MODEL)
    assert receiver.keys == [json.loads(receiver.bodies[0])["id"]]
