"""A candidate beside the champion without a server: who answers, what is counted, when it ends."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from sentiment.comments import Prediction
from sentiment.errors import InferenceError, StoreUnavailableError
from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import ArmCounts, Seen
from sentiment.rollout.plan import Candidate
from sentiment.rollout.verdict import Limits
from sentiment.serving.activity import Activity
from sentiment.serving.memory import Breaker
from sentiment.serving.models import Model, Models
from sentiment.serving.trial.arms import Arms
from sentiment.serving.trial.guard import Guard
from sentiment.serving.trial.shadow import Shadow
from sentiment.serving.trial.shadow_queue import ShadowBatch, ShadowQueue
from sentiment.serving.trial.trial import Trial
from sentiment.serving.wire_analysis import AnalyzeBody, AnalyzeRequest
from sentiment.store import Store, open_store
from sentiment.store.records import RolloutEventKind
from sentiment.textclean import text_digest
from sentiment.youtube.replay import ReplayServer
from tests.serving.analysing import new_analyser
from tests.serving.labelling import ConstantModel, two_models
from tests.serving.trial.releasing import tried


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield made
    made.close()


@dataclass
class Bench:
    """Two models, one of them tried, and analyses over them.

    Attributes:
        champion: answers.
        trial: of the candidate.
        guard: of the trial; looks when it is told to.
    """

    store: Store
    endpoint: str
    champion: Model
    trial: Trial
    breaker: Breaker = field(default_factory=Breaker)

    def __post_init__(self) -> None:
        self.arms = Arms(Models(self.champion), is_store_away=lambda: self.breaker.is_open)
        self.arms.trial = self.trial
        self.guard = Guard(self.trial, store=self.store, breaker=self.breaker)

    def analyse(self, *video_ids: str, max_comments: int = 500) -> list[AnalyzeBody]:
        """Return analyses, one after the other."""
        analyser = new_analyser(self.store, self.endpoint, arms=self.arms)

        async def run() -> list[AnalyzeBody]:
            return [
                await analyser.analyse(AnalyzeRequest(video_id=id_, max_comments=max_comments))
                for id_ in video_ids
            ]

        try:
            return asyncio.run(run())
        finally:
            analyser.close()

    @property
    def counts(self) -> dict[Arm, ArmCounts]:
        """What the store has counted."""
        return {arm.arm: arm for arm in self.store.arm_counts(self.trial.plan.rollout_id)}


class SlowModel(ConstantModel):
    """Takes its time for each text."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        time.sleep(0.01 * len(texts))
        return super().predict(texts)


@dataclass(eq=False)
class TiringModel(ConstantModel):
    """Labels well at first, and fails then."""

    good_calls: int = 1

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.good_calls -= 1
        if self.good_calls < 0:
            raise InferenceError("tired")
        return super().predict(texts)


def dropped() -> float:
    return REGISTRY.get_sample_value("sentiment_shadow_dropped_texts_total") or 0.0


def test_slow_candidate_is_withdrawn_and_the_reason_is_kept(
    store: Store, replay: ReplayServer
) -> None:
    limits = Limits(slow_ms_a_text=5)
    plan = tried("b" * 64, canary=0.5, limits=limits)
    bench = Bench(
        store, replay.endpoint, ConstantModel("a" * 64, 0.75), Trial(plan, SlowModel("b" * 64, 0.9))
    )
    videos = [f"size00000{number:02}" for number in range(1, 60)]
    for video_id in videos:
        bench.analyse(video_id, max_comments=5)
        bench.guard.look()
        if not bench.trial.is_running:
            break
    end = store.rollout_end(plan.rollout_id)
    assert end is not None
    assert (end.kind, end.digest, end.reason) == (
        RolloutEventKind.ROLLED_BACK,
        "b" * 64,
        bench.trial.reason,
    )
    assert end.reason.startswith("more calls that are slow: between")
    # All is the champion's again.
    assert {body.model.digest for body in bench.analyse(*videos[-3:])} == {"a" * 64}


