"""Every kind of queue: a test that takes `place` runs against each. And what is polled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sentiment.store import Store, open_store
from sentiment.youtube.replay import ReplayServer
from tests.cli.calling import CommandLine
from tests.store.samples import Clock
from tests.stream.places import (
    VIDEO,
    Place,
    embedded_place,
    file_away,
    server_away,
    sqs_place,
)
from tests.stream.polling import Stream


@pytest.fixture(params=["sqlite", "postgresql", "sqs"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A queue, and a store that watches `VIDEO`."""
    path = tmp_path / "store.db"
    url = f"sqlite:///{path}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        url = server.new_store()
    store = open_store(url, patience_s=2)
    store.add_watch(VIDEO, interval_s=15)
    if request.param == "sqs":
        yield sqs_place(request.getfixturevalue("aws"), store, url)
    elif request.param == "postgresql":
        yield embedded_place(store, url, lambda: server_away(server))
    else:
        yield embedded_place(store, url, lambda: file_away(path))
    store.close()


@pytest.fixture
def sentiment(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    loggers_as_they_were: None,
) -> CommandLine:
    """The command line, in this process and in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(monkeypatch, capsys)


@pytest.fixture(scope="module")
def replay() -> Iterator[ReplayServer]:
    with ReplayServer() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}", clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def stream(store: Store, replay: ReplayServer, clock: Clock) -> Stream:
    return Stream(store, replay.endpoint, clock)
