"""Locks, full disks, lost files, stopped servers and killed processes."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from sentiment.errors import OutOfSpaceError, StoreError, StoreUnavailableError
from sentiment.store import Store, VideoRecord, open_store
from sentiment.store.database import Database
from tests.store.postgres import PostgresServer, find_binaries
from tests.store.processes import SAVE, start
from tests.store.samples import NOW, VIDEO, comment

RECORD = VideoRecord(VIDEO, title="kept")


@contextmanager
def another_writer(path: Path) -> Iterator[sqlite3.Connection]:
    """Hold the write lock of a store, as another program would."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_locked_file_is_told_after_a_while_and_reading_goes_on(
    sqlite_store: Store, sqlite_path: Path
) -> None:
    sqlite_store.save_video(RECORD)
    with another_writer(sqlite_path):
        with pytest.raises(StoreUnavailableError, match=r"busy for too long .*SQLITE_BUSY"):
            sqlite_store.save_comments([comment(1)], fetched_at=NOW)
        assert sqlite_store.video(VIDEO) == RECORD
    sqlite_store.save_comments([comment(1)], fetched_at=NOW)
    assert sqlite_store.known_ids(VIDEO) == {comment(1).id}


def test_writing_waits_for_another_writer(sqlite_store: Store, sqlite_path: Path) -> None:
    patient = open_store(f"sqlite:///{sqlite_path}", patience_s=60)
    with another_writer(sqlite_path) as other:
        release = threading.Timer(0.5, other.rollback)
        release.start()
        patient.save_video(RECORD)
        release.join()
    assert sqlite_store.video(VIDEO) == RECORD
    patient.close()


def test_opening_waits_for_another_that_makes_the_store(sqlite_path: Path) -> None:
    with another_writer(sqlite_path) as other:
        other.execute("CREATE TABLE other (x)")
        release = threading.Timer(0.5, other.commit)
        release.start()
        store = open_store(f"sqlite:///{sqlite_path}", patience_s=60)
        release.join()
    store.save_video(RECORD)
    store.close()


def test_opening_a_locked_file_is_told(sqlite_path: Path) -> None:
    open_store(f"sqlite:///{sqlite_path}").close()
    with another_writer(sqlite_path), pytest.raises(StoreUnavailableError, match="busy"):
        open_store(f"sqlite:///{sqlite_path}", patience_s=0.2)


