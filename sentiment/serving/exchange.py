"""Around every request and answer: an id, a line in the log, headers that browsers heed."""

from __future__ import annotations

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sentiment.serving.logs import request_context
from sentiment.serving.paths import SYSTEM_PATHS

REQUEST_ID_HEADER = "X-Request-Id"

# Below the framework's own name, whose level it sets when it runs the service.
logger = logging.getLogger("bentoml.sentiment.requests")

_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_MAX_LOGGED_PATH = 200


class Exchange:
    """ASGI middleware around everything else.

    Args:
        app: the application inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on within its context."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_s = time.monotonic()
        status = 0
        with request_context(Headers(scope=scope).get(REQUEST_ID_HEADER)) as request_id:

            async def send_with_headers(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    headers = MutableHeaders(scope=message)
                    for name, value in _SECURITY_HEADERS.items():
                        headers.setdefault(name, value)
                    headers[REQUEST_ID_HEADER] = request_id
                await send(message)

            try:
                await self._app(scope, receive, send_with_headers)
            finally:
                _log(scope, status=status, duration_s=time.monotonic() - started_s)


def _log(scope: Scope, *, status: int, duration_s: float) -> None:
    path = _printable_path(scope)
    duration_ms = round(duration_s * 1_000, 1)
    logger.log(
        # The lines of the machines would hide the others.
        logging.DEBUG if scope["path"] in SYSTEM_PATHS else logging.INFO,
        "%s %s %d in %.1f ms",
        scope["method"],
        path,
        status,
        duration_ms,
        extra={
            "method": scope["method"],
            "path": path,
            "status": status,
            "duration_ms": duration_ms,
        },
    )


def _printable_path(scope: Scope) -> str:
    """Return the path as it came, without its query: it can hold neither a line's end nor words."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "backslashreplace")
    shown = raw.partition(b"?")[0][:_MAX_LOGGED_PATH].decode("ascii", "backslashreplace")
    return shown if shown.isprintable() else repr(shown)
