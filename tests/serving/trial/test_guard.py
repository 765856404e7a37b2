"""When a candidate is withdrawn, by whom, and what is written down of it."""

from __future__ import annotations

import time

from sentiment.errors import StoreUnavailableError
from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import Seen
from sentiment.rollout.plan import Candidate
from sentiment.rollout.verdict import Limits
from sentiment.serving.memory import Breaker
from sentiment.serving.trial.guard import Guard
from sentiment.serving.trial.trial import Trial
from sentiment.store import Store
from sentiment.store.records import RolloutEventKind
from sentiment.youtube.replay import ReplayServer
from tests.serving.labelling import ConstantModel, two_models
from tests.serving.trial.bench import Bench, SlowModel
from tests.serving.trial.releasing import tried


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
    assert bench.answering("size0000003") == champion.digest
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
    assert bench.answering("size0000003") == champion.digest
    assert len(store.rollout_events()) == 1
