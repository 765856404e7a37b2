"""A candidate beside the champion, in the real service over real HTTP."""

from __future__ import annotations

import functools
import signal
from pathlib import Path

import pytest

from sentiment.comments import Status
from sentiment.labels import Label
from sentiment.release.bundle import MODEL_FILE
from sentiment.rollout.arms import Arm
from sentiment.rollout.plan import Plan
from sentiment.store.records import RolloutEventKind
from sentiment.textclean import text_digest
from sentiment.youtube.replay import ReplayServer
from tests.serving.load import Load
from tests.serving.swapping import Candidate, candidate, counted, until
from tests.serving.trial.failing_bundle import make_failing_bundle
from tests.serving.trial.releasing import ReleaseFolder, Served, is_canary, tried

pytestmark = pytest.mark.slow

VIDEOS = [f"size00000{number}" for number in range(30, 42)]


def test_canary_answers_its_videos_also_after_a_crash(
    folder: ReleaseFolder, one: Candidate, other: Candidate, replay: ReplayServer
) -> None:
    rollout = tried(other.digest, canary=0.5)
    folder.plan(rollout)
    wanted = {video_id: other if is_canary(video_id, rollout) else one for video_id in VIDEOS}
    assert len({its.digest for its in wanted.values()}) == 2
    voted = {}
    for _ in range(2):
        with folder.served(replay) as service:
            assert service.rollout["state"] == "running"
            assert service.rollout["digest"] == other.digest
            assert service.client.get("/v1/model").json() == one.body
            for video_id, its in wanted.items():
                body = service.analyse(video_id)
                assert body["model"] == its.body
                texts = [comment["text"] for comment in body["comments"]]
                assert its.says(texts, [comment["prediction"] for comment in body["comments"]])
                comment_id = body["comments"][0]["id"]
                voted[comment_id] = its.digest
                vote = {"comment_id": comment_id, "label": 1, "voter": "a random word"}
                assert service.client.post("/v1/feedback", json=vote).status_code == 201
            texts = ["a text without a video"]
            assert one.says(texts, service.client.post("/v1/predict", json={"texts": texts}).json())
            service.kill()
    with folder.store() as store:
        assert {vote.comment_id: vote.model_digest for vote in store.feedback()} == voted


def test_shadow_is_counted_and_never_shown(
    folder: ReleaseFolder, one: Candidate, other: Candidate, replay: ReplayServer
) -> None:
    rollout = tried(other.digest, shadow=1.0)
    folder.plan(rollout)
    texts: list[str] = []
    with folder.served(replay) as service:
        for video_id in VIDEOS:
            body = service.analyse(video_id)
            assert body["model"] == one.body
            new = [comment["text"] for comment in body["comments"]]
            # What is known already is not labelled again.
            known = set(map(text_digest, texts))
            texts += [text for text in new if text_digest(text) not in known]
            n_texts = len(_labels(texts, one, other))
            # Each is labelled in the pause before the next, so that none is dropped.
            until(functools.partial(_is_counted, service, n_texts), "the shadow")
    labels = _labels(texts, one, other)
    n_differing = sum(mine != its for mine, its in labels)
    assert n_differing > 0
    with folder.store() as store:
        counts = {arm.arm: arm for arm in store.arm_counts(rollout.rollout_id)}
        differences = store.differences(rollout.rollout_id, limit=10_000)
    assert counts.keys() == {Arm.CHAMPION, Arm.SHADOW}
    assert counts[Arm.CHAMPION].n_videos == counts[Arm.SHADOW].n_compared == len(VIDEOS)
    assert counts[Arm.SHADOW].n_texts == len(labels)
    assert 0 < len(differences) <= n_differing
    assert all(one.champion_label != one.candidate_label for one in differences)


def _labels(texts: list[str], one: Candidate, other: Candidate) -> list[tuple[Label, Label]]:
    """What both models say of the texts that have a label at all."""
    both = zip(one.predictor.predict(texts), other.predictor.predict(texts), strict=True)
    shown = {Status.OK, Status.UNSURE}
    return [(mine.label, its.label) for mine, its in both if mine.status in shown]


def _is_counted(service: Served, n_texts: int) -> bool:
    return counted(service.client, "sentiment_shadow_texts_total") == n_texts


