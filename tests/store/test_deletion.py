"""What a person removes goes, with all that hangs on it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from sentiment.store import PurgeKind, Store, comments
from sentiment.store.comments import write_comments
from sentiment.stream.messages import pack
from tests.store.kept import fill, scored
from tests.store.samples import NOW, VIDEO, comment


def test_delete_video_leaves_nothing_of_it(store: Store) -> None:
    fill(store)
    other = comment(9, video_id="video000002")
    store.save_comments([other], fetched_at=NOW)
    assert store.delete_video(VIDEO) is True
    assert store.video(VIDEO) is None
    assert store.known_ids(VIDEO) == frozenset()
    assert scored(store) == []
    assert store.feedback() == []
    assert store.latest_result(VIDEO) is None
    assert store.shown_model(VIDEO) is None
    assert store.comments("video000002", limit=9) == [other]
    (line,) = store.audit()
    assert line.kind is PurgeKind.VIDEO
    assert (line.comments, line.predictions, line.feedback, line.results) == (3, 3, 2, 1)


def test_delete_of_an_unknown_video_or_comment_is_false_and_not_noted(store: Store) -> None:
    assert store.delete_video(VIDEO) is False
    assert store.delete_comment("nobody") is False
    assert store.audit() == []


def test_delete_comment_takes_replies_votes_and_results_along(store: Store) -> None:
    fill(store)
    assert store.delete_comment(comment(2).id) is True
    assert store.known_ids(VIDEO) == {comment(1).id}
    assert [vote.comment_id for vote in store.feedback()] == [comment(1).id]
    assert scored(store) == [1]
    assert store.latest_result(VIDEO) is None
    (line,) = store.audit()
    assert line.kind is PurgeKind.COMMENT
    assert (line.comments, line.predictions, line.feedback, line.results) == (2, 2, 1, 1)


def test_delete_reply_leaves_its_parent(store: Store) -> None:
    fill(store)
    assert store.delete_comment(comment(3, parent=2).id) is True
    assert store.known_ids(VIDEO) == {comment(1).id, comment(2).id}


def test_deleted_comment_leaves_its_video_incomplete_and_of_another_generation(
    store: Store,
) -> None:
    fill(store)
    read_before = store.video(VIDEO)
    assert read_before is not None
    assert store.delete_comment(comment(3, parent=2).id)
    assert store.video(VIDEO) == replace(read_before, complete=False, resume_token=None)
    assert store.save_video(read_before) is None
    assert store.save_comments([comment(3, parent=2)], fetched_at=NOW, of=read_before) is False
    assert store.known_ids(VIDEO) == {comment(1).id, comment(2).id}


def test_deletion_of_a_comment_waits_for_who_is_about_to_write_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    writes, deleted = threading.Event(), threading.Event()

    def write_late(*arguments: Any) -> None:
        writes.set()
        deleted.wait(0.5)  # it is not, or this writes it again
        write_comments(*arguments)

    def delete_meanwhile() -> None:
        writes.wait(20)
        store.delete_comment(comment(1).id)
        deleted.set()

    monkeypatch.setattr(comments, "write_comments", write_late)
    with ThreadPoolExecutor(1) as pool:
        deleting = pool.submit(delete_meanwhile)
        store.save_comments([comment(1)], fetched_at=NOW, of=store.video(VIDEO))
        deleting.result()
    assert comment(1).id not in store.known_ids(VIDEO)


def test_deleted_comment_goes_from_queued_and_dead_messages_too(store: Store) -> None:
    fill(store)
    named, reply, other = (
        pack(VIDEO, [one], fetched_at=NOW)
        for one in (comment(2, text="edited"), comment(7, parent=2), comment(8))
    )
    bodies = [batch.body() for batches in (named, reply, other) for batch in batches]
    store.send_messages([(VIDEO, bodies[0])])
    (dying,) = store.receive_messages(9, visibility_s=60)
    store.bury_messages({(dying.id, dying.receipt): "reason"})
    store.send_messages([(VIDEO, body) for body in bodies])
    assert store.delete_comment(comment(2).id)
    assert [one.body for one in store.receive_messages(9, visibility_s=60)] == bodies[2:]
    assert store.dead_letters(9) == []
