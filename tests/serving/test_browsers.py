"""What web pages get from the running service, and what they must not."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest

from tests.serving.conftest import ORIGIN
from tests.serving.running import Running, error_of, raw_answer


def test_foreign_pages_get_no_leave(client: httpx.Client) -> None:
    preflight = {"access-control-request-method": "POST", "origin": "https://evil.example"}
    answer = client.options("/v1/analyze", headers=preflight)
    assert "access-control-allow-origin" not in answer.headers
    answer = client.options("/v1/analyze", headers={**preflight, "origin": ORIGIN})
    assert answer.headers["access-control-allow-origin"] == ORIGIN


# What a browser tells of a page's request that needs no preflight, and of a name turned to here.
_FOREIGN = {
    "a fetch": {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    "an image": {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    "a window": {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    "another port": {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"},
    "a sandbox": {"origin": "null", "sec-fetch-site": "cross-site"},
    "a rebound name": {"host": "evil.example:3000", "sec-fetch-site": "same-origin"},
    "a rebound name without more": {"host": "evil.example"},
    "a name that is none": {"host": "["},
    "an origin that is none": {"origin": "http://["},
}


@pytest.mark.parametrize("headers", _FOREIGN.values(), ids=_FOREIGN)
def test_foreign_pages_are_not_let_in(client: httpx.Client, headers: dict[str, str]) -> None:
    stream = "/v1/analyze/stream?video_id=forpages001&max_comments=1000"
    answer = client.get(stream, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "page_not_allowed")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-origin", "host": "localhost:3000"},
        {"sec-fetch-site": "none", "host": "sentiment.localhost"},
        {"host": "[::1]:3000", "origin": "http://[::1]:3000"},
        {"host": urlsplit(ORIGIN).netloc},
    ],
    ids=["allowed", "own page", "typed", "own page, its origin named", "a name that is allowed"],
)
def test_allowed_pages_and_our_own_are_answered(
    client: httpx.Client, headers: dict[str, str]
) -> None:
    assert client.get("/v1/model", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/demo/../service.py", "/demo/%2e%2e/%2e%2e/service.py"])
def test_demo_serves_nothing_outside_its_folder(server: Running, path: str) -> None:
    # As raw as it can be: clients fold dots before they send.
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = raw_answer(server, request.encode())
    assert error_of(answer) == (404, "not_found")
