"""A store and a stand-in of YouTube, as new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sentiment.store import Store, open_store
from sentiment.youtube.replay import ReplayServer


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


@pytest.fixture
def youtube() -> Iterator[ReplayServer]:
    with ReplayServer() as server:
        yield server
