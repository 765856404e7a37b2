"""Swaps at the worst moments: while the service ends, is killed, or has a supervisor."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import httpx
import pytest

from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.serving.events import analyses_of, comments_of, read_events, stream_of
from tests.serving.running import bentoml_serve, free_port, spawned, wait_until_ready
from tests.serving.swapping import Candidate, Place, served, until

pytestmark = pytest.mark.slow


def test_hang_ups_during_the_end_lose_no_answer(
    tmp_path: Path, one: Candidate, other: Candidate
) -> None:
    url = "/v1/analyze/stream?video_id=size0001500&max_comments=1500"
    with (
        ReplayServer(ReplayOptions(latency_ms=60)) as replay,
        served(tmp_path, one, replay) as (server, client, place),
    ):
        with client.stream("GET", url) as answer:
            events = read_events(answer)
            began = next(events)
            place.put(other.folder)
            server.process.send_signal(signal.SIGHUP)
            server.process.send_signal(signal.SIGTERM)
            server.process.send_signal(signal.SIGHUP)
            rest = list(events)
        assert rest[-1].kind == "done"
        assert began.data["model"] == one.body
        assert {analysis["model"]["digest"] for analysis in analyses_of(rest)} == {one.digest}
        # Up to its very last moment.
        while server.process.poll() is None:
            server.process.send_signal(signal.SIGHUP)
            time.sleep(0.002)
        assert server.process.returncode == 0
        assert "Traceback" not in server.log()


def test_kill_in_the_middle_of_a_swap_loses_nothing(
    tmp_path: Path, one: Candidate, other: Candidate
) -> None:
    url = "/v1/analyze/stream?video_id=size0002000&max_comments=2000"
    with ReplayServer(ReplayOptions(latency_ms=60)) as replay:
        with (
            served(tmp_path, one, replay) as (server, client, place),
            client.stream("GET", url) as answer,
        ):
            events = read_events(answer)
            while (event := next(events)).kind != "analysis" or event.data["fetched"] < 300:
                pass
            place.put(other.folder)
            server.process.send_signal(signal.SIGHUP)
            until(lambda: "reading the bundle at" in server.log(), "the swap's begin")
            server.process.kill()
            server.process.wait(10)
        with served(tmp_path, other, replay) as (_, client, _):
            assert client.get("/v1/model").json() == other.body
            whole = stream_of(client, "size0002000", max_comments=2_000)
    last = analyses_of(whole)[-1]
    assert (last["fetched"], last["complete"]) == (2_000, True)
    comments = list(comments_of(whole).values())
    texts = [comment["text"] for comment in comments]
    assert other.says(texts, [comment["prediction"] for comment in comments])


def _worker_of(pid: int) -> int:
    """The process that answers, below BentoML's supervisor."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if "_bentoml_impl.worker.service" in Path(f"/proc/{child}/cmdline").read_text():
            return int(child)
    raise RuntimeError("the supervisor has no worker")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_worker_of_the_framework_swaps_by_itself(
    tmp_path: Path, one: Candidate, other: Candidate
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    place = Place(tmp_path / "bundle", one)
    variables = {"SENTIMENT_MODEL_DIR": str(place.link)}
    with spawned(bentoml_serve(port), log_path=tmp_path / "log", variables=variables) as supervisor:
        wait_until_ready(url, supervisor, tmp_path / "log")
        place.put(other.folder)
        # The supervisor would start its worker anew: the signal is for the worker.
        os.kill(_worker_of(supervisor.pid), signal.SIGHUP)
        until(lambda: httpx.get(f"{url}/v1/model").json() == other.body, "the new model")
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(30) == 0
