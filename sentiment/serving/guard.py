"""What a request to the interface must be before it is read: allowed, JSON, and not too large.

Stands inside the framework's concurrency limit, so that few bodies are held at once.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sentiment.serving.limits import MAX_BODY_BYTES
from sentiment.serving.problems import problem_of_status

GUARDED_PREFIX = "/v1/"

_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class RequestGuard:
    """ASGI middleware that refuses what the interface must not read.

    Only JSON is taken, which also keeps foreign web pages out: a browser asks for leave (a CORS
    preflight) before it sends JSON across origins.

    Args:
        app: the application inside.
        token: bearer token that every request to the interface must carry; None asks for none.
        max_body_bytes: larger bodies are refused, > 0.
    """

    def __init__(
        self, app: ASGIApp, *, token: str | None = None, max_body_bytes: int = MAX_BODY_BYTES
    ) -> None:
        self._app = app
        self._token = token
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request or pass it on, its body read and repaired."""
        if scope["type"] != "http" or not scope["path"].startswith(GUARDED_PREFIX):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        status = self._refusal(scope["method"], headers)
        if status is None and scope["method"] == "POST":
            body = await _read(receive, max_bytes=self._max_body_bytes)
            if body is None:
                status = 413
            else:
                receive = _replay(repair_surrogates(body), then=receive)
        if status is not None:
            await problem_of_status(status).response()(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refusal(self, method: str, headers: Headers) -> int | None:
        if not self._is_authorised(headers):
            return 401
        if method != "POST":
            return None
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json" or headers.get("content-encoding"):
            return 415
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdecimal() and int(length) > self._max_body_bytes:
            return 413
        return None

    def _is_authorised(self, headers: Headers) -> bool:
        if self._token is None:
            return True
        scheme, _, found = headers.get("authorization", "").partition(" ")
        # Compared as bytes and in constant time, so that the answer's time tells nothing.
        is_same = hmac.compare_digest(
            found.strip().encode("utf-8", "replace"), self._token.encode("utf-8", "replace")
        )
        return is_same and scheme.lower() == "bearer"


def repair_surrogates(body: bytes) -> bytes:
    r"""Drop lone surrogates from a JSON body.

    JSON can escape half of a character (`"\ud83d"`), which the framework's parser refuses. One
    such text must not fail the others, and the cleaner drops lone surrogates anyway.

    Args:
        body: any bytes.

    Returns:
        The same document without lone surrogates; `body` itself when it has none or is no JSON.
    """
    if not _SURROGATE_ESCAPE.search(body):
        return body
    try:
        document = json.loads(body)
        # Pairs became one character when parsed: what is left of surrogates is lone.
        return _SURROGATE.sub("", json.dumps(document, ensure_ascii=False)).encode()
    except (ValueError, RecursionError):
        return body


async def _read(receive: Receive, *, max_bytes: int) -> bytes | None:
    chunks: list[bytes] = []
    size_bytes = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            # The client left: what came is incomplete and the answer will reach nobody.
            return b"".join(chunks)
        chunk: bytes = message.get("body", b"")
        size_bytes += len(chunk)
        if size_bytes > max_bytes:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes, *, then: Receive) -> Receive:
    pending: Sequence[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    messages = iter(pending)

    async def receive() -> Message:
        message = next(messages, None)
        return message if message is not None else await then()

    return receive
