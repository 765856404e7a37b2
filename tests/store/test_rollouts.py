from __future__ import annotations

from datetime import timedelta

import pytest

from sentiment.comments import Prediction, Status
from sentiment.labels import Label
from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import Difference, Seen
from sentiment.rollout.verdict import Decision, Limits, judge
from sentiment.store import Store
from sentiment.store.records import RolloutEventKind
from sentiment.textclean import text_digest
from tests.store.samples import MODEL, NOW, VIDEO, Clock, comment, prediction

ROLLOUT = "0123456789abcdef"
CHAMPION = "c" * 64


def test_the_video_counts_once_however_many_calls_it_took(store: Store) -> None:
    seen = [Seen(video_id="busy", arm=Arm.CANARY, slow=index < 3) for index in range(4)]
    store.add_seen(ROLLOUT, [*seen, Seen(video_id="calm", arm=Arm.CANARY, failed=True)])
    store.add_seen(
        ROLLOUT, [Seen(video_id="calm", arm=Arm.SHADOW, n_texts=10, n_differing=2, score_gap=1.5)]
    )
    store.add_seen("f" * 16, [Seen(video_id="other", arm=Arm.CANARY)])
    canary, shadow = store.arm_counts(ROLLOUT)
    assert (canary.arm, canary.n_videos, canary.n_calls) == (Arm.CANARY, 2, 5)
    assert canary.slow == pytest.approx(0.75)
    assert canary.failing == 1.0
    assert (canary.n_compared, canary.differing) == (0, 0.0)
    assert (shadow.n_compared, shadow.n_texts) == (1, 10)
    assert shadow.differing == pytest.approx(0.2)
    assert shadow.score_gap == pytest.approx(1.5)


def test_only_votes_against_what_the_arm_showed_count_as_corrections(store: Store) -> None:
    store.add_rollout_event(ROLLOUT, RolloutEventKind.CANARY, digest=MODEL)
    said = Prediction(Label.POSITIVE, (0.1, 0.2, 0.7), Status.OK)
    votes = (
        ("wrong", Label.NEGATIVE, MODEL),
        ("right", Label.POSITIVE, MODEL),
        ("older", Label.NEGATIVE, "n" * 64),
    )
    for number, (video, vote, shown_by) in enumerate(votes):
        one = comment(number, video_id=video)
        store.save_comments([one], fetched_at=NOW)
        store.save_predictions(MODEL, {text_digest(one.text): said})
        store.add_feedback(one.id, vote, model_digest=shown_by, voter=None)
        store.add_seen(ROLLOUT, [Seen(video_id=video, arm=Arm.CANARY)])
    (canary,) = store.arm_counts(ROLLOUT)
    assert (canary.n_videos, canary.corrected) == (3, 1)


def test_vote_on_a_text_of_before_an_edit_is_no_correction(store: Store) -> None:
    store.add_rollout_event(ROLLOUT, RolloutEventKind.CANARY, digest=MODEL)
    said = Prediction(Label.POSITIVE, (0.1, 0.2, 0.7), Status.OK)
    store.save_comments([comment(1)], fetched_at=NOW)
    store.add_feedback(comment(1).id, Label.NEGATIVE, model_digest=MODEL, voter=None)
    store.save_comments([comment(1, text="edited")], fetched_at=NOW)
    store.save_predictions(MODEL, {text_digest("edited"): said})
    store.add_seen(ROLLOUT, [Seen(video_id=VIDEO, arm=Arm.CANARY)])
    assert [arm.corrected for arm in store.arm_counts(ROLLOUT)] == [0]
    store.add_feedback(comment(1).id, Label.NEGATIVE, model_digest=MODEL, voter=None)
    assert [arm.corrected for arm in store.arm_counts(ROLLOUT)] == [1]


def test_vote_on_a_video_that_fell_back_is_no_correction_of_the_candidate(store: Store) -> None:
    store.add_rollout_event(ROLLOUT, RolloutEventKind.CANARY, digest=MODEL)
    said = Prediction(Label.POSITIVE, (0.1, 0.2, 0.7), Status.OK)
    # The second was in the champion's share before that became smaller.
    for number, arms in enumerate(((Arm.CANARY,), (Arm.CANARY, Arm.CHAMPION))):
        one = comment(number, video_id=f"video00000{number}")
        store.save_comments([one], fetched_at=NOW)
        for model in (MODEL, CHAMPION):
            store.save_predictions(model, {text_digest(one.text): said})
        store.add_feedback(one.id, Label.NEGATIVE, model_digest=CHAMPION, voter=None)
        store.add_seen(ROLLOUT, [Seen(video_id=one.video_id, arm=arm) for arm in arms])
    corrected = {arm.arm: arm.corrected for arm in store.arm_counts(ROLLOUT)}
    assert corrected == {Arm.CANARY: 0, Arm.CHAMPION: 1}


def label(store: Store, arm: Arm, numbers: range) -> None:
    """Have an arm's model label videos of one comment each."""
    comments = [comment(number, video_id=f"video{number:06}") for number in numbers]
    store.save_comments(comments, fetched_at=NOW)
    digest = MODEL if arm is Arm.CANARY else CHAMPION
    store.save_predictions(digest, {text_digest(one.text): prediction() for one in comments})
    store.add_seen(ROLLOUT, [Seen(video_id=one.video_id, arm=arm) for one in comments])


