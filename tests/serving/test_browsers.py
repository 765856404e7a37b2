"""What web pages get from the running service, and what they must not."""

from __future__ import annotations

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


@pytest.mark.parametrize("path", ["/demo/../service.py", "/demo/%2e%2e/%2e%2e/service.py"])
def test_demo_serves_nothing_outside_its_folder(server: Running, path: str) -> None:
    # As raw as it can be: clients fold dots before they send.
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = raw_answer(server, request.encode())
    assert error_of(answer) == (404, "not_found")
