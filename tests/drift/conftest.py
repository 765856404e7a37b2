from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sentiment.release.bundle import Bundle
from sentiment.store import Store, open_store
from tests.drift.made import make_watched_bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return make_watched_bundle(tmp_path / "bundle")


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()
