from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sentiment.serving.guard import RequestGuard
from sentiment.serving.limits import MAX_SMALL_BODY_BYTES
from sentiment.serving.rates import ClientRates


async def _echo(request: Request) -> Response:
    return Response(await request.body())


def _ask(
    method: str = "POST",
    path: str = "/v1/echo",
    *,
    tokens: Collection[str] = (),
    admin_token: str | None = None,
    rates: ClientRates | None = None,
    max_body_bytes: int = 100,
    max_held_bytes: int = 1_000,
    body_deadline_s: float = 10,
    client: tuple[str, int] = ("127.0.0.1", 1),
    **request: Any,
) -> httpx.Response:
    app = Starlette(
        routes=[Route("/{path:path}", _echo, methods=["GET", "POST", "DELETE", "PUT"])],
    )
    guarded = RequestGuard(
        app,
        tokens=tokens,
        admin_token=admin_token,
        rates=rates,
        max_body_bytes=max_body_bytes,
        max_held_bytes=max_held_bytes,
        body_deadline_s=body_deadline_s,
    )

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=guarded, client=client)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as asker:
            return await asker.request(method, path, **request)

    return asyncio.run(ask())


JSON = {"content-type": "application/json; charset=utf-8"}


def test_guard_passes_json_on_unchanged() -> None:
    answer = _ask(content=b'{"a": "\\u00e9"}', headers=JSON)
    assert (answer.status_code, answer.content) == (200, b'{"a": "\\u00e9"}')


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/vnd.bentoml+pickle"},
        {"content-type": "application/x-msgpack"},
        {"content-type": "application/octet-stream"},
        {"content-type": "application/json-seq"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_guard_takes_nothing_but_json(method: str, headers: dict[str, str]) -> None:
    answer = _ask(method, content=b"{}", headers=headers)
    assert answer.status_code == 415
    assert answer.json()["error"]["code"] == "unsupported_media_type"


def test_guard_lets_a_body_be_absent_where_it_may() -> None:
    assert _ask("DELETE").status_code == 200
    assert _ask("POST").status_code == 415


def test_guard_refuses_a_large_body_by_its_declared_length() -> None:
    assert _ask(content=b"x" * 101, headers=JSON).status_code == 413
    assert _ask(content=b"x" * 100, headers=JSON).status_code == 200


def test_guard_refuses_a_large_body_without_a_length() -> None:
    async def chunks() -> Any:
        for _ in range(11):
            yield b"x" * 10

    assert _ask(content=chunks(), headers=JSON).status_code == 413


def test_guard_takes_large_bodies_for_texts_alone() -> None:
    async def chunks() -> Any:
        yield b"x" * MAX_SMALL_BODY_BYTES
        yield b"x"

    def status(path: str, content: Any) -> int:
        return _ask(
            path=path,
            content=content,
            headers=JSON,
            max_body_bytes=1_000_000,
            max_held_bytes=1_000_000,
        ).status_code

    large = b"x" * (MAX_SMALL_BODY_BYTES + 1)
    assert status("/v1/predict", large) == status("/v1/predict", chunks()) == 200
    assert status("/v1/analyze", large) == status("/v1/analyze", chunks()) == 413
    assert status("/v1/analyze", large[1:]) == 200


def test_guard_gives_a_trickling_body_up() -> None:
    async def trickle() -> Any:
        yield b"{"
        await asyncio.sleep(60)

    answer = _ask(content=trickle(), headers=JSON, body_deadline_s=0.05)
    assert (answer.status_code, answer.json()["error"]["code"]) == (408, "too_slow")
    assert answer.headers["connection"] == "close"


def test_guard_holds_no_more_than_it_may() -> None:
    answer = _ask(content=b"x" * 100, headers=JSON, max_held_bytes=99)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


def test_guard_counts_each_client_apart() -> None:
    rates = ClientRates("2/minute")
    asked = [_ask("GET", rates=rates, client=("192.0.2.1", port)) for port in range(3)]
    assert [answer.status_code for answer in asked] == [200, 200, 429]
    assert asked[2].json()["error"]["code"] == "rate_limited"
    assert 58 <= int(asked[2].headers["retry-after"]) <= 60
    assert _ask("GET", rates=rates, client=("192.0.2.2", 1)).status_code == 200
    assert _ask("GET", "/demo", rates=rates, client=("192.0.2.1", 1)).status_code == 200


def test_guard_counts_those_who_know_the_token_together_and_guesses_by_address() -> None:
    rates = ClientRates("1/minute")
    known: dict[str, Any] = {
        "headers": {"authorization": "Bearer s3cret"},
        "tokens": ["s3cret"],
        "rates": rates,
    }
    guess: dict[str, Any] = {
        "headers": {"authorization": "Bearer wrong"},
        "tokens": ["s3cret"],
        "rates": rates,
    }
    assert _ask("GET", **guess).status_code == 401
    assert _ask("GET", **guess).status_code == 429
    assert _ask("GET", **known).status_code == 200
    assert _ask("GET", **known, client=("192.0.2.2", 1)).status_code == 429


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("Bearer wrong", 401),
        ("Basic s3cret", 401),
        ("Bearer", 401),
        ("Bearer sécret", 401),
        ("Bearer s3cret", 200),
        ("bearer s3cret", 200),
    ],
)
def test_guard_asks_for_the_token(header: str | None, status: int) -> None:
    headers = {} if header is None else {"authorization": header.encode("utf-8")}
    assert _ask("GET", tokens=["s3cret"], headers=headers).status_code == status


@pytest.mark.parametrize(("shown", "status"), [("new", 200), ("old", 200), ("older", 401)])
def test_guard_takes_both_tokens_while_one_replaces_the_other(shown: str, status: int) -> None:
    headers = {"authorization": f"Bearer {shown}"}
    assert _ask("GET", tokens=["new", "old"], headers=headers).status_code == status


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("/v1/admin/x", "adm1n", 200),
        ("/v1/admin/x", "us3r", 401),
        ("/v1/admin/x", "", 401),
        ("/v1/model", "adm1n", 401),
        ("/v1/model", "us3r", 200),
    ],
)
def test_guard_asks_for_another_token_on_the_administrators_paths(
    path: str, given: str, status: int
) -> None:
    headers = {"authorization": f"Bearer {given}"}
    answer = _ask("GET", path, tokens=["us3r"], admin_token="adm1n", headers=headers)
    assert answer.status_code == status


def test_guard_asks_for_the_administrators_token_where_the_interface_is_open() -> None:
    assert _ask("GET", "/v1/admin/x", admin_token="adm1n").status_code == 401
    assert _ask("GET", "/v1/model", admin_token="adm1n").status_code == 200


def test_guard_counts_the_administrator_apart() -> None:
    rates = ClientRates("1/hour")
    tokens: dict[str, Any] = {"tokens": ["us3r"], "admin_token": "adm1n", "rates": rates}
    asked = [("/v1/x", "us3r"), ("/v1/x", "us3r"), ("/v1/admin/x", "adm1n")]
    statuses = [
        _ask("GET", path, headers={"authorization": f"Bearer {given}"}, **tokens).status_code
        for path, given in asked
    ]
    assert statuses == [200, 429, 200]


def test_guard_leaves_other_paths_open() -> None:
    assert _ask("GET", "/demo", tokens=["s3cret"]).status_code == 200
