"""The purge inside the service, over a real store."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sentiment.comments import KEPT_TEXT_DAYS, PANEL_RESULT_DAYS
from sentiment.serving.purging import purge_daily
from sentiment.store import Store, open_store
from tests.conftest import REPOSITORY
from tests.store.samples import comment


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'db'}", patience_s=0.01)
    yield store
    store.close()


def _purge(store: Store, *, until_audited: bool = True) -> None:
    async def run() -> None:
        purging = asyncio.create_task(purge_daily(store, first_after_s=0))
        ends_s = asyncio.get_running_loop().time() + 20
        while until_audited and not store.audit():
            assert asyncio.get_running_loop().time() < ends_s
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        assert not purging.done()
        purging.cancel()

    asyncio.run(run())


def test_texts_go_before_a_panel_could_keep_them_for_too_long(store: Store) -> None:
    now = datetime.now(UTC)
    kept_days = KEPT_TEXT_DAYS - PANEL_RESULT_DAYS
    too_old_tomorrow = now - timedelta(days=kept_days - 1)
    old, young = comment(1), comment(2)
    store.save_comments([old], fetched_at=too_old_tomorrow)
    store.save_comments([young], fetched_at=now - timedelta(days=kept_days - 2))
    _purge(store)
    assert store.comments(old.video_id, limit=9) == [young]


def test_the_panel_keeps_results_for_as_long_as_the_purge_allows_for() -> None:
    index = REPOSITORY / "chrome_extension" / "src" / "panel" / "state" / "archive_index.ts"
    assert f"export const LONGEST_AGE_MS = {PANEL_RESULT_DAYS} * DAY_MS;" in index.read_text()


def test_purge_that_fails_is_told_and_tried_again_later(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocker = sqlite3.connect(tmp_path / "db", isolation_level=None)
    blocker.execute("begin immediate")
    _purge(store, until_audited=False)
    blocker.close()
    assert "tried again in an hour" in caplog.text
