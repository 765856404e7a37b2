"""A server that is asked to stop under load: what it has accepted, it answers."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

from tests.serving.running import SERVE, announced

N_CLIENTS = 24


class Client(threading.Thread):
    """Sends one request after the other until the server takes no more connections."""

    def __init__(self, url: str, seen: Counter[str]) -> None:
        super().__init__()
        self._url = url
        self._seen = seen

    def run(self) -> None:
        body = {"texts": [f"text {number} of {self.name}" for number in range(20)]}
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while True:
                try:
                    answer = client.post("/v1/predict", json=body)
                except httpx.ConnectError:
                    self._seen["refused"] += 1
                    return
                except httpx.TransportError as error:
                    self._seen[f"lost: {error!r}"] += 1
                    return
                is_whole = answer.status_code == 200 and len(answer.json()) == 20
                self._seen["answered" if is_whole else f"wrong: {answer.status_code}"] += 1


def test_every_accepted_request_is_answered_before_the_end(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    seen: Counter[str] = Counter()
    command = (*SERVE, "--port", "0", "--model", str(tiny_bundle))
    with announced(command, log_path=tmp_path / "log") as server:
        clients = [Client(server.url, seen) for _ in range(N_CLIENTS)]
        for client in clients:
            client.start()
        while seen["answered"] < 2 * N_CLIENTS:
            time.sleep(0.01)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0
        for client in clients:
            client.join(60)
    answered = seen.pop("answered")
    assert seen == {"refused": N_CLIENTS}
    assert answered >= 2 * N_CLIENTS
    assert "Traceback" not in server.log()
