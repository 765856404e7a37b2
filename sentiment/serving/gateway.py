"""The outermost layers: who asks, what may pass, every error in one shape, readiness, CORS.

Stands outside the framework's own limits and time-outs, whose error bodies it rewrites too. What
the framework does not answer goes to our own pages, without a place in its limits: a stream may
last as long as it likes, and holds up no prediction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from anyio import to_thread
from starlette.background import BackgroundTask
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from sentiment.errors import SentimentError
from sentiment.serving import metrics
from sentiment.serving.exchange import REQUEST_ID_HEADER, Exchange
from sentiment.serving.guard import RequestGuard
from sentiment.serving.paths import READY_PATH, SYSTEM_PATHS
from sentiment.serving.problems import (
    Problem,
    code_of_body,
    problem_of_body,
    problem_of_error,
    problem_of_status,
)
from sentiment.serving.rates import ClientRates
from sentiment.serving.wire import ModelBody
from sentiment.settings import Settings

_MAX_PREFLIGHT_AGE_S = 600
# Of the body that is replaced, or of the framework.
_DROPPED_HEADERS = frozenset({b"content-length", b"content-type", b"server"})


def behind_gateway(
    app: ASGIApp,
    *,
    pages: ASGIApp,
    routes: Sequence[str],
    settings: Settings,
    model: Callable[[], ModelBody],
    readiness: Callable[[], Mapping[str, object]] = dict,
) -> ASGIApp:
    """Wrap the framework's application, and ours beside it.

    Args:
        app: the framework's application.
        pages: answers every path that the framework does not, errors for unknown ones included.
        routes: paths that the framework answers besides those of health and metrics.
        settings: tokens, rate limit, origins and proxies.
        model: tells which model answers; called only once the application is ready.
        readiness: what `/readyz` tells besides the model, as JSON values; called in a thread. A
            `SentimentError` that it raises says that the service is not ready.
    """
    admin_token = settings.admin_token.get_secret_value() if settings.admin_token else None
    rates = ClientRates(settings.rate_limit) if settings.rate_limit else None
    inner: ASGIApp = _Fork(app, pages, paths=SYSTEM_PATHS.union(routes))
    inner = RequestGuard(
        inner,
        tokens=settings.api_tokens,
        admin_token=admin_token,
        rates=rates,
        origins=settings.origins,
        has_proxy=bool(settings.proxies),
    )
    if settings.origins:
        inner = CORSMiddleware(
            inner,
            allow_origins=list(settings.origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["authorization", "content-type", "last-event-id"],
            expose_headers=["Retry-After", REQUEST_ID_HEADER],
            max_age=_MAX_PREFLIGHT_AGE_S,
        )
    shaped = Gateway(inner, model=model, readiness=readiness)
    outer: ASGIApp = Exchange(ServerErrorMiddleware(shaped, handler=_fault))
    if settings.proxies:
        # Its types are uvicorn's own words for the same protocol.
        outer = ProxyHeadersMiddleware(outer, trusted_hosts=list(settings.proxies))  # type: ignore[arg-type, assignment]
    return outer


class Gateway:
    """ASGI middleware that gives errors and readiness their shape, and counts errors.

    Args:
        app: the application inside.
        model: tells which model answers.
        readiness: as in `behind_gateway`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        model: Callable[[], ModelBody],
        readiness: Callable[[], Mapping[str, object]] = dict,
    ) -> None:
        self._app = app
        self._model = model
        self._readiness = readiness

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and shape the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def shape(message: Message) -> None:
            if message["type"] == "http.response.start" and self._is_shaped(scope, message):
                held.append(message)
            elif held:
                held.append(message)
                if not message.get("more_body", False):
                    await self._send_shaped(held, scope, receive, send)
                    held.clear()
            else:
                await send(message)

        await self._app(scope, receive, shape)

    def _is_shaped(self, scope: Scope, start: Message) -> bool:
        return bool(start["status"] >= 400 or scope["path"] == READY_PATH)

    async def _send_shaped(
        self, held: Sequence[Message], scope: Scope, receive: Receive, send: Send
    ) -> None:
        start, *rest = held
        if start["status"] < 400:
            response = await self._ready_response()
        else:
            body = b"".join(message.get("body", b"") for message in rest)
            problem = problem_of_body(start["status"], body)
            if problem is None:
                metrics.count_error(code_of_body(body) or "")
                for message in held:
                    await send(message)
                return
            response = _counted(problem)
        kept = (
            (name, value)
            for name, value in start["headers"]
            if name.lower() not in _DROPPED_HEADERS
        )
        response.raw_headers.extend(kept)
        await response(scope, receive, send)

    async def _ready_response(self) -> Response:
        try:
            more = await to_thread.run_sync(self._readiness)
        except SentimentError as error:
            return _counted(problem_of_error(error))
        return JSONResponse({"ready": True, "model": self._model().model_dump(), **more})


class _Fork:
    """Some paths to one application, all others to another."""

    def __init__(self, app: ASGIApp, others: ASGIApp, *, paths: frozenset[str]) -> None:
        self._app = app
        self._others = others
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_other = scope["type"] == "http" and scope["path"] not in self._paths
        await (self._others if is_other else self._app)(scope, receive, send)


def _counted(problem: Problem) -> Response:
    metrics.count_error(problem.code)
    return problem.response()


async def _fault(_request: Request, _error: Exception) -> Response:
    problem = problem_of_status(500)
    response = problem.response()
    # Counted where it is sent: it is not where an answer has begun already.
    response.background = BackgroundTask(metrics.count_error, problem.code)
    return response
