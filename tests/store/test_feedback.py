from __future__ import annotations

import re
from datetime import timedelta

import pytest

from sentiment.errors import CommentUnknownError
from sentiment.labels import Label
from sentiment.store import Store
from sentiment.textclean import text_digest
from tests.store.samples import MODEL, NOW, Clock, comment

ID = comment(1).id


@pytest.fixture(autouse=True)
def _kept_comment(store: Store) -> None:
    store.save_comments([comment(1), comment(2)], fetched_at=NOW)


def test_feedback_comes_back_as_given(store: Store) -> None:
    record = store.add_feedback(ID, Label.NEGATIVE, model_digest=MODEL, voter="v")
    assert store.feedback() == [record]
    assert (record.comment_id, record.label, record.created_at) == (ID, Label.NEGATIVE, NOW)
    assert (record.model_digest, record.voter) == (MODEL, "v")
    assert record.text_digest == text_digest(comment(1).text)


def test_feedback_ids_cannot_be_guessed(store: Store) -> None:
    ids = {store.add_feedback(ID, Label.NEUTRAL, model_digest=None, voter=None).id for _ in "ab"}
    assert len(ids) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)


def test_later_vote_of_a_voter_replaces_the_earlier(store: Store, clock: Clock) -> None:
    first = store.add_feedback(ID, Label.NEGATIVE, model_digest=None, voter="v")
    clock.now += timedelta(seconds=1)
    second = store.add_feedback(ID, Label.POSITIVE, model_digest=None, voter="v")
    assert store.feedback() == [second]
    assert store.undo_feedback(first.id) is False
    assert store.feedback() == [second]


def test_later_vote_is_on_the_text_as_edited_meanwhile(store: Store) -> None:
    store.add_feedback(ID, Label.NEGATIVE, model_digest=None, voter="v")
    store.save_comments([comment(1, text="edited")], fetched_at=NOW)
    (vote,) = store.feedback()
    assert vote.text_digest != store.voted_comments()[ID].text_digest
    store.add_feedback(ID, Label.POSITIVE, model_digest=None, voter="v")
    (vote,) = store.feedback()
    assert vote.text_digest == store.voted_comments()[ID].text_digest == text_digest("edited")


def test_votes_of_others_on_others_or_of_nobody_stay(store: Store, clock: Clock) -> None:
    votes = []
    for comment_id, voter in ((ID, "v"), (ID, "w"), (comment(2).id, "v"), (ID, None), (ID, None)):
        clock.now += timedelta(seconds=1)
        vote = store.add_feedback(comment_id, Label.NEUTRAL, model_digest=None, voter=voter)
        votes.append(vote)
    assert store.feedback() == votes


def test_undo_removes_the_vote_once(store: Store) -> None:
    record = store.add_feedback(ID, Label.NEGATIVE, model_digest=None, voter="v")
    assert store.undo_feedback(record.id) is True
    assert store.undo_feedback(record.id) is False
    assert store.feedback() == []


def test_vote_on_an_unknown_comment_is_refused(store: Store) -> None:
    with pytest.raises(CommentUnknownError, match="does not hold"):
        store.add_feedback("nobody", Label.NEGATIVE, model_digest=None, voter="v")
    assert store.feedback() == []
