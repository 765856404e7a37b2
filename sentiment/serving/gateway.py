"""The outermost layer: every error in one shape, readiness with the model's name, CORS.

Stands outside the framework's own limits and time-outs, whose error bodies it rewrites too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sentiment.serving.problems import problem_of_body
from sentiment.serving.wire import ModelBody

READY_PATH = "/readyz"

_MAX_PREFLIGHT_AGE_S = 600


def behind_gateway(
    app: ASGIApp, *, model: Callable[[], ModelBody], origins: Sequence[str]
) -> ASGIApp:
    """Wrap the framework's application.

    Args:
        app: the application inside.
        model: tells which model answers; called only once the application is ready.
        origins: web origins whose pages may read the answers, as in `https://example.org`.
    """
    shaped = Gateway(app, model=model)
    if not origins:
        return shaped
    return CORSMiddleware(
        shaped,
        allow_origins=list(origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
        max_age=_MAX_PREFLIGHT_AGE_S,
    )


class Gateway:
    """ASGI middleware that gives errors and readiness their shape.

    Args:
        app: the application inside.
        model: tells which model answers.
    """

    def __init__(self, app: ASGIApp, *, model: Callable[[], ModelBody]) -> None:
        self._app = app
        self._model = model

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
            ready = {"ready": True, "model": self._model().model_dump()}
            await JSONResponse(ready)(scope, receive, send)
            return
        body = b"".join(message.get("body", b"") for message in rest)
        problem = problem_of_body(start["status"], body)
        if problem is None:
            for message in held:
                await send(message)
            return
        response = problem.response()
        kept = [(name, value) for name, value in start["headers"] if name.lower() in _KEPT_HEADERS]
        response.raw_headers.extend(kept)
        await response(scope, receive, send)


_KEPT_HEADERS = frozenset({b"allow", b"x-bentoml-request-id"})
