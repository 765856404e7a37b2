from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sentiment.labels import Label
from sentiment.store import PurgeKind, Store, VideoRecord, comments, open_store
from sentiment.store.comments import write_comments
from sentiment.stream.messages import pack
from sentiment.textclean import text_digest
from tests.store.samples import MODEL, NOW, VIDEO, Clock, comment, prediction

OLD = NOW - timedelta(days=40)
LIMIT = NOW - timedelta(days=30)


def fill(store: Store) -> None:
    """One old and one new comment of a video, with predictions, a vote and a result."""
    known = VideoRecord(VIDEO, "A title", 2, NOW, looked_up_at=NOW)
    store.save_video(replace(known, complete=True, resume_token="t"))
    store.save_comments([comment(1)], fetched_at=OLD)
    store.save_comments([comment(2), comment(3, parent=2)], fetched_at=NOW)
    texts = [comment(number).text for number in (1, 2, 3)]
    store.save_predictions(MODEL, {text_digest(text): prediction() for text in texts})
    for kept in (comment(1), comment(3, parent=2)):
        store.add_feedback(kept.id, Label.NEGATIVE, model_digest=None, voter="v")
    store.save_result(VIDEO, MODEL, "{}", NOW)
    store.save_shown(VIDEO, MODEL)


def scored(store: Store) -> list[int]:
    digests = {text_digest(comment(number).text): number for number in (1, 2, 3)}
    return sorted(digests[found] for found in store.predictions(MODEL, list(digests)))


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


def remains(path: Path, mark: bytes) -> dict[str, int]:
    """Where a mark still stands, in the database's file and in those beside it."""
    files = {file.name: file.read_bytes().count(mark) for file in path.parent.glob("store.db*")}
    return {name: count for name, count in files.items() if count}


@pytest.mark.parametrize("how", ["purge", "video", "comments"])
def test_removed_text_is_in_no_file_any_more(
    sqlite_store: Store, sqlite_path: Path, how: str
) -> None:
    # Long and short ones, edited ones too, so that pages split, merge and overflow.
    goners = [comment(n, text="goner" + "x" * (n * 37 % 9_000)) for n in range(1_500)]
    stayers = [
        comment(n, text="stays" * (n % 50), video_id="video000002") for n in range(5_000, 6_000)
    ]
    for some in (goners[::2], stayers, goners[1::2]):
        sqlite_store.save_comments(some, fetched_at=OLD)
    edited = [comment(n, text="goner, edited" + "y" * n) for n in range(0, 1_500, 3)]
    sqlite_store.save_comments(edited, fetched_at=OLD)
    sqlite_store.save_comments(stayers, fetched_at=NOW)
    assert remains(sqlite_path, b"goner")
    if how == "purge":
        sqlite_store.purge(older_than=LIMIT)
    elif how == "video":
        sqlite_store.delete_video(VIDEO)
    else:
        for goner in goners[:3]:
            sqlite_store.delete_comment(goner.id)
        sqlite_store.purge(older_than=LIMIT)
    assert remains(sqlite_path, b"goner") == {}
    assert remains(sqlite_path, b"stays")


def test_text_before_an_edit_is_in_no_file_of_a_closed_store(sqlite_path: Path) -> None:
    store = open_store(f"sqlite:///{sqlite_path}")
    store.save_comments([comment(1, text="goner"), comment(2)], fetched_at=OLD)
    store.save_comments([comment(1, text="edited")], fetched_at=NOW)
    store.close()
    assert remains(sqlite_path, b"goner") == {}
    assert remains(sqlite_path, b"edited") == {"store.db": 1}


def test_files_of_a_closed_store_hold_all_of_it(sqlite_path: Path) -> None:
    store = open_store(f"sqlite:///{sqlite_path}")
    store.save_comments([comment(1)], fetched_at=NOW)
    store.close()
    assert [file.name for file in sqlite_path.parent.glob("store.db*")] == ["store.db"]
