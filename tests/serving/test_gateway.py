from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from sentiment.serving.gateway import behind_gateway
from sentiment.serving.problems import problem_of_status
from sentiment.serving.wire import ModelBody

MODEL = ModelBody(name="tiny", digest="ab" * 32)


def _list_body(_: Request) -> Response:
    return JSONResponse([{"error": "x"}], status_code=422)


def _chunked(_: Request) -> Response:
    return StreamingResponse(iter([b"an", b" error"]), status_code=502)


def _ours(_: Request) -> Response:
    return problem_of_status(413).response()


def _raises(_: Request) -> Response:
    raise RuntimeError("inside")


def _refuses(_: Request) -> Response:
    raise HTTPException(503, "not yet")


def _ready(_: Request) -> Response:
    return PlainTextResponse("\n")


def _ask(
    path: str, *, origins: tuple[str, ...] = (), ready: Any = _ready, **request: Any
) -> httpx.Response:
    app = Starlette(
        routes=[
            Route("/list", _list_body),
            Route("/chunked", _chunked),
            Route("/ours", _ours),
            Route("/raises", _raises),
            Route("/readyz", ready),
        ]
    )
    wrapped = behind_gateway(app, model=lambda: MODEL, origins=origins)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=wrapped, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(request.pop("method", "GET"), path, **request)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/list", 422, "invalid_request"),
        ("/chunked", 502, "internal_error"),
        ("/ours", 413, "too_large"),
        ("/raises", 500, "internal_error"),
        ("/nowhere", 404, "not_found"),
    ],
)
def test_every_error_has_the_one_shape(path: str, status: int, code: str) -> None:
    answer = _ask(path)
    assert answer.status_code == status
    assert answer.json()["error"].keys() == {"code", "message", "advice"}
    assert answer.json()["error"]["code"] == code
    assert "inside" not in answer.text


def test_method_error_keeps_the_allowed_methods() -> None:
    answer = _ask("/list", method="DELETE")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


def test_readiness_names_the_model() -> None:
    assert _ask("/readyz").json() == {"ready": True, "model": MODEL.model_dump()}


def test_readiness_before_it_is_ready_is_an_error() -> None:
    answer = _ask("/readyz", ready=_refuses)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


def test_foreign_origin_gets_no_leave() -> None:
    headers = {"origin": "https://evil.example"}
    assert "access-control-allow-origin" not in _ask("/ours", headers=headers).headers
    allowed = _ask("/ours", origins=("https://good.example",), headers=headers)
    assert "access-control-allow-origin" not in allowed.headers


def test_configured_origin_may_read_errors_too() -> None:
    origin = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
    answer = _ask("/ours", origins=(origin,), headers={"origin": origin})
    assert answer.headers["access-control-allow-origin"] == origin
