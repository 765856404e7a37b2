"""The shadow: it works in the pauses, holds nothing up, and what has no room is dropped."""

from __future__ import annotations

import threading
import time

from prometheus_client import REGISTRY

from sentiment.serving.activity import Activity
from sentiment.serving.trial.shadow import Shadow
from sentiment.serving.trial.shadow_queue import ShadowBatch, ShadowQueue
from sentiment.serving.trial.trial import Trial
from sentiment.store import Store
from sentiment.youtube.replay import ReplayServer
from tests.serving.labelling import two_models
from tests.serving.trial.bench import Bench
from tests.serving.trial.releasing import tried


def dropped() -> float:
    return REGISTRY.get_sample_value("sentiment_shadow_dropped_texts_total") or 0.0


def test_shadow_that_is_stuck_holds_nothing_up(store: Store, replay: ReplayServer) -> None:
    champion, candidate = two_models()
    candidate.go_on.clear()
    trial = Trial(tried(candidate.digest, shadow=1.0), candidate)
    trial.queue = ShadowQueue(max_texts=40)
    bench = Bench(store, replay.endpoint, champion, trial)
    before = dropped()
    Shadow(trial, activity=Activity()).start()
    try:
        first, *others = bench.analyse("size0000030", "size0000031", "size0000032", "size0000033")
        assert candidate.is_called.wait(30)
        assert {body.model.digest for body in (first, *others)} == {champion.digest}
        # One at work and one in the queue, at most.
        assert dropped() - before > 33
    finally:
        candidate.go_on.set()
        trial.close()


def test_shadow_works_while_nobody_waits() -> None:
    champion, candidate = two_models()
    trial = Trial(tried(candidate.digest, shadow=1.0), candidate)
    activity = Activity()
    batch = ShadowBatch("size0000030", ["a", "b"], [champion.outcome] * 2)
    comparing = threading.Thread(target=Shadow(trial, activity=activity).compare, args=(batch,))
    with activity:
        comparing.start()
        assert not candidate.is_called.wait(0.1)
    comparing.join(30)
    assert candidate.is_called.is_set()


def test_shadow_drops_what_has_waited_for_long() -> None:
    champion, candidate = two_models()
    trial = Trial(tried(candidate.digest, shadow=1.0), candidate)
    before = dropped()
    offered_s = time.monotonic() - 60
    batch = ShadowBatch("size0000030", ["a", "b"], [champion.outcome] * 2, at_s=offered_s)
    Shadow(trial, activity=Activity()).compare(batch)
    assert not candidate.is_called.is_set()
    assert dropped() - before == 2


def test_queue_has_room_for_so_much() -> None:
    queue = ShadowQueue(max_texts=3, max_characters=10)
    champion, _ = two_models()

    def batch(*texts: str) -> ShadowBatch:
        return ShadowBatch("size0000030", texts, [champion.outcome] * len(texts))

    assert queue.offer(batch("a", "b"))
    assert not queue.offer(batch("c", "d"))
    assert not queue.offer(batch("long enough"))
    taken = queue.take(0)
    assert taken is not None
    assert taken.texts == ("a", "b")
    assert queue.offer(batch("c", "d"))
    queue.close()
    assert queue.take(0) is None


def test_nothing_of_a_deleted_video_is_counted_afterwards(
    store: Store, replay: ReplayServer
) -> None:
    champion, candidate = two_models()
    trial = Trial(tried(candidate.digest, shadow=1.0), candidate)
    bench = Bench(store, replay.endpoint, champion, trial)
    bench.analyse("size0000030", "size0000031")
    batch = trial.queue.take(0)
    assert batch is not None
    for video_id in ("size0000030", "size0000031"):
        trial.forget(video_id)
    Shadow(trial, activity=Activity()).compare(batch)
    assert trial.queue.take(0) is None
    bench.guard.look()
    assert bench.counts == {}