def test_candidate_that_fails_costs_no_answer_and_never_runs_again(
    folder: ReleaseFolder, one: Candidate, tmp_path: Path, replay: ReplayServer
) -> None:
    failing = candidate(make_failing_bundle(tmp_path / "failing"))
    folder.add(failing.folder, failing.digest)
    rollout = tried(failing.digest, canary=1.0)
    folder.plan(rollout)
    with folder.served(replay) as service:
        assert service.is_in_state("running")
        for video_id in VIDEOS[:6]:
            body = service.analyse(video_id)
            assert body["model"] == one.body
            texts = [comment["text"] for comment in body["comments"]]
            assert one.says(texts, [comment["prediction"] for comment in body["comments"]])
            if video_id == VIDEOS[0]:
                assert service.is_in_state("running")
                vote = {"comment_id": body["comments"][0]["id"], "label": 1}
                assert service.client.post("/v1/feedback", json=vote).status_code == 201
        assert service.is_in_state("withdrawn")
        assert "5 calls in a row failed" in service.rollout["reason"]
        failed = 'sentiment_rollout_calls_total{arm="canary",outcome="failed"}'
        assert counted(service.client, failed) == 5
        with folder.store() as store:
            until(lambda: store.rollout_end(rollout.rollout_id), "the reason in the store")
            # The video is the candidate's; the label that the vote is on was the champion's.
            assert [vote.model_digest for vote in store.feedback()] == [one.digest]
        service.kill()
        log = service.running.log()
    assert all(digest in log for digest in (one.digest, failing.digest))
    with folder.served(replay) as service:
        assert service.is_in_state("withdrawn")
        assert service.analyse(VIDEOS[7])["model"] == one.body
        assert "beside model" not in service.running.log()
    with folder.store() as store:
        (end,) = store.rollout_events(rollout.rollout_id)
        assert (end.kind, end.digest) == (RolloutEventKind.ROLLED_BACK, failing.digest)
        assert "5 calls in a row failed" in end.reason


def test_what_can_not_be_used_changes_nothing(
    folder: ReleaseFolder, one: Candidate, other: Candidate, replay: ReplayServer
) -> None:
    model = folder.releases.bundle_folder(other.digest) / MODEL_FILE
    whole = model.read_bytes()
    model.write_bytes(whole[:-1])
    folder.plan(tried(other.digest, canary=1.0))
    with folder.served(replay) as service:

        def answers() -> None:
            assert service.client.get("/readyz").json()["model"] == one.body
            assert service.analyse(VIDEOS[0])["model"] == one.body

        assert service.is_in_state("refused")
        assert "is corrupt" in service.rollout["reason"]
        answers()
        # The plan names it as the champion, too.
        folder.releases.write(Plan(champion=other.digest))
        until(lambda: "is refused" in service.running.log().split("is corrupt")[-2], "a refusal")
        until(lambda: service.rollout == {}, "the candidate's end")
        answers()
        folder.releases.plan_path.write_text("{")
        until(lambda: "is no plan of ours" in service.running.log(), "a refusal")
        answers()
        folder.releases.plan_path.unlink()
        until(lambda: "was lost" in service.running.log(), "a refusal")
        answers()
        model.write_bytes(whole)
        folder.plan(tried(other.digest, canary=1.0))
        until(lambda: service.is_in_state("running"), "the candidate")
        assert service.analyse(VIDEOS[0])["model"] == other.body


def test_way_of_a_candidate_under_load_loses_no_request(
    folder: ReleaseFolder, one: Candidate, other: Candidate, replay: ReplayServer
) -> None:
    folder.plan(None)
    rollout = tried(other.digest, shadow=0.5)
    while not is_canary("size0000700", rollout.model_copy(update={"canary_share": 0.5})):
        rollout = tried(other.digest, shadow=0.5)
    with folder.served(replay, SENTIMENT_QUOTA_UNITS="1000000") as service:
        load = Load(service.running.url, {one.digest: one, other.digest: other})
        load.start()
        try:
            load.go_on_for(3)
            folder.plan(rollout)
            until(lambda: service.is_in_state("running"), "the shadow")
            load.go_on_for(3)
            folder.plan(rollout.model_copy(update={"canary_share": 0.5}))
            until(lambda: load.seen[f"stream {other.digest}"] > 0, "the canary's answers")
            folder.releases.write(Plan(champion=other.digest))
            service.running.process.send_signal(signal.SIGHUP)
            until(lambda: service.client.get("/v1/model").json() == other.body, "the promotion")
            until(lambda: load.seen[f"predict {other.digest}"] > 0, "the champion's answers")
        finally:
            load.end()
        assert load.faults == {}
        assert service.rollout == {}
        until(lambda: service.running.log().count("let go of model") == 2, "the models' end")
        assert "Traceback" not in service.running.log()
