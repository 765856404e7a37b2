"""Every error has the one shape over real HTTP, the framework's and the server's own included."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from sentiment.serving.limits import (
    MAX_BODY_BYTES,
    MAX_CONCURRENT_REQUESTS,
    MAX_SMALL_BODY_BYTES,
)
from tests.serving.running import Running, error_of, raw_answer

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "request_parts", "wanted"),
    [
        ("GET", "/nowhere", {}, (404, "not_found")),
        ("GET", "/schema.json", {}, (404, "not_found")),
        ("GET", "/v1/predict", {}, (405, "method_not_allowed")),
        ("DELETE", "/v1/model", {}, (405, "method_not_allowed")),
        (
            "POST",
            "/v1/predict",
            {"content": b"x", "headers": {"content-type": "application/vnd.bentoml+pickle"}},
            (415, "unsupported_media_type"),
        ),
        (
            "POST",
            "/v1/predict",
            {"content": b" " * (MAX_BODY_BYTES + 1), "headers": JSON},
            (413, "too_large"),
        ),
        *(
            (
                "POST",
                path,
                {"content": b" " * (MAX_SMALL_BODY_BYTES + 1), "headers": JSON},
                (413, "too_large"),
            )
            for path in ("/v1/analyze", "/v1/feedback", "/v1/admin/reload")
        ),
        ("POST", "/v1/analyze", {"json": {}}, (400, "invalid_request")),
        ("POST", "/v1/analyze", {"json": {"video_id": 5}}, (400, "invalid_request")),
        (
            "POST",
            "/v1/analyze",
            {"content": b'{"video_id": "a", "max_comments": 1e400}', "headers": JSON},
            (400, "invalid_request"),
        ),
        (
            "POST",
            "/v1/analyze",
            {"content": b'{"video_id": "a", "max_comments": NaN}', "headers": JSON},
            (400, "invalid_request"),
        ),
        ("POST", "/v1/analyze", {"json": {"video_id": "nonsense"}}, (400, "invalid_video_id")),
        ("POST", "/v1/analyze", {"json": {"video_id": "noComments_"}}, (403, "comments_disabled")),
        ("POST", "/v1/analyze", {"json": {"video_id": "privateVid_"}}, (403, "video_private")),
        ("POST", "/v1/analyze", {"json": {"video_id": "missingVid_"}}, (404, "video_not_found")),
    ],
)
def test_refusal_has_the_one_shape(
    client: httpx.Client,
    method: str,
    path: str,
    request_parts: dict[str, Any],
    wanted: tuple[int, str],
) -> None:
    answer = client.request(method, path, **request_parts)
    assert error_of(answer) == wanted
    assert "retry-after" not in answer.headers


def test_many_unknown_fields_are_told_as_one_error(client: httpx.Client) -> None:
    answer = client.post("/v1/predict", json={f"field{number}": 0 for number in range(9_000)})
    assert error_of(answer) == (400, "invalid_request")
    assert answer.json()["error"]["message"].endswith(
        ": Extra inputs are not permitted: field0, field1, field2, field3, field4 and 8995 more."
    )


def test_a_body_of_nothing_but_keys_is_refused_before_it_is_parsed(client: httpx.Client) -> None:
    answer = client.post("/v1/predict", json={f"field{number}": 0 for number in range(500_000)})
    assert error_of(answer) == (400, "invalid_request")
    assert "more than 10,000 keys" in answer.json()["error"]["message"]


def test_what_is_no_http_is_told_so_and_the_service_lives(
    server: Running, client: httpx.Client
) -> None:
    # Closed by the server: else the answer would have no end.
    answer = raw_answer(server, b"nonsense\r\n\r\n")
    assert error_of(answer) == (400, "invalid_request")
    assert client.get("/v1/model").status_code == 200
    assert 'sentiment_errors_total{code="invalid_request"}' in client.get("/metrics").text


def test_wish_for_a_web_socket_is_an_ordinary_request(server: Running) -> None:
    upgrade = (
        b"GET /v1/nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    assert error_of(raw_answer(server, upgrade)) == (404, "not_found")


def test_trickling_bodies_hold_no_place(server: Running, client: httpx.Client) -> None:
    head = b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with ExitStack() as stack:
        for _ in range(MAX_CONCURRENT_REQUESTS + 10):
            slow = stack.enter_context(socket.create_connection(server.address, timeout=30))
            slow.sendall(head + b"Content-Length: 100\r\n\r\n{")
        assert client.post("/v1/predict", json={"texts": ["good"]}).status_code == 200


def test_framework_refuses_what_is_too_much_in_the_one_shape(client: httpx.Client) -> None:
    def ask(number: int) -> httpx.Response:
        texts = [f"text {number} {index} " + "word " * 20 for index in range(400)]
        return client.post("/v1/predict", json={"texts": texts})

    with ThreadPoolExecutor(MAX_CONCURRENT_REQUESTS + 16) as pool:
        answers = list(pool.map(ask, range(MAX_CONCURRENT_REQUESTS + 16)))
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused
    for answer in refused:
        assert error_of(answer) in {(429, "too_many_requests"), (503, "overloaded")}
        assert int(answer.headers["retry-after"]) > 0
