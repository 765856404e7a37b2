"""`ReplayServer`: the stand-in of the Data API, served on this machine alone.

For the demo, tests and load. The client can't tell it from YouTube but by its address.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

import uvicorn

from sentiment.errors import ServerStartError
from sentiment.youtube.replay_app import ReplayApi, ReplayOptions
from sentiment.youtube.replay_changes import ReplayChanges

HOST = "127.0.0.1"
_BACKLOG = 512
_STOP_TIMEOUT_S = 10.0
_GRACE_S = 1
_POLL_S = 0.5


class ReplayServer:
    """Serves made-up videos in a thread of this process while the `with` block runs.

    Args:
        options: latency, faults, quota; None is a well-behaved stand-in.
        port: port of 127.0.0.1; 0 takes a free one.

    Raises:
        ServerStartError: the port is taken or not permitted.
    """

    def __init__(self, options: ReplayOptions | None = None, *, port: int = 0) -> None:
        self._api = ReplayApi(options or ReplayOptions())
        self._port = port
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> ReplayServer:
        # Bound here, so that a taken port is told before anything runs; the kernel then
        # queues connections, so that the address works from now on.
        self._socket = _listen(self._port)
        self._port = self._socket.getsockname()[1]
        config = uvicorn.Config(
            self._api.application(),
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="replay", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(_STOP_TIMEOUT_S)
        if self._socket is not None:
            self._socket.close()

    @property
    def endpoint(self) -> str:
        """The address, for `YouTubeClient(endpoint=...)` and SENTIMENT_YOUTUBE_ENDPOINT."""
        return f"http://{HOST}:{self._port}"

    @property
    def requests(self) -> int:
        """Requests answered so far, refused ones included."""
        return self._api.requests

    @property
    def units_spent(self) -> int:
        """Quota units spent so far."""
        return self._api.units_spent

    @property
    def most_at_once(self) -> int:
        """The most requests that were ever in progress together."""
        return self._api.most_at_once

    @property
    def changes(self) -> ReplayChanges:
        """Lets comments arrive, change and go, as the paths under /replay do."""
        return self._api.changes

    def wait(self, stop: threading.Event) -> None:
        """Return when `stop` is set or the server has ended by itself."""
        while self._thread is not None and self._thread.is_alive() and not stop.wait(_POLL_S):
            pass


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """Give an event that SIGINT and SIGTERM set, for the main thread; restore them after."""
    stop = threading.Event()

    def set_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    previous = {
        number: signal.signal(number, set_stop) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _listen(port: int) -> socket.socket:
    # asyncio switches off Nagle's delay (40 ms an answer) only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        raise ServerStartError(
            f"The replay can't listen on {HOST}:{port}: {reason}.",
            hint="Choose another port, or 0 for a free one.",
        ) from error
    return listener
