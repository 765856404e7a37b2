"""`sentiment release status`: from the registry's aliases to the process that answers."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.cli.calling import CommandLine
from tests.cli.releasing import Place, broken_links, status_of


def test_status_follows_the_chain_to_the_process(
    place: Place, second: str, sentiment: CommandLine
) -> None:
    tried = place.candidate()
    ready: dict[str, Any] = {
        "ready": True,
        "model": {"name": "handmade", "digest": place.plan().champion},
        "rollout": {"rollout_id": tried.rollout_id, "digest": second, "state": "running"},
    }
    with _service(ready) as address:
        whole = status_of(sentiment, "--service", address)
        assert whole.code == 0, whole.stdout
        assert json.loads(whole.stdout)["rollout"]["decision"] == "go on"

        ready["rollout"] = {**ready["rollout"], "state": "withdrawn", "reason": "it failed"}
        (broken,) = broken_links(status_of(sentiment, "--service", address))
        assert broken["name"] == "process"
        assert "withdrawn (it failed)" in broken["detail"]
        assert broken["advice"]


def test_status_shows_plan_and_process_without_the_registry(
    place: Place, first: str, sentiment: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    ready = {"ready": True, "model": {"name": "handmade", "digest": first}}
    with _closed_port() as nowhere, _service(ready) as address:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", nowhere)
        found = status_of(sentiment, "--service", address)
        shown = sentiment("release", "status", "--service", address)
        assert found.code == shown.code == 21
        (broken,) = broken_links(found)
        assert broken["name"] == "registry"
        assert "MLFLOW_TRACKING_URI" in broken["advice"]
        assert f"ok      plan: champion {first[:12]}" in shown.stdout
        assert f"ok      process: answers with {first[:12]}" in shown.stdout


@contextmanager
def _closed_port() -> Iterator[str]:
    with socket.socket() as taken:
        # Bound but not listening: connections are refused, and nobody else takes the port.
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def _service(ready: dict[str, Any]) -> Iterator[str]:
    """Answer `/readyz` with what `ready` holds at the time."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/readyz" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(ready).encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
