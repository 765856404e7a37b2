from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from sentiment.errors import ServerStartError
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions

HEAVY = ("torch", "transformers", "datasets", "mlflow", "dvc", "pandas", "sklearn", "bentoml")
VIDEO = "/youtube/v3/videos?part=snippet&id=size0000010"
# The command alone, as `sentiment.cli.main` registers it.
PROGRAM = "import typer; from sentiment.cli.replay import command; typer.run(command)"


@contextmanager
def command(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        if process.stdout is None:
            raise OSError("no pipe")
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def test_replay_server_listens_on_loopback_alone_and_frees_its_port() -> None:
    with ReplayServer() as server:
        assert server.endpoint.startswith("http://127.0.0.1:")
        assert httpx.get(server.endpoint + VIDEO, trust_env=False).status_code == 200
        port = int(server.endpoint.rsplit(":", 1)[1])
    with ReplayServer(port=port) as again:
        assert again.endpoint == server.endpoint


def test_replay_server_stops_while_a_client_stays_connected() -> None:
    with httpx.Client(trust_env=False) as client:
        with ReplayServer() as server:
            client.get(server.endpoint + VIDEO)
            stopping_at_s = time.monotonic()
        assert time.monotonic() - stopping_at_s < 5


def test_replay_server_says_that_a_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerStartError) as caught, ReplayServer(port=port):
            pass
    assert f"can't listen on 127.0.0.1:{port}" in caught.value.message
    assert "another port" in caught.value.hint


def test_replay_server_waits_as_ordered() -> None:
    with ReplayServer(ReplayOptions(latency_ms=80)) as server:
        started_at_s = time.monotonic()
        httpx.get(server.endpoint + VIDEO, trust_env=False)
        assert time.monotonic() - started_at_s >= 0.08


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_prints_its_address_and_stops_on_signals(number: signal.Signals) -> None:
    with command("--port", "0", "--quota-units", "1") as (process, line):
        name, endpoint = line.split(": ")
        assert name == "replay"
        statuses = [
            httpx.get(endpoint + VIDEO, trust_env=False).status_code for _attempt in range(2)
        ]
        process.send_signal(number)
        output, problems = process.communicate(timeout=20)
    assert statuses == [200, 403]
    assert (process.returncode, output, problems) == (0, "", "")


def test_import_needs_no_training_library() -> None:
    program = (
        "import sys, sentiment.youtube.client, sentiment.youtube.replay\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
