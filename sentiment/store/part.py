"""What the parts of the store share: the database and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sentiment.store.database import Database

# An older SQLite takes 999 values in a statement.
_CHUNK = 900


class Part:
    """A part of the store. Thread-safe, as the database is.

    Every method raises `StoreUnavailableError` when the database can't be reached or is locked
    for too long, `OutOfSpaceError` when its disk is full and `StoreError` for anything else; the
    transaction then left nothing.

    Args:
        database: prepared.
        clock: gives now, with time zone.
    """

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock


def chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield `values` in pieces short enough for one statement."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
