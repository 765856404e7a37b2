"""What a purge removes by age, and what stays."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sentiment.labels import Label
from sentiment.store import PurgeKind, Store, VideoRecord, result_titles
from sentiment.textclean import text_digest
from tests.store.kept import LIMIT, OLD, fill, scored, titled
from tests.store.samples import MODEL, NOW, VIDEO, Clock, comment


def test_purge_removes_old_texts_and_their_predictions(store: Store) -> None:
    fill(store)
    record = store.purge(older_than=LIMIT)
    assert (record.kind, record.at, record.older_than) == (PurgeKind.AGE, NOW, LIMIT)
    assert (record.comments, record.predictions) == (1, 1)
    assert store.known_ids(VIDEO) == {comment(2).id, comment(3, parent=2).id}
    assert comment(1) not in store.comments(VIDEO, limit=9)
    assert scored(store) == [2, 3]


def test_purge_keeps_votes_and_results(store: Store) -> None:
    fill(store)
    store.purge(older_than=LIMIT)
    assert len(store.feedback()) == 2
    assert store.latest_result(VIDEO) is not None
    store.add_feedback(comment(1).id, Label.POSITIVE, model_digest=None, voter="w")


def test_purge_takes_digests_of_texts_out_of_votes(store: Store) -> None:
    fill(store)
    kept = comment(3, parent=2)
    store.purge(older_than=LIMIT)
    digests = {vote.comment_id: vote.text_digest for vote in store.feedback()}
    assert digests == {comment(1).id: None, kept.id: text_digest(kept.text)}


@pytest.mark.parametrize("edited_at", [OLD, NOW])
def test_vote_on_a_text_that_an_edit_replaced_stays_one_after_purges(
    store: Store, edited_at: datetime
) -> None:
    store.save_comments([comment(1)], fetched_at=OLD)
    store.add_feedback(comment(1).id, Label.POSITIVE, model_digest=None, voter="v")
    edited = comment(1, text="edited")
    store.save_comments([edited], fetched_at=edited_at)
    for _ in range(2):
        store.purge(older_than=LIMIT)
        (vote,) = store.feedback()
        assert vote.text_digest == ""
        store.save_comments([edited], fetched_at=edited_at)


def test_prediction_stays_while_another_comment_has_the_text(store: Store) -> None:
    fill(store)
    store.save_comments([comment(8, text=comment(1).text)], fetched_at=NOW)
    assert store.purge(older_than=LIMIT).predictions == 0
    assert scored(store) == [1, 2, 3]


def test_video_that_lost_texts_is_no_longer_complete(store: Store) -> None:
    fill(store)
    store.purge(older_than=LIMIT)
    assert store.video(VIDEO) == VideoRecord(VIDEO, "A title", 2, NOW, looked_up_at=NOW)


def test_purge_forgets_what_youtube_said_of_a_video_long_ago(store: Store) -> None:
    old = VideoRecord(VIDEO, "A title", 2, OLD, resume_token="t", looked_up_at=OLD)
    store.save_video(old)
    store.purge(older_than=LIMIT)
    assert store.video(VIDEO) == VideoRecord(VIDEO, fetched_at=OLD)


@pytest.mark.parametrize("looked_up_at", [OLD, None])
def test_purge_forgets_a_title_of_long_ago_also_of_a_video_that_is_fetched_daily(
    store: Store, looked_up_at: datetime | None
) -> None:
    kept = VideoRecord(VIDEO, fetched_at=NOW, complete=True)
    store.save_video(replace(kept, title="A title", comment_count=2, looked_up_at=looked_up_at))
    store.purge(older_than=LIMIT)
    assert store.video(VIDEO) == kept


def test_purge_takes_titles_out_of_results_whatever_their_age(store: Store) -> None:
    """An older program beside this one writes them during a release."""
    video_ids = [f"video{number:06}" for number in range(250)]
    for video_id in video_ids:
        for model_digest in (MODEL, "b" * 64):
            at = NOW if model_digest == MODEL else OLD
            store.save_result(video_id, model_digest, titled(f"Title of {video_id}"), at)
    store.purge(older_than=LIMIT)
    unnamed = {"title": None, "comment_count": None, "is_live": None}
    for video_id in video_ids:
        found = store.latest_result(video_id)
        assert found is not None
        assert json.loads(found.document) == {"score": 0.5, "video": unnamed}
        assert found.computed_at == NOW


@pytest.mark.parametrize("document", ["{}", "[]", "no JSON", '{"video": {"title": null}}'])
def test_purge_leaves_results_without_a_title_as_they_are(store: Store, document: str) -> None:
    store.save_result(VIDEO, MODEL, document, NOW)
    store.save_result("video000002", MODEL, titled("A title"), NOW)
    store.purge(older_than=LIMIT)
    found, other = store.latest_result(VIDEO), store.latest_result("video000002")
    assert found is not None
    assert found.document == document
    assert other is not None
    assert "A title" not in other.document


def test_result_that_takes_the_place_of_one_with_a_title_during_the_purge_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save_result(VIDEO, MODEL, titled("A title"), OLD)
    without_title = result_titles._without_title

    def replaced_meanwhile(document: str | None) -> str | None:
        store.save_result(VIDEO, MODEL, '{"later": 1}', NOW)
        return without_title(document)

    monkeypatch.setattr(result_titles, "_without_title", replaced_meanwhile)
    store.purge(older_than=LIMIT)
    found = store.latest_result(VIDEO)
    assert found is not None
    assert found.document == '{"later": 1}'


def test_purged_comment_fetched_again_has_its_text_again(store: Store) -> None:
    fill(store)
    store.purge(older_than=LIMIT)
    store.save_comments([comment(1)], fetched_at=NOW)
    assert comment(1) in store.comments(VIDEO, limit=9)


def test_purge_is_noted_even_when_nothing_was_purged(store: Store, clock: Clock) -> None:
    first = store.purge(older_than=LIMIT)
    clock.now += timedelta(days=1)
    second = store.purge(older_than=LIMIT)
    assert (first.comments, second.comments) == (0, 0)
    assert store.audit() == [first, second]
