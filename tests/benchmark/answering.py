"""A service that only counts: it shows what the benchmark's clients send."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class CountingServer(ThreadingHTTPServer):
    """Answers one prediction a text, or one too few.

    Attributes:
        requests: path and texts of each request.
        clients: their ports: one a connection.
    """

    def __init__(self, *, is_short: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.is_short = is_short
        self.requests: list[tuple[str, list[str]]] = []
        self.clients: set[int] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: CountingServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        texts = json.loads(body)["texts"]
        self.server.requests.append((self.path, texts))
        self.server.clients.add(self.client_address[1])
        answer = json.dumps([{}] * (len(texts) - self.server.is_short)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its base names it
        """Say nothing."""


@contextmanager
def counting_server(*, is_short: bool = False) -> Iterator[CountingServer]:
    server = CountingServer(is_short=is_short)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