def test_locked_row_is_told_after_a_while(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_store()
    store = open_store(url, patience_s=0.3)
    store.save_video(RECORD)
    with psycopg.connect(url) as other:
        other.execute("SELECT * FROM videos FOR UPDATE")
        with pytest.raises(StoreUnavailableError, match=r"busy for too long .*55P03"):
            store.save_video(RECORD)
    store.save_video(RECORD)
    store.close()


def test_full_disk_is_told_and_leaves_nothing_half_written(
    sqlite_store: Store, sqlite_path: Path
) -> None:
    sqlite_store.save_comments([comment(0)], fetched_at=NOW)
    pages = sqlite_path.stat().st_size // 4096 + 30

    def shrink(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    engine = sqlite_store._database._engine
    engine.dispose()
    event.listen(engine, "connect", shrink)
    many = [comment(number, text="x" * 500) for number in range(1, 2_000)]
    with pytest.raises(OutOfSpaceError, match="SQLITE_FULL"):
        sqlite_store.save_comments(many, fetched_at=NOW)
    assert sqlite_store.comments(VIDEO, limit=9) == [comment(0)]
    event.remove(engine, "connect", shrink)
    engine.dispose()
    sqlite_store.save_comments(many, fetched_at=NOW)
    assert len(sqlite_store.known_ids(VIDEO)) == 2_000


def test_lost_file_is_told_and_works_once_it_is_back(
    sqlite_store: Store, sqlite_path: Path
) -> None:
    sqlite_store.save_video(RECORD)
    away = sqlite_path.with_name("away")
    away.mkdir()
    files = list(sqlite_path.parent.glob("store.db*"))
    for file in files:
        file.rename(away / file.name)
    for call in (sqlite_store.audit, lambda: sqlite_store.save_video(RECORD)):
        with pytest.raises(StoreUnavailableError, match="can't be opened or read"):
            call()
    assert not sqlite_path.exists()
    for file in files:
        (away / file.name).rename(file)
    sqlite_store.audit()
    assert sqlite_store.video(VIDEO) == RECORD


def test_file_replaced_by_another_is_read_anew(
    sqlite_store: Store, sqlite_path: Path, tmp_path: Path
) -> None:
    sqlite_store.save_video(VideoRecord(VIDEO, title="old"))
    other = open_store(f"sqlite:///{tmp_path}/other.db")
    other.save_video(RECORD)
    other.close()
    for file in sqlite_path.parent.glob("store.db*"):
        file.unlink()
    (tmp_path / "other.db").rename(sqlite_path)
    assert sqlite_store.video(VIDEO) == RECORD


def test_damaged_file_is_told(sqlite_store: Store, sqlite_path: Path) -> None:
    sqlite_store.save_video(RECORD)
    sqlite_store.close()
    content = sqlite_path.read_bytes()
    sqlite_path.write_bytes(b"nonsense" * (len(content) // 8))
    with pytest.raises(StoreError, match="damaged"):
        sqlite_store.video(VIDEO)


@pytest.fixture
def own_server(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """A server to stop, apart from the one that other tests need."""
    binaries = find_binaries()
    assert binaries is not None
    server = PostgresServer(binaries)
    try:
        server.start()
        yield server
    finally:
        server.remove()


def test_stopped_server_is_told_and_works_once_it_is_back(own_server: PostgresServer) -> None:
    store = open_store(own_server.new_store())
    store.save_video(RECORD)
    own_server.stop()
    calls: tuple[Callable[[], object], ...] = (
        store.audit,
        lambda: store.video(VIDEO),
        lambda: store.save_video(RECORD),
    )
    for call in calls:
        with pytest.raises(StoreUnavailableError, match="can't be reached") as raised:
            call()
        assert own_server.password not in str(raised.value)
    own_server.start()
    store.audit()
    assert store.video(VIDEO) == RECORD
    store.close()


def test_connection_cut_by_the_server_is_replaced(postgres_server: PostgresServer) -> None:
    store = open_store(postgres_server.new_store())
    store.save_video(RECORD)
    postgres_server.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'user_%'"
    )
    assert store.video(VIDEO) == RECORD
    store.close()


def test_host_that_vanishes_is_noticed_within_half_a_minute(
    postgres_server: PostgresServer,
) -> None:
    database = Database(postgres_server.new_store(), patience_s=1, create=True)
    with database.reading() as connection:
        driver: Any = connection.connection.driver_connection
        wire = socket.socket(fileno=os.dup(driver.fileno()))
    with wire:
        assert 0 < wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 30_000
        assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        idle_s, interval_s, count = (
            wire.getsockopt(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        )
    assert idle_s + interval_s * count <= 30
    database.close()


@pytest.mark.parametrize("n_turns", [1, 3, 6])
def test_killed_process_leaves_all_of_a_save_or_nothing(store_url: str, n_turns: int) -> None:
    open_store(store_url).close()
    writer = start(SAVE, store_url)
    try:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(n_turns)]
        assert lines[-1] == f"{n_turns - 1}\n"
    finally:
        writer.kill()  # in the midst of the next save
        writer.communicate()
    store = open_store(store_url)
    kept = store.comments(VIDEO, limit=1_000)
    assert len(kept) == len({found.id for found in kept}) == 300
    (text,) = {found.text for found in kept}
    assert int(text.removeprefix("turn ")) >= n_turns - 1
    store.save_comments([comment(1, text="it goes on")], fetched_at=NOW.replace(year=2030))
    store.close()


def test_closed_store_opens_again_by_itself(store: Store) -> None:
    store.save_video(RECORD)
    store.close()
    assert store.video(VIDEO) == RECORD
