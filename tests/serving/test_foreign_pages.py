"""Who is taken for a foreign web page, as the guard hears of it; over HTTP: test_browsers.py."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.responses import PlainTextResponse

from sentiment.serving.guard import RequestGuard
from sentiment.serving.rates import ClientRates

ALLOWED = "https://panel.example"


def ask(
    headers: dict[str, str], *, has_proxy: bool = False, rates: ClientRates | None = None
) -> int:
    """Return the status that a container's service answers with: it does not listen on loopback."""
    guard = RequestGuard(
        PlainTextResponse("in"), tokens=(), rates=rates, origins=[ALLOWED], has_proxy=has_proxy
    )

    async def status() -> int:
        transport = httpx.ASGITransport(app=guard, client=("172.17.0.1", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://172.17.0.2:3000") as one:
            return (await one.get("/v1/model", headers=headers)).status_code

    return asyncio.run(status())


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1:3000", "192.168.1.5:3000", "[::1]:3000", "localhost:3000", "service:3000"),
        *("studio.local", "ip-10-0-0-1.ec2.internal", "nas.home.arpa:3000", "panel.example"),
    ],
)
def test_who_asks_by_a_name_that_nobody_can_turn_is_let_in(host: str) -> None:
    assert ask({"host": host}) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:3000", "local.evil.example", "127.0.0.1.evil.example", ""],
)
def test_a_public_name_may_have_been_turned_here(host: str) -> None:
    assert ask({"host": host}) == 403
    assert ask({"host": host, "origin": f"http://{host}"}) == 403
    # Which names lead here, the proxy decides.
    assert ask({"host": host}, has_proxy=True) == 200


def test_our_own_pages_may_ask_through_a_proxy_that_renames_the_host() -> None:
    headers = {"host": "127.0.0.1:3000", "origin": "https://s.example"}
    assert ask({**headers, "sec-fetch-site": "same-origin"}, has_proxy=True) == 200
    assert ask({**headers, "sec-fetch-site": "cross-site"}, has_proxy=True) == 403
    assert ask(headers, has_proxy=True) == 403


def test_foreign_pages_use_up_nobodys_rate() -> None:
    rates = ClientRates("1/minute")
    for _ in range(5):
        assert ask({"sec-fetch-site": "cross-site"}, rates=rates) == 403
    assert ask({}, rates=rates) == 200
    assert ask({}, rates=rates) == 429
