"""Hundreds of clients at once: each is answered or told when to come back."""

from __future__ import annotations

import json
import socket
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import httpx

from sentiment.youtube.replay import ReplayServer
from tests.serving.running import serving

N_CLIENTS = 500
BUSY = {(429, "too_many_requests"), (503, "overloaded")}


def _request(number: int) -> bytes:
    body = json.dumps({"texts": [f"comment number {number}"]}).encode()
    head = (
        "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _answer(client: socket.socket) -> tuple[int, str]:
    """Status and code of an answer; a refusal must say when to come back."""
    received = b"".join(iter(lambda: client.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    if status == 200:
        assert len(json.loads(body)) == 1
        return status, ""
    assert b"\r\nretry-after: " in head.lower()
    return status, json.loads(body)["error"]["code"]


def test_clients_at_once_are_answered_or_told_to_wait(
    tiny_bundle: Path, tmp_path: Path, replay: ReplayServer
) -> None:
    with serving(tiny_bundle, tmp_path, replay) as (server, _), ExitStack() as stack:
        clients = [
            stack.enter_context(socket.create_connection(server.address, timeout=60))
            for _ in range(N_CLIENTS)
        ]
        for number, client in enumerate(clients):
            client.sendall(_request(number))
        seen = Counter(map(_answer, clients))
        assert seen.keys() <= BUSY | {(200, "")}
        assert seen[200, ""] > 0
        # Nothing lingers: it has room for the next.
        after = httpx.post(f"{server.url}/v1/predict", json={"texts": ["good"]}, timeout=60)
        assert after.status_code == 200
        assert httpx.get(f"{server.url}/readyz").status_code == 200
        assert "Traceback" not in server.log()
