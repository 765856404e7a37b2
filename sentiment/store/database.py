"""The database behind the store: where it is, how to reach it, and its transactions.

SQLite: a file in WAL mode, where readers and one writer never wait for each other. PostgreSQL:
through psycopg. Statements are written by the store's parts.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, QueuePool, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DisconnectionError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

from sentiment.errors import (
    ConfigError,
    OutOfSpaceError,
    SentimentError,
    StoreUnavailableError,
)
from sentiment.store import migrate
from sentiment.store.failures import clear_failures, is_busy
from sentiment.store.tables import Base

logger = logging.getLogger(__name__)

_CONNECT_TIMEOUT_S = 5
_STATEMENT_TIMEOUT_S = 120
# Of libpq. A host that vanished closes no connection, and the kernel would wait for it for a
# quarter of an hour where something was sent, for two hours where its answer is waited for.
_VANISHED = {
    "tcp_user_timeout": 10_000,  # milliseconds without a word of what was sent
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
# Any number, as long as all versions of this program take the same.
_MIGRATION_LOCK = 7_305_821_946
_WANTED_URL = "Write sqlite:///PATH/TO/FILE or postgresql://USER:PASSWORD@HOST/NAME."
_RETRY_S = 0.05
# Execution option: how a transaction begins in SQLite; None begins none.
_BEGIN = "sentiment_begin"


class Database:
    """Connections and transactions. Thread-safe.

    Args:
        url: `sqlite:///PATH` or `postgresql://…`.
        patience_s: seconds to wait for another's lock or for a free connection, > 0.
        create: whether a missing SQLite file is made.

    Raises:
        ConfigError: the address is of no store.
        StoreUnavailableError: the SQLite file or its folder can't be made or is missing.
        OutOfSpaceError: the disk is full.
    """

    def __init__(self, url: str, *, patience_s: float, create: bool) -> None:
        place = _parse(url)
        self._file = Path(place.database or "").absolute() if _is_sqlite(place) else None
        self._patience_s = patience_s
        if self._file is None:
            self.name = f"The store on {place.host or 'localhost'}:{place.port or 5432}"
            options = _postgresql_options(place, patience_s)
        else:
            self.name = f"The store {self._file}"
            _make_file(self._file, create=create)
            options = _sqlite_options(self._file, patience_s)
        self._engine = create_engine(
            place, hide_parameters=True, pool_timeout=patience_s, **options
        )
        if self._file is not None:
            _listen(self._engine, self._file)
        # A reader sees one moment, however many statements it has: in SQLite it does anyhow.
        one_moment = {} if self._file is not None else {"isolation_level": "REPEATABLE READ"}
        self._reader = self._engine.execution_options(**one_moment)
        # A writer takes its lock at once: one that reads first could not wait for others.
        self._writer = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self._bare = self._engine.execution_options(**{_BEGIN: None})

    def prepare(self) -> None:
        """Bring the tables to this version; several processes may do so at once.

        Raises:
            StoreUnavailableError: the database can't be reached, or is locked for too long.
            StoreError: it was written by a newer version, or failed.
            OutOfSpaceError: the disk is full.
        """
        if self._file is not None:
            self._switch_to_wal()
        with self.writing() as connection:
            if self._file is None:
                lock = text("SELECT pg_advisory_xact_lock(:key)")
                connection.execute(lock, {"key": _MIGRATION_LOCK})
            migrate.upgrade(connection, name=self.name)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection within a transaction that only reads, all of it as at one moment."""
        with clear_failures(self.name), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection within a transaction: all of the block is kept, or nothing."""
        with clear_failures(self.name), self._writer.begin() as connection:
            yield connection

    def insert(self, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
        """Return an INSERT that can say what happens on a conflict."""
        return sqlite.insert(table) if self._file is not None else postgresql.insert(table)

    def lock(self, connection: Connection, name: str) -> None:
        """Keep other writers that lock the same name waiting until the transaction ends."""
        if self._file is None:  # SQLite has one writer at a time anyhow
            key = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
            connection.execute(key, {"name": name})

    def forget(self) -> None:
        """Overwrite what deleting left in SQLite's files; call it after deleting for good.

        Writing waits meanwhile. It never fails: what was deleted is gone for every reader, and
        a later call overwrites what this one could not. PostgreSQL overwrites removed rows by
        itself, in its own time (autovacuum).
        """
        if self._file is None:
            return
        try:
            with clear_failures(self.name), self._bare.connect() as connection:
                # `secure_delete` leaves copies behind where pages were split or merged.
                connection.exec_driver_sql("VACUUM")
                (busy, *_) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        except SentimentError as error:
            logger.warning("deleted rows are not overwritten yet, the next purge will: %s", error)
        else:
            if busy:
                logger.warning("a reader kept deleted rows from being overwritten until later")

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()

    def _switch_to_wal(self) -> None:
        # SQLite does not wait for others here, whatever its time-out.
        attempts = Retrying(
            retry=retry_if_exception(is_busy),
            stop=stop_after_delay(self._patience_s),
            wait=wait_fixed(_RETRY_S),
            reraise=True,
        )
        with clear_failures(self.name):
            attempts(self._set_journal_mode)

    def _set_journal_mode(self) -> None:
        with self._bare.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _parse(url: str) -> URL:
    try:
        place = make_url(url)
    except ArgumentError:
        # Its message holds the address, and that may hold a password.
        raise ConfigError("The store's address can't be read.", hint=_WANTED_URL) from None
    if place.drivername in {"postgresql", "postgresql+psycopg"}:
        return place.set(drivername="postgresql+psycopg")
    if place.drivername != "sqlite":
        raise ConfigError(
            f"The store's address names {place.drivername!r}, which is no store known here.",
            hint=_WANTED_URL,
        )
    if place.host or place.query or place.database in {None, "", ":memory:"}:
        raise ConfigError(
            "The store's address is of no SQLite file: wanted sqlite:/// and a path, no options.",
            hint=_WANTED_URL,
        )
    return place


def _make_file(path: Path, *, create: bool) -> None:
    if not create and not path.exists():
        raise StoreUnavailableError(
            f"Wanted the store {path}, and found no such file.",
            hint="Name the store in SENTIMENT_STORE_URL, or start the service once to make one.",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        kind = OutOfSpaceError if error.errno == errno.ENOSPC else StoreUnavailableError
        raise kind(
            f"The store {path} can't be made: {error.strerror}.",
            hint="Name another place in SENTIMENT_STORE_URL, or see to the disk and its rights.",
        ) from error


def _postgresql_options(url: URL, patience_s: float) -> dict[str, Any]:
    ours = {
        "connect_timeout": _CONNECT_TIMEOUT_S,
        "options": f"-c lock_timeout={max(1, round(patience_s * 1000))} "
        f"-c statement_timeout={_STATEMENT_TIMEOUT_S * 1000} -c timezone=UTC",
        **_VANISHED,
    }
    arguments = {name: value for name, value in ours.items() if name not in url.query}
    # A server may have been restarted since a connection was last used.
    return {"connect_args": arguments, "pool_pre_ping": True}


def _sqlite_options(path: Path, patience_s: float) -> dict[str, Any]:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            # Read and write, never make: a file that vanished must not come back empty.
            f"{path.as_uri()}?mode=rw",
            uri=True,
            timeout=patience_s,
            # Transactions begin where `_begin` says, not where the driver guesses.
            isolation_level=None,
            check_same_thread=False,
        )

    return {"creator": connect, "poolclass": QueuePool}


@dataclass(frozen=True, slots=True)
class _Identity:
    """Which file stands at a path."""

    device: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> _Identity | None:
        """Return the identity of the file at `path`; None where none is."""
        try:
            status = path.stat()
        except OSError:
            return None
        return cls(status.st_dev, status.st_ino)


def _listen(engine: Any, path: Path) -> None:  # noqa: ANN401 - events take any target
    """Set up each SQLite connection, and see before each use that its file is still there."""

    def on_connect(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ANN401
        for setting in (
            "foreign_keys=ON",
            # What is deleted is overwritten with zeros.
            "secure_delete=ON",
            # In WAL mode a crash of the machine can cost the last commits, never the file.
            "synchronous=NORMAL",
        ):
            connection.execute(f"PRAGMA {setting}")
        record.info["file"] = _Identity.of(path)

    def on_checkout(_: sqlite3.Connection, record: Any, __: Any) -> None:  # noqa: ANN401
        # An open file lives on after it is removed: writes would go nowhere.
        if record.info["file"] != _Identity.of(path):
            raise DisconnectionError("the file is another one now")

    def on_begin(connection: Connection) -> None:
        if begin := connection.get_execution_options().get(_BEGIN, "BEGIN"):
            connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "checkout", on_checkout)
    event.listen(engine, "begin", on_begin)
