from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Scope

from sentiment.errors import StoreUnavailableError
from sentiment.serving.gateway import behind_gateway
from sentiment.serving.problems import problem_of_status
from sentiment.serving.wire import ModelBody
from sentiment.settings import EXTENSION_ORIGIN, Settings

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


def _page(request: Request) -> Response:
    return JSONResponse({"client": request.client.host if request.client else None})


def _breaks() -> dict[str, object]:
    raise StoreUnavailableError("no store at /srv/secret", hint="Start it.")


def _ask(
    path: str,
    *,
    ready: Any = _ready,
    readiness: Any = dict,
    environment: dict[str, str] | None = None,
    client: tuple[str, int] = ("203.0.113.9", 1),
    **request: Any,
) -> httpx.Response:
    framework = Starlette(
        routes=[
            Route("/list", _list_body),
            Route("/chunked", _chunked),
            Route("/ours", _ours),
            Route("/raises", _raises),
            Route("/readyz", ready),
        ]
    )
    pages = Starlette(routes=[Route("/v1/page", _page, methods=["GET", "DELETE"])])
    wrapped = behind_gateway(
        framework,
        pages=pages,
        routes=["/list", "/chunked", "/ours", "/raises"],
        settings=Settings.model_validate(environment or {}),
        model=lambda: MODEL,
        readiness=readiness,
    )

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=wrapped, raise_app_exceptions=False, client=client)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as asker:
            return await asker.request(request.pop("method", "GET"), path, **request)

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


def test_readiness_tells_what_else_is_asked() -> None:
    state = {"store": {"reachable": True}, "quota": {"left_units": 9_000}}
    assert _ask("/readyz", readiness=lambda: state).json() == {
        "ready": True,
        "model": MODEL.model_dump(),
        **state,
    }


def test_readiness_without_what_it_needs_is_an_error() -> None:
    answer = _ask("/readyz", readiness=_breaks)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert "/srv" not in answer.text


def test_paths_of_nobody_do_not_reach_the_framework() -> None:
    # Its metrics have a label of the path: any client could fill the memory.
    assert _ask("/v1/page").json() == {"client": "203.0.113.9"}
    assert _ask("/v1/unknown").json()["error"]["code"] == "not_found"


PREFLIGHT = {
    "access-control-request-method": "DELETE",
    "access-control-request-headers": "authorization,content-type,last-event-id",
}


def test_foreign_origin_gets_no_leave() -> None:
    headers = {"origin": "https://evil.example"}
    assert "access-control-allow-origin" not in _ask("/ours", headers=headers).headers
    refused = _ask("/v1/page", method="OPTIONS", headers={**headers, **PREFLIGHT})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_request")
    assert "access-control-allow-origin" not in refused.headers


@pytest.mark.parametrize("path", ["/v1/page", "/ours", "/list"])
def test_extension_may_read_answers_and_errors_without_configuration(path: str) -> None:
    answer = _ask(path, headers={"origin": EXTENSION_ORIGIN})
    assert answer.headers["access-control-allow-origin"] == EXTENSION_ORIGIN
    exposed = answer.headers["access-control-expose-headers"].lower()
    assert {"retry-after", "x-request-id"} <= set(exposed.split(", "))


def test_extension_may_send_what_it_needs() -> None:
    headers = {"origin": EXTENSION_ORIGIN, **PREFLIGHT}
    answer = _ask("/v1/page", method="OPTIONS", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-methods"] == "GET, POST, DELETE"


def test_without_origins_nobody_gets_leave() -> None:
    environment = {"SENTIMENT_ALLOWED_ORIGINS": ""}
    answer = _ask("/ours", environment=environment, headers={"origin": EXTENSION_ORIGIN})
    assert "access-control-allow-origin" not in answer.headers


def test_forwarded_address_counts_only_from_a_trusted_proxy() -> None:
    headers = {"x-forwarded-for": "198.51.100.7, 10.0.0.2"}
    environment = {"SENTIMENT_TRUSTED_PROXIES": "10.0.0.0/8"}
    through = _ask("/v1/page", headers=headers, environment=environment, client=("10.0.0.1", 1))
    assert through.json() == {"client": "198.51.100.7"}
    around = _ask("/v1/page", headers=headers, environment=environment)
    assert around.json() == {"client": "203.0.113.9"}
    assert _ask("/v1/page", headers=headers, client=("10.0.0.1", 1)).json() == {
        "client": "10.0.0.1"
    }


@pytest.mark.parametrize("path", ["/v1/page", "/ours", "/nowhere", "/readyz", "/raises"])
def test_every_answer_carries_the_headers_that_browsers_heed(path: str) -> None:
    headers = _ask(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"


def test_streams_pass_as_they_come() -> None:
    arrived = asyncio.Event()

    async def parts() -> AsyncIterator[bytes]:
        yield b"first"
        # Held back anywhere, the first part would never arrive.
        await arrived.wait()
        yield b"last"

    def stream(_: Request) -> Response:
        return StreamingResponse(parts(), media_type="text/event-stream")

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    seen: list[bytes] = []

    async def send(message: Message) -> None:
        seen.append(message.get("body", b""))
        if message.get("body") == b"first":
            arrived.set()

    app = behind_gateway(
        Starlette(),
        pages=Starlette(routes=[Route("/v1/stream", stream)]),
        routes=[],
        settings=Settings.model_validate({}),
        model=lambda: MODEL,
    )
    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/stream",
        "headers": [(b"origin", EXTENSION_ORIGIN.encode())],
        "query_string": b"",
    }

    async def ask() -> None:
        async with asyncio.timeout(10):
            await app(scope, receive, send)

    asyncio.run(ask())
    assert seen == [b"", b"first", b"last", b""]


def test_errors_are_counted_by_their_code() -> None:
    def counted(code: str) -> float:
        return REGISTRY.get_sample_value("sentiment_errors_total", {"code": code}) or 0.0

    before = {code: counted(code) for code in ("too_large", "internal_error")}
    for path in ("/ours", "/raises"):
        _ask(path)
    assert {code: counted(code) - before[code] for code in before} == {
        "too_large": 1,
        "internal_error": 1,
    }
