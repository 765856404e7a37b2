from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from sentiment.labels import Label
from sentiment.store import PurgeKind, Store, VideoRecord, comments, open_store, result_titles
from sentiment.store.comments import write_comments
from sentiment.store.tables import Base, WatchRow
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


def titled(title: str | None) -> str:
    """A result's document as programs of before wrote it, titles in it."""
    video = {"title": title, "comment_count": 7, "is_live": False}
    return json.dumps({"score": 0.5, "video": video}, separators=(",", ":"))


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


def columns_with(store: Store, *marks: str) -> set[str]:
    """Which columns of any table name one of some marks."""
    with store._database.reading() as connection:
        return {
            f"{table.name}.{name}"
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(table)).mappings()
            for name, value in row.items()
            if any(mark in str(value) for mark in marks)
        }


@pytest.mark.parametrize("how", ["comment", "video", "unwatch", "purge", "purge of an ended one"])
def test_what_was_on_its_way_is_in_no_column_any_more(store: Store, clock: Clock, how: str) -> None:
    fill(store)
    store.add_watch(VIDEO, interval_s=60)
    goner = comment(2) if how == "comment" else comment(7)
    marks = goner.id, text_digest("edited")
    pending = json.dumps({"sent": {goner.id: text_digest("edited")}})
    if how.endswith("ended one"):  # as programs of before left it
        store.end_watch(VIDEO)
        with store._database.writing() as connection:
            connection.execute(update(WatchRow).values(pending=pending))
    else:
        store.update_watch(VIDEO, pending=pending)
    assert "stream_watches.pending" in columns_with(store, *marks)
    if how == "comment":
        assert store.delete_comment(goner.id)
    elif how == "video":
        assert store.delete_video(VIDEO)
    elif how == "unwatch":
        assert store.end_watch(VIDEO)
    else:
        clock.now += timedelta(days=31)
        store.purge(older_than=clock() - timedelta(days=30))
    assert columns_with(store, *marks) == set()
    kept = store.video(VIDEO)
    assert kept is None or not kept.complete


def test_purge_leaves_what_is_on_its_way_of_a_video_that_is_polled(store: Store) -> None:
    store.add_watch(VIDEO, interval_s=60)
    store.update_watch(VIDEO, pending="{}", polled_at=NOW)
    store.purge(older_than=LIMIT)
    assert store.watches_of([VIDEO])[VIDEO].pending == "{}"


def remains(path: Path, mark: bytes) -> dict[str, int]:
    """Where a mark still stands, in the database's file and in those beside it."""
    files = {file.name: file.read_bytes().count(mark) for file in path.parent.glob("store.db*")}
    return {name: count for name, count in files.items() if count}


def test_title_that_was_taken_out_of_a_result_is_in_no_file_any_more(
    sqlite_store: Store, sqlite_path: Path
) -> None:
    for number in range(300):
        title = "goner" + "x" * (number * 37 % 9_000)
        sqlite_store.save_result(f"video{number:06}", MODEL, titled(title), NOW)
    assert remains(sqlite_path, b"goner")
    sqlite_store.purge(older_than=LIMIT)
    assert remains(sqlite_path, b"goner") == {}


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
