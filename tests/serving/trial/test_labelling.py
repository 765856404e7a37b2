"""A candidate that fails in the middle of an analysis: who answers, and whose labels these are."""

from __future__ import annotations

from sentiment.rollout.arms import Arm
from sentiment.rollout.verdict import Limits
from sentiment.serving.trial.trial import Trial
from sentiment.store import Store
from sentiment.textclean import text_digest
from sentiment.youtube.replay import ReplayServer
from tests.serving.labelling import ConstantModel, two_models
from tests.serving.trial.bench import Bench, TiringModel
from tests.serving.trial.releasing import tried


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
    # A vote on any of them counts for the champion, though the video is the candidate's.
    assert bench.answering("size0000300") == "b" * 64
    assert store.shown_model("size0000300") == "a" * 64
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


def test_video_is_shown_with_the_model_that_labelled_it_last(
    store: Store, replay: ReplayServer
) -> None:
    champion, candidate = two_models()
    trial = Trial(tried(candidate.digest, canary=1.0), candidate)
    bench = Bench(store, replay.endpoint, champion, trial)
    bench.analyse("size0000030")
    assert store.shown_model("size0000030") == candidate.digest
    trial.withdraw("it was rude")
    # Whoever looks at its labels still votes on them.
    assert store.shown_model("size0000030") == candidate.digest
    bench.analyse("size0000030")
    assert store.shown_model("size0000030") == champion.digest
