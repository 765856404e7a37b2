"""A server on the loopback that answers what it is told, in order, and remembers requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Answer:
    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Scripted:
    endpoint: str
    seen: list[Seen] = field(default_factory=list)


@contextmanager
def served(answer_to: Callable[[Seen], Answer]) -> Iterator[str]:
    """Serve what a function gives to each request; it is called by several threads."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = answer_to(Seen(address.path, query, headers))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def scripted(answers: Sequence[Answer], *, replies: Answer | None = None) -> Iterator[Scripted]:
    """Serve `answers` one after another; the last one for ever.

    Requests for replies get `replies`, where given, and are not remembered.
    """
    lock = threading.Lock()
    seen: list[Seen] = []

    def answer_to(request: Seen) -> Answer:
        if replies is not None and request.path.endswith("/comments"):
            return replies
        with lock:
            seen.append(request)
            return answers[min(len(seen), len(answers)) - 1]

    with served(answer_to) as endpoint:
        yield Scripted(endpoint, seen)


def as_json(document: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(document).encode(), status)


def refusal(status: int, reason: str, message: str = "Said <b>so</b>.") -> Answer:
    error = {"code": status, "message": message, "errors": [{"reason": reason}]}
    return as_json({"error": error}, status)


def thread(comment_id: str, text: str = "hello", **snippet: Any) -> dict[str, Any]:
    top = {"id": comment_id, "snippet": {"textOriginal": text, **snippet}}
    return {"id": comment_id, "snippet": {"topLevelComment": top, "totalReplyCount": 0}}


def page(*threads: dict[str, Any], token: str | None = None) -> Answer:
    document: dict[str, Any] = {"items": list(threads)}
    if token is not None:
        document["nextPageToken"] = token
    return as_json(document)
