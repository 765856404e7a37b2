"""Runs the service in this very process: one port, one process, nothing to leave behind.

Takes BentoML's application from `service.py` without BentoML's supervisor, which would import
everything twice before the first answer; a container's own supervisor restarts it. `bentoml
serve` runs the same application. Imports bentoml only through `service.py`.
"""

from __future__ import annotations

import asyncio
import errno
import importlib.util
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType

import uvicorn
from starlette.types import ASGIApp

from sentiment.errors import ServerStartError
from sentiment.release.bundle import load_bundle
from sentiment.serving.folders import (
    SERVICE_FILE,
    Champion,
    model_folder,
    releases_of,
    service_root,
)
from sentiment.serving.hangup import hold_hang_ups
from sentiment.serving.limits import DRAIN_S
from sentiment.settings import Settings

LOOPBACK = "127.0.0.1"

_BACKLOG = 512
# A client that keeps its connection sends its next request within this time, and is told to
# close with the answer; only idle connections are left to be closed from this side.
_LAST_REQUESTS_S = 2.0
_LAST_ACCEPTS_S = 0.02


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` and `port`.

    Args:
        host: an address of this machine.
        port: 0 takes any free port.

    Raises:
        ServerStartError: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle's delay off only where it is: else each
    # answer waits 40 ms for the client's acknowledgement of its headers.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A server that has just stopped leaves its port waiting: take it over.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        hint = "Stop what uses the port, or choose another one with --port or PORT."
        if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
            hint = "Name an address of this machine, or 0.0.0.0 for all of them, with --host."
        raise ServerStartError(
            f"Can't listen on {host}, port {port}: {error.strerror or error}.", hint=hint
        ) from None
    return listener


def run_service(
    listener: socket.socket,
    settings: Settings,
    *,
    on_ready: Callable[[int], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; what was accepted by then is answered.

    At SIGHUP the bundle is read again, see `sentiment.serving.swapping`.

    Args:
        listener: from `listen`; closed at the end.
        settings: what the environment says; `service.py` reads the same environment.
        on_ready: called with the port once the model is warm and requests are answered.

    Raises:
        BundleError: the bundle can't be used.
        ReleaseError: the plan of releases can't be.
        ServerStartError: the service did not start; the log says why.
    """
    with listener, tempfile.TemporaryDirectory(prefix="sentiment-metrics-") as metrics_dir:
        root = service_root()
        folder = Champion(releases_of(settings)).folder()
        if folder is not None or settings.model_tag is None:
            load_bundle(folder or model_folder(settings, root=root))
        hold_hang_ups()
        # The metrics library looks at it when it is imported.
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", metrics_dir)
        app: ASGIApp = _import_service(root).YouTubeSentiment.to_asgi()
        server = _Server(app, port=listener.getsockname()[1], on_ready=on_ready)
        for number in (signal.SIGINT, signal.SIGTERM):
            # uvicorn raises the signal again once it has stopped: asked to stop is no failure.
            signal.signal(number, server.stop)
        server.run(sockets=[listener])
    if not server.started:
        raise ServerStartError(
            "The service did not start.", hint="The lines above, its log, say why."
        )


class _Server(uvicorn.Server):
    def __init__(self, app: ASGIApp, *, port: int, on_ready: Callable[[int], None] | None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,  # the gateway writes one
                lifespan="on",
                server_header=False,
                proxy_headers=False,  # the gateway knows which proxies are trusted
                timeout_graceful_shutdown=DRAIN_S,
            )
        )
        self._port = port
        self._on_ready = on_ready

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._on_ready is not None:
            self._on_ready(self._port)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # The kernel takes no further clients in; those that it has taken in are accepted, read
        # and answered.
        for listener in sockets or []:
            listener.listen(0)
        await asyncio.sleep(_LAST_ACCEPTS_S)
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        self.server_state.default_headers = [
            *self.server_state.default_headers,
            (b"connection", b"close"),
        ]
        ends_s = time.monotonic() + _LAST_REQUESTS_S
        while self.server_state.connections and time.monotonic() < ends_s:
            await asyncio.sleep(0.01)
        await super().shutdown()


def _import_service(root: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location("service", root / SERVICE_FILE)
    if specification is None or specification.loader is None:
        raise ServerStartError(f"{root / SERVICE_FILE} can't be imported.")
    module = importlib.util.module_from_spec(specification)
    # BentoML resolves annotations through the table of modules.
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module
