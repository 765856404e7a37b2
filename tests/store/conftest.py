"""Both databases, real ones: a test that takes `store` or `store_url` runs against each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from sentiment.store import Store, open_store
from tests.store.samples import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(store_url: str, clock: Clock) -> Iterator[Store]:
    opened = open_store(store_url, clock=clock)
    yield opened
    opened.close()


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    yield engine
    engine.dispose()


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """Past the store, into its database."""
    with engine_of(store_url) as engine:
        yield engine


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def sqlite_store(sqlite_path: Path, clock: Clock) -> Iterator[Store]:
    """For what only a file can suffer."""
    opened = open_store(f"sqlite:///{sqlite_path}", clock=clock, patience_s=0.3)
    yield opened
    opened.close()
