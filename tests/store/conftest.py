"""Both databases, real ones: a test that takes `store` or `store_url` runs against each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sentiment.store import Store, open_store
from tests.store.postgres import PostgresServer, find_binaries
from tests.store.samples import Clock


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server for the session; skip where none is installed, unless everything has to run."""
    binaries = find_binaries()
    if binaries is None:
        reason = "PostgreSQL is not installed (Debian's package `postgresql`)"
        if os.environ.get("SENTIMENT_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    server = PostgresServer(binaries)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that does not exist yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new folder/store.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_store()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(store_url: str, clock: Clock) -> Iterator[Store]:
    opened = open_store(store_url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def sqlite_store(sqlite_path: Path, clock: Clock) -> Iterator[Store]:
    """For what only a file can suffer."""
    opened = open_store(f"sqlite:///{sqlite_path}", clock=clock, patience_s=0.3)
    yield opened
    opened.close()
