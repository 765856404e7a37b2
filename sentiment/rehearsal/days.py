"""Days that pass in a moment: what the store holds becomes older."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

# The store writes moments as `YYYY-MM-DD HH:MM:SS.ffffff`; the fraction is kept as it is.
_AGED = "datetime(substr({0}, 1, 19), ?) || substr({0}, 20)"
_PATIENCE_S = 30.0


def let_days_pass(store: Path, days: int) -> None:
    """Make all that a store fetched as many days older, while a service goes on using it.

    Args:
        store: file of a SQLite store.
        days: > 0.
    """
    fetched_at = _AGED.format("fetched_at")
    with closing(sqlite3.connect(store, timeout=_PATIENCE_S)) as connection, connection:
        for table in ("comments", "videos"):
            connection.execute(
                f"UPDATE {table} SET fetched_at = {fetched_at} WHERE fetched_at IS NOT NULL",  # noqa: S608 - fixed words
                (f"-{days} days",),
            )
