"""How a store is opened: addresses, versions, several at once, out of a wheel's folder."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from sentiment.errors import ConfigError, StoreError, StoreUnavailableError
from sentiment.store import Store, VideoRecord, migrate, open_store
from sentiment.store.migrate import READABLE_TABLE, VERSION_TABLE
from sentiment.store.tables import Base
from tests.conftest import REPOSITORY
from tests.store.postgres import PostgresServer
from tests.store.processes import OPEN, run_together
from tests.store.samples import VIDEO


def test_migrations_make_the_tables_that_the_code_knows(store: Store, engine: Engine) -> None:
    def is_ours(found: Any, name: str | None, kind: str, *_: Any) -> bool:
        return not (kind == "table" and name in {VERSION_TABLE, READABLE_TABLE})

    options: dict[str, Any] = {"version_table": VERSION_TABLE, "include_object": is_ours}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_opening_again_keeps_what_is_there(store_url: str) -> None:
    for _ in "ab":
        store = open_store(store_url)
        store.save_video(VideoRecord(VIDEO, title="kept"))
        store.close()
    store = open_store(store_url)
    assert store.video(VIDEO) == VideoRecord(VIDEO, title="kept")
    store.close()


NEXT_VERSION = """
import sqlalchemy as sa

revision, down_revision = "9999", {head!r}
{declared}

def upgrade(op):
    op.add_column("videos", sa.Column("added_next", sa.Text))
    op.create_table("added_next", sa.Column("id", sa.Text, primary_key=True))
"""


@contextmanager
def code_of_the_next_version(folder: Path, declared: str = "") -> Iterator[None]:
    """Let the program know one migration more."""
    ours = Path(migrate.__file__).parent / "migrations"
    shutil.copytree(ours, folder / "migrations")
    head = ScriptDirectory(ours, version_locations=[ours / "versions"]).get_current_head()
    text = NEXT_VERSION.format(head=head, declared=declared)
    (folder / "migrations" / "versions" / "r9999_next.py").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "_SCRIPTS", folder / "migrations")
        yield


def test_code_of_the_version_before_uses_a_store_that_only_grew(
    store_url: str, engine: Engine, tmp_path: Path
) -> None:
    open_store(store_url).close()
    with code_of_the_next_version(tmp_path / "next"):
        store = open_store(store_url)
        store.save_video(VideoRecord(VIDEO, title="by the next"))
        store.close()
    now = datetime.now(UTC)
    for title in ("by the one before", "and opened again"):
        store = open_store(store_url)
        record = VideoRecord(VIDEO, title=title, looked_up_at=now)
        store.save_video(record)
        assert store.video(VIDEO) == record
        store.purge(older_than=now)
        store.close()
    with engine.begin() as connection:
        assert connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) == "9999"
        assert connection.scalar(text("SELECT count(*) FROM added_next")) == 0
    with code_of_the_next_version(tmp_path / "again"):
        store = open_store(store_url)
        assert store.video(VIDEO) == record
        store.close()


def test_store_that_a_newer_version_changed_is_refused_and_untouched(
    store_url: str, engine: Engine, tmp_path: Path
) -> None:
    with code_of_the_next_version(tmp_path / "next", declared="breaks_older = True"):
        open_store(store_url).close()
    with pytest.raises(StoreError, match=r"newer version .* at version 9999"):
        open_store(store_url)
    with engine.begin() as connection:
        assert connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) == "9999"


def test_newer_store_that_says_nothing_of_older_code_is_refused(
    store_url: str, engine: Engine
) -> None:
    open_store(store_url).close()
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
        connection.execute(text(f"DROP TABLE {READABLE_TABLE}"))
    with pytest.raises(StoreError, match=r"newer version .* at version 9999"):
        open_store(store_url)


def test_store_of_before_this_was_written_down_says_it_from_now_on(
    store_url: str, engine: Engine
) -> None:
    open_store(store_url).close()
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {READABLE_TABLE}"))
    open_store(store_url).close()
    with engine.begin() as connection:
        assert connection.scalar(text(f"SELECT since FROM {READABLE_TABLE}")) == "0001"


def test_processes_may_open_a_fresh_store_at_once(store_url: str) -> None:
    assert run_together(OPEN, store_url, n=4) == [""] * 4
    open_store(store_url, create=False).audit()


def test_threads_may_open_a_fresh_store_at_once(store_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for store in pool.map(open_store, [store_url] * 4):
            store.audit()
            store.close()


def test_sqlite_works_in_wal_mode(sqlite_store: Store, sqlite_path: Path) -> None:
    with sqlite3.connect(sqlite_path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_missing_file_is_not_made_where_that_is_not_wanted(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="no such file"):
        open_store(f"sqlite:///{tmp_path}/none.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_no_database_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(StoreError, match="damaged or no SQLite database"):
        open_store(f"sqlite:///{tmp_path}/letter.txt")
    assert (tmp_path / "letter.txt").read_text().startswith("Dear Sir")


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailableError, match=r"file/store.db can't be made"):
        open_store(f"sqlite:///{tmp_path}/file/store.db")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("hunter2", "can't be read"),
        ("mysql://me:hunter2@127.0.0.1/x", "'mysql'"),
        ("postgresql+asyncpg://me:hunter2@127.0.0.1/x", "'postgresql\\+asyncpg'"),
        ("sqlite://", "no SQLite file"),
        ("sqlite:///:memory:", "no SQLite file"),
        ("sqlite:///x.db?key=hunter2", "no SQLite file"),
    ],
)
def test_address_of_no_store_is_refused_without_repeating_it(url: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        open_store(url)
    assert "hunter2" not in str(raised.value)
    assert "sqlite:///" in raised.value.hint


def test_wrong_password_is_told_and_not_shown(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_store().replace(postgres_server.password, "hunter2")
    with pytest.raises(StoreUnavailableError, match=f"127.0.0.1:{postgres_server.port}") as raised:
        open_store(url)
    assert "hunter2" not in str(raised.value) + repr(raised.value)
    assert raised.value.__suppress_context__


def test_missing_database_is_told(postgres_server: PostgresServer) -> None:
    with pytest.raises(StoreUnavailableError, match="can't be reached"):
        open_store(postgres_server.url("nowhere"))


def test_migrations_are_found_where_the_package_alone_is_copied(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "sentiment", tmp_path / "sentiment", ignore=ignored)
    program = (
        "import sentiment.store as s; s.open_store('sqlite:///new/x.db').audit(); print(s.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(tmp_path))
    assert (tmp_path / "new" / "x.db").is_file()
