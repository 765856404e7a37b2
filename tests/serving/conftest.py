"""One server, as BentoML serves it, for all tests of the interface."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.bundles import make_tiny_bundle
from tests.serving.running import (
    SERVE,
    Running,
    announced,
    bentoml_serve,
    free_port,
    spawned,
    wait_until_ready,
)
from tests.serving.swapping import Candidate, candidate

ORIGIN = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"


@pytest.fixture(scope="session")
def replay() -> Iterator[ReplayServer]:
    with ReplayServer() as server:
        yield server


@pytest.fixture(scope="session")
def server(
    tiny_bundle: Path, replay: ReplayServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log_path = tmp_path_factory.mktemp("service") / "log"
    variables = {
        "SENTIMENT_MODEL_DIR": str(tiny_bundle),
        "SENTIMENT_YOUTUBE_ENDPOINT": replay.endpoint,
        "SENTIMENT_ALLOWED_ORIGINS": ORIGIN,
    }
    with spawned(bentoml_serve(port), log_path=log_path, variables=variables) as process:
        wait_until_ready(url, process, log_path)
        yield Running(url, process, log_path)
        # The supervisor must take its worker with it.
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        socket.create_server(("127.0.0.1", port)).close()


@pytest.fixture(scope="session")
def client(server: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def one(tiny_bundle: Path) -> Candidate:
    """The tiny bundle with what its model says."""
    return candidate(tiny_bundle)


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """A second one with other weights."""
    folder = tmp_path_factory.mktemp("other") / "other"
    return candidate(make_tiny_bundle(folder, name="other", seed=99))


@pytest.fixture(scope="module")
def slow_replay() -> Iterator[ReplayServer]:
    """A stand-in that takes its time, so that a client can leave half-way."""
    with ReplayServer(ReplayOptions(latency_ms=100)) as server:
        yield server


@pytest.fixture(scope="module")
def slow_client(
    tiny_bundle: Path, slow_replay: ReplayServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    variables = {
        "SENTIMENT_MODEL_DIR": str(tiny_bundle),
        "SENTIMENT_YOUTUBE_ENDPOINT": slow_replay.endpoint,
    }
    log_path = tmp_path_factory.mktemp("slow") / "log"
    with (
        announced((*SERVE, "--port", "0"), log_path=log_path, variables=variables) as running,
        httpx.Client(base_url=running.url, timeout=60) as client,
    ):
        yield client
