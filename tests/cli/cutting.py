"""A proxy in front of MLflow that strikes at a chosen write: before it arrives, or once it is done.

The client hears nothing of the write that is struck, as when a process or a wire is cut off.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

_HOP_BY_HOP = frozenset(("connection", "keep-alive", "transfer-encoding", "content-length"))
_FORWARD_S = 60


class Moment(Enum):
    """When it strikes."""

    BEFORE = "before it arrives"
    AFTER = "once it is done"


@dataclass(frozen=True)
class Write:
    """A request that changes something.

    Attributes:
        method: of HTTP.
        path: without a query.
        body: as it was sent.
    """

    method: str
    path: str
    body: bytes

    @property
    def kind(self) -> str:
        """What it does, such as `registered-models/alias`."""
        return self.path.partition("/mlflow/")[2]


@dataclass
class Cutter:
    """What lies between the client and MLflow.

    Attributes:
        upstream: where MLflow answers; changed when it is started anew.
        writes: what came since `clear`.
        is_due: tells of a write, and how many came before it, whether to strike.
        moment: when.
        strike: what is done then.
        n_struck: how often it was.
    """

    upstream: str
    url: str = ""
    writes: list[Write] = field(default_factory=list)
    is_due: Callable[[Write, int], bool] = lambda *_: False
    moment: Moment = Moment.AFTER
    strike: Callable[[], None] = lambda: None
    n_struck: int = 0

    def clear(self) -> None:
        """Let everything pass, and begin to count anew."""
        self.writes.clear()
        self.is_due = lambda *_: False
        self.n_struck = 0

    def cut(
        self, is_due: Callable[[Write, int], bool], moment: Moment, strike: Callable[[], None]
    ) -> None:
        """Strike at the first write that is due."""
        self.clear()
        self.is_due, self.moment, self.strike = is_due, moment, strike

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Forward a request, and strike if it is its time."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        is_due = False
        if handler.command != "GET" and not handler.path.partition("?")[0].endswith("/search"):
            write = Write(handler.command, handler.path.partition("?")[0], body)
            is_due = self.is_due(write, len(self.writes))
            self.writes.append(write)
        if is_due and self.moment == Moment.BEFORE:
            self._struck()
            return
        answer = self._forward(handler, body)
        if is_due:
            self._struck()
        elif answer is not None:
            answered, content = answer
            handler.send_response(answered.status)
            for name, value in answered.getheaders():
                if name.lower() not in _HOP_BY_HOP:
                    handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

    def _struck(self) -> None:
        self.n_struck += 1
        self.strike()

    def _forward(
        self, handler: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[http.client.HTTPResponse, bytes] | None:
        upstream = http.client.HTTPConnection(
            self.upstream.removeprefix("http://"), timeout=_FORWARD_S
        )
        headers = {
            name: value
            for name, value in handler.headers.items()
            if name.lower() not in _HOP_BY_HOP | {"host"}
        }
        try:
            upstream.request(handler.command, handler.path, body=body, headers=headers)
            answer = upstream.getresponse()
            return answer, answer.read()
        except (OSError, http.client.HTTPException):
            return None  # MLflow is down: the client finds its connection closed
        finally:
            upstream.close()


@contextmanager
def cutter_before(upstream: str) -> Iterator[Cutter]:
    """Run one in front of an MLflow server for as long as the block lasts."""
    cutter = Cutter(upstream)

    class Handler(BaseHTTPRequestHandler):
        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):  # of any method
                return self._pass_on
            raise AttributeError(name)

        def _pass_on(self) -> None:
            try:
                cutter.answer(self)
            except OSError:  # the client was killed
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    host, port = cast("tuple[str, int]", server.server_address)
    cutter.url = f"http://{host}:{port}"
    try:
        yield cutter
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