def test_answer_of_a_candidate_that_tires_is_all_of_the_champions(
    store: Store, replay: ReplayServer
) -> None:
    champion = ConstantModel("a" * 64, 0.75)
    tiring = TiringModel("b" * 64, 0.875)
    plan = tried("b" * 64, canary=1.0)
    bench = Bench(store, replay.endpoint, champion, Trial(plan, tiring))
    (body,) = bench.analyse("size0000300")
    assert (body.fetched, body.model.digest) == (300, "a" * 64)
    assert {one.prediction.probabilities.positive for one in body.comments} == {0.75}
    digests = [text_digest(comment.text) for comment in body.comments]
    assert store.predictions("b" * 64, digests) == {}
    assert set(store.predictions("a" * 64, digests).values()) == {champion.outcome}
    bench.guard.look()
    canary = bench.counts[Arm.CANARY]
    assert (canary.n_calls, canary.failing) == (2, 0.5)
    assert bench.counts.keys() == {Arm.CANARY}
    assert bench.trial.is_running


def test_candidate_that_never_answers_is_given_up(store: Store, replay: ReplayServer) -> None:
    champion, candidate = two_models()
    candidate.go_on.clear()
    plan = tried(candidate.digest, canary=1.0, limits=Limits(slow_ms_a_text=0.001))
    bench = Bench(store, replay.endpoint, champion, Trial(plan, candidate, patience_s=0.05))
    try:
        (body,) = bench.analyse("size0000030")
        assert body.model.digest == champion.digest
        assert candidate.is_called.is_set()
        bench.guard.look()
    finally:
        candidate.go_on.set()
    end = store.rollout_end(plan.rollout_id)
    assert end is not None
    assert "no answer within" in end.reason


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


class Unsteady:
    """A store that is away when it is told to be."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.is_away = False

    def __getattr__(self, name: str) -> object:
        if self.is_away:
            raise StoreUnavailableError("away")
        return getattr(self.store, name)


def test_store_that_is_away_leaves_all_to_the_champion(store: Store, replay: ReplayServer) -> None:
    champion, candidate = two_models()
    plan: Candidate = tried(candidate.digest, canary=1.0)
    trial = Trial(plan, candidate)
    unsteady = Unsteady(store)
    bench = Bench(store, replay.endpoint, champion, trial, Breaker(pause_s=0.2))
    guard = Guard(trial, store=unsteady, breaker=bench.breaker)  # type: ignore[arg-type]
    assert bench.analyse("size0000003")[0].model.digest == candidate.digest
    unsteady.is_away = True
    guard.look()  # what was counted is lost
    assert bench.arms.shown("size0000003").digest == champion.digest
    assert bench.arms.lend("size0000003").loan.model is champion
    # It fails all the same, and is withdrawn without the store.
    for _ in range(5):
        trial.count(Seen(video_id="size0000003", arm=Arm.CANARY, failed=True))
    assert trial.state == "withdrawn"
    guard.look()
    unsteady.is_away = False
    while bench.breaker.is_open:
        time.sleep(0.01)
    guard.look()
    end = store.rollout_end(plan.rollout_id)
    assert end is not None
    assert end.reason == "5 calls in a row failed (canary)"
    assert bench.counts == {}


def test_end_by_another_process_is_noticed(store: Store, replay: ReplayServer) -> None:
    champion, candidate = two_models()
    plan = tried(candidate.digest, canary=1.0)
    bench = Bench(store, replay.endpoint, champion, Trial(plan, candidate))
    store.add_rollout_event(
        plan.rollout_id, RolloutEventKind.ABORTED, digest=plan.digest, reason="by hand"
    )
    bench.guard.look()
    assert (bench.trial.state, bench.trial.reason) == ("withdrawn", "aborted: by hand")
    assert bench.arms.shown("size0000003").digest == champion.digest
    assert len(store.rollout_events()) == 1


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
