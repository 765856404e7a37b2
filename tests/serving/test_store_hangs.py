"""A store that neither answers nor refuses, as when its host vanishes: nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sentiment.serving.memory import Breaker
from sentiment.youtube.replay import ReplayServer
from tests.serving.events import analyses_of, stream_of
from tests.serving.running import serving
from tests.store.postgres import PostgresServer
from tests.store.relay import Relay


@pytest.fixture
def relay(postgres_server: PostgresServer) -> Iterator[Relay]:
    relay = Relay(postgres_server.port)
    yield relay
    relay.close()


def _store_of(client: httpx.Client) -> str:
    started_s = time.monotonic()
    answer = client.get("/readyz")
    # A load balancer waits five seconds.
    assert time.monotonic() - started_s < 5
    assert answer.status_code == 200
    store: str = answer.json()["store"]
    return store


@pytest.mark.slow
def test_store_that_hangs_makes_nothing_unready_and_no_analysis_wait(
    tiny_bundle: Path,
    tmp_path: Path,
    replay: ReplayServer,
    postgres_server: PostgresServer,
    relay: Relay,
) -> None:
    url = postgres_server.new_store().replace(f":{postgres_server.port}/", f":{relay.port}/")
    with serving(tiny_bundle, tmp_path, replay, SENTIMENT_STORE_URL=url) as (_, client):
        assert analyses_of(stream_of(client, "size0000060"))[-1]["stored"]
        assert _store_of(client) == "ok"
        with relay.frozen():
            assert [_store_of(client) for _ in range(3)] == ["away"] * 3
            started_s = time.monotonic()
            away = analyses_of(stream_of(client, "size0000070"))[-1]
            assert (away["fetched"], away["stored"]) == (70, False)
            assert time.monotonic() - started_s < 10
        ends_s = time.monotonic() + 30
        while _store_of(client) == "away" and time.monotonic() < ends_s:
            time.sleep(0.5)
        assert analyses_of(stream_of(client, "size0000070"))[-1]["stored"]


def test_one_look_hangs_and_others_are_answered_without_one() -> None:
    breaker = Breaker(pause_s=0, look_s=0.05)
    goes_on, n_asked = threading.Event(), 0

    def hang() -> str:
        nonlocal n_asked
        n_asked += 1
        goes_on.wait(30)
        return "late"

    assert breaker.look(hang, otherwise="away") == "away"
    # The pause is long over.
    assert breaker.is_open
    assert [breaker.look(hang, otherwise="away") for _ in range(5)] == ["away"] * 5
    assert breaker.call(hang, otherwise="away") == "away"
    assert n_asked == 1
    goes_on.set()
    ends_s = time.monotonic() + 30
    while breaker.is_open and time.monotonic() < ends_s:
        time.sleep(0.01)
    assert breaker.look(lambda: "there", otherwise="away") == "there"


def test_look_that_fails_otherwise_says_so() -> None:
    def broken() -> str:
        raise ValueError("a defect")

    breaker = Breaker()
    with pytest.raises(ValueError, match="a defect"):
        breaker.look(broken, otherwise="away")
    assert breaker.look(lambda: "there", otherwise="away") == "there"
