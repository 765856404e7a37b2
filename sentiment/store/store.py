"""The store: one face for all parts, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sentiment.store.comments import Comments
from sentiment.store.database import Database
from sentiment.store.feedback import Feedback
from sentiment.store.messages import Messages
from sentiment.store.predictions import Predictions
from sentiment.store.quota import Quota
from sentiment.store.retention import Retention
from sentiment.store.rollouts import Rollouts
from sentiment.store.streamed import Streamed
from sentiment.store.watches import Watches
from sentiment.store.windows import Windows

_PATIENCE_S = 10.0


class Store(
    Comments,
    Predictions,
    Feedback,
    Quota,
    Retention,
    Windows,
    Rollouts,
    Messages,
    Watches,
    Streamed,
):
    """Comments, what models and people say of them, and the quota; see `open_store`.

    Synchronous and thread-safe. Every call is one short transaction; what it raises when the
    database fails is said at `sentiment.store.part.Part`, and it works again once the database
    does.
    """

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        self._database.close()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def open_store(
    url: str,
    *,
    clock: Callable[[], datetime] = _utc_now,
    patience_s: float = _PATIENCE_S,
    create: bool = True,
) -> Store:
    """Open a store and bring it to this version; several processes may do so at once.

    Args:
        url: `sqlite:///PATH`, or `postgresql://USER:PASSWORD@HOST/NAME` of an existing database.
        clock: gives now, with time zone.
        patience_s: seconds that a call waits for another's lock, > 0.
        create: whether a missing SQLite file and its folder are made.

    Raises:
        ConfigError: the address is of no store; the message does not repeat it.
        StoreUnavailableError: the store can't be reached, or is locked for too long.
        StoreError: it was written by a newer version of this program, or it is damaged.
        OutOfSpaceError: the disk is full.
    """
    database = Database(url, patience_s=patience_s, create=create)
    try:
        database.prepare()
    except BaseException:
        database.close()
        raise
    return Store(database, clock=clock)
