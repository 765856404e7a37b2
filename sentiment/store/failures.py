"""What a failure of the database means: one table for SQLite, one for PostgreSQL.

Messages name the store and the driver's code, never a statement, a value or a password: a value
may be a comment's text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from sentiment.errors import OutOfSpaceError, SentimentError, StoreError, StoreUnavailableError

_BUSY = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))
_UNREACHABLE = frozenset((sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM))
_DAMAGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))

# PostgreSQL, Appendix A: lock_not_available, query_canceled (here: by a timeout), deadlock.
_PG_BUSY = frozenset(("55P03", "57014", "40P01", "40001"))
_PG_FULL = frozenset(("53100",))
# Connection exceptions, invalid authorisation, no such database, resources, shutdown, system.
_PG_UNREACHABLE = ("08", "28", "3D", "53", "57P", "58")


@contextmanager
def clear_failures(name: str) -> Iterator[None]:
    """Turn the database's errors within the block into ours.

    Args:
        name: of the store, as it stands in messages.

    Raises:
        OutOfSpaceError: the disk is full; the transaction left nothing.
        StoreUnavailableError: the store can't be reached, or is locked for too long.
        StoreError: any other failure.
    """
    try:
        yield
    except SQLAlchemyError as error:
        # Neither the cause nor the context is shown: a driver's message can quote a row.
        raise meaning(error, name) from None


def is_busy(error: BaseException) -> bool:
    """Tell whether SQLite says that another writer is at work."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(original, sqlite3.Error) and _primary_code(original) in _BUSY


def meaning(error: SQLAlchemyError, name: str) -> SentimentError:
    """Return our error for one of the database's; see `clear_failures`."""
    if isinstance(error, NoConnectionError):
        return _busy(name, "every connection is in use")
    if not isinstance(error, DBAPIError):
        return StoreError(
            f"{name} was asked for something that it can't do ({_kinds(error)}).",
            hint="This is a defect of this program: please report it.",
        )
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _sqlite_meaning(original, name)
    return _postgresql_meaning(original, name)


def _sqlite_meaning(error: sqlite3.Error, name: str) -> SentimentError:
    code = _primary_code(error)
    said = getattr(error, "sqlite_errorname", type(error).__name__)
    if code == sqlite3.SQLITE_FULL:
        return _full(name, said)
    if code in _BUSY:
        return _busy(name, f"another program is writing to it, {said}")
    if code == sqlite3.SQLITE_READONLY:
        return StoreUnavailableError(
            f"{name} can't be written to ({said}).",
            hint="Give this program the right to write the file and its folder.",
        )
    if code in _UNREACHABLE:
        return StoreUnavailableError(
            f"{name} can't be opened or read ({said}).",
            hint="Bring the file back or see to its disk and rights; no restart is needed then. "
            "A restart starts an empty store where the file is missing.",
        )
    if code in _DAMAGED:
        return StoreError(
            f"{name} is damaged or no SQLite database ({said}).",
            hint="Restore it from a backup, or move it away to start an empty one.",
        )
    return _unforeseen(name, said)


def _postgresql_meaning(error: BaseException | None, name: str) -> SentimentError:
    state = getattr(error, "sqlstate", None)
    said = type(error).__name__ + (f", SQLSTATE {state}" if state else "")
    if state in _PG_FULL:
        return _full(name, said)
    if state in _PG_BUSY:
        return _busy(name, said)
    # What libpq itself finds, such as a refused connection, has no state.
    if state is None or state.startswith(_PG_UNREACHABLE):
        return StoreUnavailableError(
            f"{name} can't be reached, or refuses ({said}).",
            hint="See that the server runs and that SENTIMENT_STORE_URL names user, password and "
            "database rightly.",
        )
    return _unforeseen(name, said)


def _kinds(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None)
    return type(error).__name__ + (f", {type(cause).__name__}" if cause else "")


def _primary_code(error: sqlite3.Error) -> int:
    # The low byte; the rest tells apart kinds of it.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _full(name: str, said: str) -> OutOfSpaceError:
    return OutOfSpaceError(
        f"No space is left for {name} ({said}); nothing was half-written.",
        hint="Free some disk space and try again.",
    )


def _busy(name: str, why: str) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"{name} was busy for too long ({why}).", hint="Wait a moment and try again."
    )


def _unforeseen(name: str, said: str) -> StoreError:
    return StoreError(
        f"{name} failed ({said}).", hint="Look at the database's own log; report it if it persists."
    )
