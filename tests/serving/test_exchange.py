from __future__ import annotations

import asyncio
import logging

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sentiment.serving.exchange import Exchange


async def _answers(scope: Scope, receive: Receive, send: Send) -> None:
    logging.getLogger("inside").info("at work")
    response = Response(status_code=204, headers={"cache-control": "no-cache"})
    await response(scope, receive, send)


async def _raises(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError(Request(scope).url.path)


def _ask(
    path: str, *, app: ASGIApp = _answers, headers: dict[str, str] | None = None
) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=Exchange(app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


def _lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    records = [record for record in caplog.records if record.name.endswith(".requests")]
    return [record.getMessage() for record in records]


def test_request_id_comes_back() -> None:
    assert _ask("/", headers={"x-request-id": "mine-1"}).headers["x-request-id"] == "mine-1"
    made = _ask("/", headers={"x-request-id": "not sane"}).headers["x-request-id"]
    assert len(made) == 32


def test_headers_of_the_application_are_left_alone() -> None:
    headers = _ask("/").headers
    assert headers["cache-control"] == "no-cache"
    assert headers["x-content-type-options"] == "nosniff"


def test_log_has_a_line_a_request_without_its_query(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        _ask("/v1/x%0Ay?text=secret")
        _ask("/readyz")
    (line,) = _lines(caplog)
    assert line.startswith("GET /v1/x%0Ay 204 in ")


def test_log_has_a_line_for_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        _ask("/x", app=_raises)
    assert [line[:9] for line in _lines(caplog)] == ["GET /x 0 "]
