from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
from pathlib import Path

import httpx
import pytest

from sentiment.errors import BundleError, ServerStartError
from sentiment.serving.server import listen, run_service
from sentiment.settings import Settings
from tests.serving.running import DEMO, SERVE, announced, error_of, raw_answer, spawned


def test_listen_takes_a_free_port() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert listener.getsockname()[1] > 0


def test_listen_names_the_protocol_so_that_small_answers_do_not_wait() -> None:
    # asyncio sets TCP_NODELAY on no other connections: each answer would take 40 ms more.
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_listen_names_a_taken_port() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(
            ServerStartError, match=f"port {port}: Address already in use"
        ) as caught:
            listen("127.0.0.1", port)
    assert "--port" in caught.value.hint


@pytest.mark.parametrize("host", ["203.0.113.1", "no such host"])
def test_listen_names_a_foreign_address(host: str) -> None:
    with pytest.raises(ServerStartError, match=re.escape(host)) as caught:
        listen(host, 0)
    assert "--host" in caught.value.hint
    assert "--port" not in caught.value.hint


def test_run_service_refuses_a_bad_bundle_before_it_starts(tmp_path: Path) -> None:
    settings = Settings.model_validate({"SENTIMENT_MODEL_DIR": tmp_path})
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    with pytest.raises(BundleError, match=r"sentiment\.json"):
        run_service(listener, settings)
    listen("127.0.0.1", port).close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_stops_on_a_signal(tiny_bundle: Path, tmp_path: Path, number: int) -> None:
    command = (*SERVE, "--port", "0", "--model", str(tiny_bundle))
    with announced(command, log_path=tmp_path / "log") as server:
        assert httpx.get(f"{server.url}/readyz", timeout=30).json()["ready"] is True
        server.process.send_signal(number)
        assert server.process.wait(30) == 0
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{server.url}/readyz")


def test_serve_limits_requests_to_the_interface_alone(tiny_bundle: Path, tmp_path: Path) -> None:
    command = (*SERVE, "--port", "0", "--model", str(tiny_bundle))
    variables = {"SENTIMENT_RATE_LIMIT": "3/hour"}
    with announced(command, log_path=tmp_path / "log", variables=variables) as server:
        with httpx.Client(base_url=server.url, timeout=30) as client:
            statuses = [client.get("/v1/model").status_code for _ in range(4)]
            # The loopback is no proxy unless it is configured to be one.
            spoofed = client.get("/v1/model", headers={"x-forwarded-for": "198.51.100.7"})
            open_paths = ("/readyz", "/livez", "/metrics", "/docs", "/demo")
            others = {client.get(path).status_code for path in open_paths}
            counted = client.get("/metrics").text
        assert (statuses, others) == ([200, 200, 200, 429], {200})
        assert error_of(spoofed) == (429, "rate_limited")
        assert 3_500 < int(spoofed.headers["retry-after"]) <= 3_600
        assert "sentiment_rate_limited_requests_total 2.0" in counted
        line = json.loads(server.log().splitlines()[-1])
        assert line["level"] == "INFO"


def test_serve_answers_what_is_no_http_in_the_one_shape(tiny_bundle: Path, tmp_path: Path) -> None:
    command = (*SERVE, "--port", "0", "--model", str(tiny_bundle))
    with announced(command, log_path=tmp_path / "log") as server:
        assert error_of(raw_answer(server, b"nonsense\r\n\r\n")) == (400, "invalid_request")


def test_first_prediction_comes_soon_after_the_start(tiny_bundle: Path, tmp_path: Path) -> None:
    command = (*SERVE, "--port", "0", "--model", str(tiny_bundle))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with announced(command, log_path=tmp_path / "log") as server:
        httpx.post(f"{server.url}/v1/predict", json={"texts": ["a"]}).raise_for_status()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Processor time, which is elapsed time on an idle machine and stands still on a busy one.
    spent_s = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    assert spent_s < 5


def test_demo_shows_a_made_up_video_and_leaves_nothing(tiny_bundle: Path, tmp_path: Path) -> None:
    variables = {"SENTIMENT_MODEL_DIR": str(tiny_bundle), "PORT": "0"}
    with announced(DEMO, log_path=tmp_path / "log", variables=variables) as demo:
        page = httpx.get(demo.url, timeout=30)
        assert demo.url.endswith("/demo")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        origin = demo.url.removesuffix("/demo")
        config = httpx.get(f"{origin}/demo/config.json").json()
        assert config["replayed"] is True
        answer = httpx.post(
            f"{origin}/v1/analyze", json={"video_id": config["video_id"]}, timeout=60
        )
        assert answer.status_code == 200
        assert answer.json()["fetched"] > 300

        demo.process.send_signal(signal.SIGTERM)
        assert demo.process.wait(30) == 0
    # Started as the leader of its own session: whatever it left would be in its group.
    with pytest.raises(ProcessLookupError):
        os.killpg(demo.process.pid, 0)
    socket.create_server(("127.0.0.1", int(origin.rpartition(":")[2]))).close()


def test_demo_does_not_ask_for_the_token(tiny_bundle: Path, tmp_path: Path) -> None:
    variables = {
        "SENTIMENT_MODEL_DIR": str(tiny_bundle),
        "PORT": "0",
        "SENTIMENT_API_TOKEN": "s3cret",
    }
    with announced(DEMO, log_path=tmp_path / "log", variables=variables) as demo:
        origin = demo.url.removesuffix("/demo")
        assert httpx.get(f"{origin}/v1/model", timeout=30).status_code == 200
    assert "s3cret" not in demo.log()


def test_demo_says_that_its_port_is_taken(tiny_bundle: Path, tmp_path: Path) -> None:
    log_path = tmp_path / "log"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        variables = {
            "SENTIMENT_MODEL_DIR": str(tiny_bundle),
            "PORT": str(taken.getsockname()[1]),
        }
        with spawned(DEMO, log_path=log_path, variables=variables) as process:
            assert process.wait(60) != 0
    assert "Address already in use" in log_path.read_text()