def correct(store: Store, arm: Arm, numbers: range) -> None:
    digest = MODEL if arm is Arm.CANARY else CHAMPION
    for number in numbers:
        vote_on = comment(number).id
        store.add_feedback(vote_on, Label.NEGATIVE, model_digest=digest, voter=None)


def counted(store: Store) -> dict[Arm, tuple[int, int]]:
    return {arm.arm: (arm.n_videos, arm.corrected) for arm in store.arm_counts(ROLLOUT)}


def test_canary_is_compared_with_what_the_champion_did_since_it_began(
    store: Store, clock: Clock
) -> None:
    store.add_rollout_event(ROLLOUT, RolloutEventKind.SHADOW, digest=MODEL)
    label(store, Arm.CHAMPION, range(400))
    shadow = [Seen(video_id=f"video{n:06}", arm=Arm.SHADOW, n_texts=10) for n in range(400)]
    store.add_seen(ROLLOUT, shadow)
    clock.now += timedelta(days=7)
    correct(store, Arm.CHAMPION, range(260))
    assert counted(store) == {Arm.CHAMPION: (400, 260), Arm.SHADOW: (400, 0)}
    clock.now += timedelta(days=1)
    store.add_rollout_event(ROLLOUT, RolloutEventKind.CANARY, digest=MODEL)
    # On its first day three times as many of the candidate's videos are corrected.
    label(store, Arm.CHAMPION, range(1_000, 1_150))
    correct(store, Arm.CHAMPION, range(1_000, 1_015))
    label(store, Arm.CANARY, range(2_000, 2_150))
    correct(store, Arm.CANARY, range(2_000, 2_050))
    assert counted(store) == {
        Arm.CHAMPION: (150, 15),
        Arm.CANARY: (150, 50),
        Arm.SHADOW: (400, 0),
    }
    wide = Limits(more_failures=0.5, more_slow=0.5, differing=0.5, more_corrected=0.25)
    verdict = judge(store.arm_counts(ROLLOUT), wide, is_canary=True)
    assert verdict.decision == Decision.GO_ON


def test_video_of_before_the_canary_counts_from_its_next_call_on(
    store: Store, clock: Clock
) -> None:
    store.add_rollout_event(ROLLOUT, RolloutEventKind.SHADOW, digest=MODEL)
    label(store, Arm.CHAMPION, range(3))
    correct(store, Arm.CHAMPION, range(1))
    clock.now += timedelta(days=1)
    store.add_rollout_event(ROLLOUT, RolloutEventKind.CANARY, digest=MODEL)
    assert counted(store) == {}
    label(store, Arm.CHAMPION, range(2))
    assert counted(store) == {Arm.CHAMPION: (2, 0)}
    clock.now += timedelta(days=1)
    store.add_rollout_event(ROLLOUT, RolloutEventKind.CANARY, digest=MODEL, reason="wider")
    correct(store, Arm.CHAMPION, range(1, 3))
    assert counted(store) == {Arm.CHAMPION: (2, 1)}


def test_canary_that_was_taken_back_begins_anew(store: Store, clock: Clock) -> None:
    for days, kind in enumerate(("canary", "shadow", "canary")):
        clock.now += timedelta(days=1)
        store.add_rollout_event(ROLLOUT, RolloutEventKind(kind), digest=MODEL)
        label(store, Arm.CHAMPION, range(10 * days, 10 * days + 5))
        correct(store, Arm.CHAMPION, range(10 * days, 10 * days + 2))
        n_kinds = 2 if kind == "shadow" else 1
        assert counted(store) == {Arm.CHAMPION: (5 * n_kinds, 2 * n_kinds)}


def test_differences_are_kept_once_and_go_with_their_text(store: Store) -> None:
    kept = comment(1, text="kept")
    store.save_comments([kept], fetched_at=NOW)
    near = Difference(text_digest("kept"), 1, 0, 0.6, 0.1)
    far = Difference(text_digest("gone"), 1, -1, 0.6, -0.9)
    for _ in range(2):
        store.add_seen(ROLLOUT, [], differences=[near, far])
    assert store.differences(ROLLOUT, limit=10) == [far, near]
    store.purge(older_than=NOW)
    assert store.differences(ROLLOUT, limit=10) == [near]


def test_a_deleted_video_is_gone_from_the_counts(store: Store) -> None:
    store.add_seen(ROLLOUT, [Seen(video_id=video, arm=Arm.CHAMPION) for video in ("a", "b")])
    store.save_comments([comment(1, video_id="a")], fetched_at=NOW)
    store.delete_video("a")
    (left,) = store.arm_counts(ROLLOUT)
    assert left.n_videos == 1


def test_a_rollout_ends_once(store: Store) -> None:
    store.add_rollout_event(ROLLOUT, RolloutEventKind.SHADOW, digest=MODEL)
    assert store.rollout_end(ROLLOUT) is None
    first = store.add_rollout_event(
        ROLLOUT, RolloutEventKind.ROLLED_BACK, digest=MODEL, reason="slow"
    )
    second = store.add_rollout_event(ROLLOUT, RolloutEventKind.PROMOTED, digest=MODEL)
    assert first == second == store.rollout_end(ROLLOUT)
    assert [event.kind for event in store.rollout_events(ROLLOUT)] == ["shadow", "rolled back"]
