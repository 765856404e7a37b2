"""The daily purge inside the service: what YouTube's policy wants gone is gone, without a cron."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from anyio import to_thread

from sentiment.comments import KEPT_TEXT_DAYS, PANEL_RESULT_DAYS
from sentiment.errors import OutOfSpaceError, StoreError
from sentiment.store import Store

_log = logging.getLogger(__name__)

_FIRST_AFTER_S = 30.0
_EVERY_S = 24 * 3_600.0
_AGAIN_AFTER_S = 3_600.0


def start_purging(store: Store) -> asyncio.Task[None]:
    """Start `purge_daily`; should it ever break off, the log says so at once.

    Returns:
        The task, to be cancelled at the end.
    """
    task = asyncio.create_task(purge_daily(store))
    task.add_done_callback(_say_why)
    return task


async def purge_daily(store: Store, *, first_after_s: float = _FIRST_AFTER_S) -> None:
    """Purge texts that are too old, now and then every day, until cancelled.

    What would become too old before the next time goes now. Several services on one store do no
    harm: a second purge finds nothing.

    Args:
        store: of the service.
        first_after_s: seconds before the first one, >= 0: a start has better things to do.
    """
    wait_s = first_after_s
    while True:
        await asyncio.sleep(wait_s)
        wait_s = await to_thread.run_sync(_purge, store)


def _purge(store: Store) -> float:
    """Purge once; return how many seconds to wait for the next time."""
    # A panel that is shown a text today may hold it for some days more.
    kept = timedelta(days=KEPT_TEXT_DAYS - PANEL_RESULT_DAYS)
    kept -= timedelta(seconds=_EVERY_S + _AGAIN_AFTER_S)
    try:
        record = store.purge(older_than=datetime.now(UTC) - kept)
    except (StoreError, OutOfSpaceError) as error:
        _log.error("the daily purge failed and is tried again in an hour: %s", error)
        return _AGAIN_AFTER_S
    _log.info("purged %d texts and %d predictions", record.comments, record.predictions)
    return _EVERY_S


def _say_why(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("the daily purge broke off; texts are kept too long", exc_info=error)
