"""What goes wrong with queues and workers: nothing is lost, and nothing is doubled."""

from __future__ import annotations

import random
import threading
from datetime import timedelta

import pytest

from sentiment.errors import QueueError, StoreUnavailableError
from sentiment.inference.predictor import Predictor
from sentiment.store import Store
from sentiment.stream.queue import MAX_RECEPTIONS
from sentiment.stream.worker import Worker
from sentiment.textclean import text_digest
from tests.stream.places import NOW, VIDEO, Place, batches
from tests.stream.running import wait_until
from tests.stream.workers import Touchy, kill_workers, live_and_die, work_off, working


def ids(numbers: range) -> set[str]:
    return {f"Ug{n:05}" for n in numbers}


def assert_all_done(place: Place, numbers: range, *, dead: int = 0) -> None:
    kept = place.kept()
    assert kept.keys() == ids(numbers)
    digests = {text_digest(text) for text in kept.values()}
    said = place.store.predictions(Predictor.dummy().digest, list(digests))
    assert said.keys() == digests
    counts = place.queue(60).counts()
    assert (counts.ready, counts.in_flight, counts.dead) == (0, 0, dead)


def test_what_is_queued_is_labelled_and_kept(place: Place) -> None:
    place.queue(60).send(batches(range(130)))
    worker = work_off(place)
    assert_all_done(place, range(130))
    assert (worker.done.messages, worker.done.comments, worker.done.labelled) == (26, 130, 130)


def test_poison_is_set_aside_and_blocks_nothing(place: Place) -> None:
    queue = place.queue(60)
    good = batches(range(60))
    foreign = good[0].body().replace('"version":1', '"version":2')
    queue.send(good[:6])
    for body in ("{", "null", '{"comments": []}', foreign):
        place.send_raw(body)
    queue.send(good[6:])
    work_off(place)
    assert_all_done(place, range(60), dead=4)
    reasons = {letter.reason for letter in place.queue(60).dead_letters(10)}
    assert all("can't be read" in reason for reason in reasons)
    assert any("version" in reason for reason in reasons)


def test_a_message_that_is_never_done_is_set_aside(place: Place) -> None:
    queue = place.queue(60)
    queue.send(batches(range(5)))
    for _ in range(5):
        queue.put_back([one.receipt for one in queue.receive(10, wait_s=2)])
    queue.send(batches(range(5, 10)))
    work_off(place)
    assert_all_done(place, range(5, 10), dead=1)
    (letter,) = queue.dead_letters(5)
    assert letter.reason == "it was received 6 times and never done"


def test_a_message_that_breaks_the_model_takes_no_other_with_it(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    queue = place.queue(60)
    queue.send([*batches(range(20)), *batches(range(100, 105), word="curse")])
    Worker(queue, place.store, lambda: Touchy("curse")).run(until_empty=True)
    assert_all_done(place, range(20), dead=1)
    (letter,) = queue.dead_letters(5)
    assert letter.reason.startswith("InferenceError")
    assert f"a message of video {VIDEO} is set aside: InferenceError" in caplog.text
    assert "curse" not in caplog.text


def test_a_message_that_kills_its_workers_takes_no_other_with_it(place: Place) -> None:
    queue = place.queue(60)
    deadly = batches(range(100, 105), word="curse")
    queue.send([*batches(range(20)), *deadly, *batches(range(20, 45))])
    assert live_and_die(place, Touchy("curse", dies=True)) == MAX_RECEPTIONS
    assert_all_done(place, range(45), dead=1)
    (letter,) = queue.dead_letters(5)
    assert letter.body == deadly[0].body()


def test_duplicates_in_any_order_end_as_the_latest(place: Place) -> None:
    older, newer = (
        batches(range(40), word="hate"),
        batches(range(40), word="love", fetched_at=NOW + timedelta(minutes=1)),
    )
    sent = [*older, *newer, *older]
    random.Random(13).shuffle(sent)
    queue = place.queue(60)
    queue.send(sent)
    work_off(place)
    assert_all_done(place, range(40))
    assert set(place.kept().values()) == {f"love {n}" for n in range(40)}
    assert len(place.store.newest_scores(VIDEO, model_digest="0" * 64, limit=1_000)) == 40


@pytest.mark.slow
def test_workers_killed_with_batches_in_hand_lose_and_double_nothing(place: Place) -> None:
    place.queue(60).send(batches(range(100)))
    kill_workers(place)
    assert len(place.kept()) == 50  # of the one that was killed before it could say so
    third = Worker(place.queue(60), place.store, Predictor.dummy)
    with working(third):
        wait_until(lambda: third.done.messages == 20)
    assert third.done.labelled == 50
    assert_all_done(place, range(100))


@pytest.mark.slow
def test_a_batch_that_takes_long_is_held(place: Place) -> None:
    """Longer than the visibility, and another worker waits for it all the while."""
    place.queue(60).send(batches(range(5)))
    model, may_end = Predictor.dummy(), threading.Event()
    predict = model.predict

    def slow(texts: list[str]) -> list[object]:
        may_end.wait(30)
        return list(predict(texts))

    model.predict = slow  # type: ignore[method-assign, assignment]
    worker = Worker(place.queue(1), place.store, lambda: model, visibility_s=1)
    with working(worker):
        wait_until(lambda: place.queue(60).counts().in_flight == 1)
        assert place.queue(60).receive(10, wait_s=2) == []
        may_end.set()
        wait_until(lambda: worker.done.messages == 1)
    assert_all_done(place, range(5))


def test_a_queue_that_is_gone_for_a_while_is_waited_for(place: Place) -> None:
    queue = place.queue(60)
    worker = Worker(place.queue(60), place.store, Predictor.dummy)
    sent = batches(range(60))
    with working(worker):
        queue.send(sent[:6])
        wait_until(lambda: worker.done.messages == 6)
        with place.outage(), pytest.raises(QueueError):
            queue.send(sent[6:])
        queue.send(sent[6:])  # as the poller does, which knows that it failed
        wait_until(lambda: worker.done.messages >= 12)
    assert_all_done(place, range(60))


def test_a_store_that_is_away_costs_no_message(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, failures = Store.save_streamed, iter(range(2))

    def failing(self: Store, *arguments: object, **named: object) -> int:
        if next(failures, None) is not None:
            raise StoreUnavailableError("The store was busy for too long.")
        return save(self, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "save_streamed", failing)
    place.queue(60).send(batches(range(30)))
    work_off(place)
    assert_all_done(place, range(30))


def test_a_worker_that_is_asked_to_stop_ends_what_it_has_in_hand(place: Place) -> None:
    place.queue(60).send(batches(range(30)))
    worker = Worker(place.queue(60), place.store, Predictor.dummy)
    worker.stop.set()
    worker.run()
    assert worker.done.messages == 0
    worker.stop.clear()
    worker.run(max_messages=1, on_round=lambda _: worker.stop.set())
    kept = len(place.kept())
    assert kept == worker.done.comments > 0
    counts = place.queue(60).counts()
    assert counts.ready * 5 + kept == 30
    assert counts.in_flight == 0


def test_comments_of_a_video_that_was_deleted_meanwhile_are_not_kept(place: Place) -> None:
    place.queue(60).send(batches(range(10)))
    assert place.store.delete_video(VIDEO)
    # Of the queue in the store, the messages are gone as well.
    place.send_raw(batches(range(10))[0].body())
    worker = work_off(place)
    assert worker.done.dropped == worker.done.comments > 0
    assert place.kept() == {}
    assert place.queue(60).counts().ready == 0
