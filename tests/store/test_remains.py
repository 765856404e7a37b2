"""What was removed stands in no column and in no file any more."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from sentiment.store import Store, open_store
from sentiment.store.tables import Base, WatchRow
from sentiment.textclean import text_digest
from tests.store.kept import LIMIT, OLD, fill, titled
from tests.store.samples import MODEL, NOW, VIDEO, Clock, comment


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
