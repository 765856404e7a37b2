"""What a request to the interface must be before it is read: in measure, allowed, JSON, not large.

Stands outside the framework's limits: a body that trickles in holds no place of another request.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sentiment.serving import metrics
from sentiment.serving.body_keys import has_more_keys
from sentiment.serving.foreign_pages import foreign_page
from sentiment.serving.limits import (
    BODY_DEADLINE_S,
    MAX_BODY_BYTES,
    MAX_BODY_KEYS,
    MAX_HELD_BYTES,
    MAX_SMALL_BODY_BYTES,
)
from sentiment.serving.paths import ADMIN_PREFIX, INTERFACE_PREFIX, PREDICT_PATH
from sentiment.serving.problems import Problem, problem_of_page, problem_of_rate, problem_of_status
from sentiment.serving.rates import ClientRates, client_of_address
from sentiment.serving.surrogates import repair_surrogates

# Stand for all who know a token: they share one allowance, and nobody else's use of the interface
# keeps an administrator out.
_TOKEN_CLIENT = "token"  # noqa: S105 - no password
_ADMIN_CLIENT = "admin"
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_MANY_KEYS = problem_of_status(
    400, message=f"The body has more than {MAX_BODY_KEYS:,} keys; no request needs as many."
)


class RequestGuard:
    """ASGI middleware that refuses what the interface must not read.

    Where no token is asked for, foreign web pages are kept out, see `foreign_page`; where one is,
    they don't know it.

    Args:
        app: the application inside.
        tokens: bearer tokens, one of which every request to the interface must carry; none asks
            for none.
        admin_token: bearer token of the administrator's paths, in place of `tokens`; None: there
            are no such paths.
        rates: counts each client's requests; None counts none.
        origins: whose pages may ask without a token, besides the service's own.
        has_proxy: whether a proxy stands before the service.
        max_body_bytes: larger bodies are refused, > 0; where no texts are taken, also those above
            `MAX_SMALL_BODY_BYTES`.
        max_held_bytes: bodies held at once; a request beyond them is refused, > 0.
        body_deadline_s: seconds that a body may take, > 0.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        tokens: Collection[str] = (),
        admin_token: str | None = None,
        rates: ClientRates | None = None,
        origins: Collection[str] = (),
        has_proxy: bool = False,
        max_body_bytes: int = MAX_BODY_BYTES,
        max_held_bytes: int = MAX_HELD_BYTES,
        body_deadline_s: float = BODY_DEADLINE_S,
    ) -> None:
        self._app = app
        self._tokens = tuple(tokens)
        self._admin_token = admin_token
        self._rates = rates
        self._origins = frozenset(origins)
        self._has_proxy = has_proxy
        self._max_body_bytes = max_body_bytes
        self._max_held_bytes = max_held_bytes
        self._body_deadline_s = body_deadline_s
        self._held_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request or pass it on, its body read and repaired."""
        if scope["type"] != "http" or not scope["path"].startswith(INTERFACE_PREFIX):
            await self._app(scope, receive, send)
            return
        problem = self._refusal(scope, Headers(scope=scope))
        if problem is not None:
            await problem.response()(scope, receive, send)
        elif scope["method"] in _BODY_METHODS:
            await self._pass_with_body(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Problem | None:
        return self._refusal_of_asker(scope, headers) or self._refusal_of_head(scope, headers)

    def _refusal_of_asker(self, scope: Scope, headers: Headers) -> Problem | None:
        is_admins = self._admin_token is not None and scope["path"].startswith(ADMIN_PREFIX)
        tokens = (str(self._admin_token),) if is_admins else self._tokens
        if not tokens:
            # First of all: what a page is refused must not count for the person who has it open.
            page = foreign_page(headers, origins=self._origins, has_proxy=self._has_proxy)
            if page is not None:
                return problem_of_page(page)
        is_authorised = not tokens or _carries_one(headers, tokens)
        if self._rates is not None:
            address = scope["client"][0] if scope.get("client") else ""
            client = client_of_address(address)
            if is_authorised and tokens:
                client = _ADMIN_CLIENT if is_admins else _TOKEN_CLIENT
            wait_s = self._rates.refusal(client)
            if wait_s is not None:
                metrics.count_rate_limited()
                return problem_of_rate(wait_s)
        if not is_authorised:
            return problem_of_status(401)
        return None

    def _refusal_of_head(self, scope: Scope, headers: Headers) -> Problem | None:
        length = headers.get("content-length", "0")
        has_body = length != "0" or "transfer-encoding" in headers or scope["method"] == "POST"
        if scope["method"] not in _BODY_METHODS or not has_body:
            return None
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json" or headers.get("content-encoding"):
            return problem_of_status(415)
        if length.isascii() and length.isdecimal() and int(length) > self._max_bytes(scope):
            return problem_of_status(413)
        return None

    def _max_bytes(self, scope: Scope) -> int:
        if scope["path"] == PREDICT_PATH:
            return self._max_body_bytes
        return min(self._max_body_bytes, MAX_SMALL_BODY_BYTES)

    async def _pass_with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        held_bytes = 0
        max_bytes = self._max_bytes(scope)

        def hold(n_bytes: int) -> None:
            nonlocal held_bytes
            held_bytes += n_bytes
            self._held_bytes += n_bytes
            if held_bytes > max_bytes:
                raise _RefusedBodyError(413)
            if self._held_bytes > self._max_held_bytes:
                raise _RefusedBodyError(503)

        try:
            async with asyncio.timeout(self._body_deadline_s):
                body = await _read(receive, hold)
        except _RefusedBodyError as refused:
            await problem_of_status(refused.status).response()(scope, receive, send)
        except TimeoutError:
            response = problem_of_status(408).response()
            # Else the rest of the body would go on trickling in.
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
        else:
            if body is None:
                return  # the client left before its request was whole: nobody waits for an answer
            if has_more_keys(body, than=MAX_BODY_KEYS):
                await _MANY_KEYS.response()(scope, receive, send)
                return
            await self._app(scope, _replay(repair_surrogates(body), then=receive), send)
        finally:
            self._held_bytes -= held_bytes


def _carries_one(headers: Headers, tokens: Collection[str]) -> bool:
    scheme, _, found = headers.get("authorization", "").partition(" ")
    shown = found.strip().encode("utf-8", "replace")
    # Compared as bytes, in constant time and with each, so that the answer's time tells nothing.
    same = [hmac.compare_digest(shown, token.encode("utf-8", "replace")) for token in tokens]
    return any(same) and scheme.lower() == "bearer"


class _RefusedBodyError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def _read(receive: Receive, hold: Callable[[int], None]) -> bytes | None:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunk: bytes = message.get("body", b"")
        hold(len(chunk))
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes, *, then: Receive) -> Receive:
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        message = next(messages, None)
        return message if message is not None else await then()

    return receive
