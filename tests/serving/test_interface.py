"""The interface over real HTTP: BentoML's server, a real ONNX model, the stand-in of YouTube."""

from __future__ import annotations

import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import load_bundle
from sentiment.serving.limits import MAX_CONCURRENT_REQUESTS
from sentiment.serving.wire import prediction_body
from tests.serving.conftest import ORIGIN
from tests.serving.running import Running, error_of

pytestmark = pytest.mark.slow

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def predictor(tiny_bundle: Path) -> Predictor:
    return Predictor.from_bundle(load_bundle(tiny_bundle), threads=1)


def _predict(client: httpx.Client, texts: list[str]) -> list[dict[str, Any]]:
    # Escaped by json.dumps: httpx can't write a lone surrogate.
    answer = client.post("/v1/predict", content=json.dumps({"texts": texts}), headers=JSON)
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()
    return outcomes


def _wanted(predictor: Predictor, texts: list[str]) -> list[dict[str, Any]]:
    bodies = (prediction_body(prediction) for prediction in predictor.predict(texts))
    return [json.loads(body.model_dump_json()) for body in bodies]


def _same(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> bool:
    """Whether the outcomes agree; a batch's other texts move the last digits."""
    return len(found) == len(wanted) and all(
        one["score"] == pytest.approx(other["score"], abs=1e-5)
        and one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-5)
        and one["status"] == other["status"]
        for one, other in zip(found, wanted, strict=True)
    )


def test_readiness_names_the_model(client: httpx.Client, tiny_bundle: Path) -> None:
    model = {"name": "tiny", "digest": load_bundle(tiny_bundle).digest}
    ready = client.get("/readyz").json()
    assert (ready["ready"], ready["model"], ready["store"]) == (True, model, "ok")
    assert ready["quota"].keys() == {"units_left", "resets_at"}
    assert client.get("/v1/model").json() == model


def test_predict_agrees_with_the_predictor(client: httpx.Client, predictor: Predictor) -> None:
    texts = ["I love this video!", "", "Das ist ein ganz normaler deutscher Satz.", "meh", "🔥🔥"]
    assert _same(_predict(client, texts), _wanted(predictor, texts))


HOSTILE_TEXTS = {
    "empty": "",
    "spaces": " \t\n\r ",
    "nul": "\x00",
    "controls": "".join(map(chr, range(32))),
    "longest": "great " * 1_666 + "end.",
    "one word": "a" * 10_000,
    "emoji": "😂🔥❤️👍🏽" * 20,
    "right to left": "مرحبا بالعالم שלום עולם \u202e evil",
    "high surrogate": "half \ud83d",
    "low surrogate": "\udc00 half",
    "zero width": "\u200b\u200d\ufeff",
    "combining": "e" + "\u0301" * 5_000,
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "json": '{"texts": ["x"]}',
    "entities": "&amp;" * 2_000,
    "astral": "\U0010ffff\U000f0000",
}


@pytest.mark.parametrize("name", HOSTILE_TEXTS)
def test_predict_answers_whatever_the_text(client: httpx.Client, name: str) -> None:
    good, outcome = _predict(client, ["I love it", HOSTILE_TEXTS[name]])
    assert outcome["label"] in {-1, 0, 1}
    assert sum(outcome["probabilities"].values()) == pytest.approx(1)
    assert good["status"] in {"ok", "unsure"}


def test_predict_takes_a_thousand_texts_in_order(
    client: httpx.Client, predictor: Predictor
) -> None:
    texts = [f"comment number {index} " + "is good" * (index % 7) for index in range(1_000)]
    assert _same(_predict(client, texts), _wanted(predictor, texts))


def test_predict_keeps_requests_apart_in_one_batch(
    client: httpx.Client, predictor: Predictor
) -> None:
    requests = [
        [f"request {number} text {index} " + "love " * index for index in range(1 + number % 9)]
        for number in range(40)
    ]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda texts: _predict(client, texts), requests))
    assert all(
        _same(answer, _wanted(predictor, texts))
        for answer, texts in zip(answers, requests, strict=True)
    )


def test_bad_requests_do_not_spoil_good_ones(client: httpx.Client) -> None:
    def ask(number: int) -> int:
        texts = ["fine"] if number % 2 else [number]
        return client.post("/v1/predict", json={"texts": texts}).status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(ask, range(40)))
    assert statuses == [400, 200] * 20


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b'{"texts": []}',
        b'{"texts": "abc"}',
        b'{"texts": {"0": "a"}}',
        b'{"texts": [1]}',
        b'{"texts": [null]}',
        b'{"texts": ["a"], "more": 1}',
        b'{"texts": ["\xed\xa0\x80"]}',
        b'{"texts": NaN}',
        b'{"texts": [NaN]}',
        b'{"texts": [Infinity, 1e999999]}',
        b'{"texts": [' + b"9" * 100_000 + b"]}",
        b'{"texts": ["a"], "texts": [1]}',
        b'{"texts": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}",
        b'{"texts": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        json.dumps({"texts": ["a"] * 1_001}).encode(),
        json.dumps({"texts": ["a" * 10_001]}).encode(),
    ],
)
def test_predict_refuses_what_is_not_wanted(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/v1/predict", content=body, headers=JSON)
    assert error_of(answer) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("method", "path", "request_parts", "wanted"),
    [
        ("GET", "/nowhere", {}, (404, "not_found")),
        ("GET", "/v1/predict", {}, (405, "method_not_allowed")),
        ("DELETE", "/v1/model", {}, (405, "method_not_allowed")),
        ("DELETE", "/v1/model", {"data": {"a": "b"}}, (415, "unsupported_media_type")),
        ("GET", "/schema.json", {}, (404, "not_found")),
        (
            "POST",
            "/v1/predict",
            {"content": b"x", "headers": {"content-type": "application/x-msgpack"}},
            (415, "unsupported_media_type"),
        ),
        ("POST", "/v1/predict", {"content": b"x"}, (415, "unsupported_media_type")),
        (
            "POST",
            "/v1/predict",
            {"content": b"x", "headers": {"content-type": "application/vnd.bentoml+pickle"}},
            (415, "unsupported_media_type"),
        ),
        ("POST", "/v1/predict", {"files": {"texts": b"x"}}, (415, "unsupported_media_type")),
        (
            "POST",
            "/v1/predict",
            {"content": b" " * 12_000_001, "headers": JSON},
            (413, "too_large"),
        ),
        ("POST", "/v1/analyze", {"json": {}}, (400, "invalid_request")),
        ("POST", "/v1/analyze", {"json": {"video_id": 5}}, (400, "invalid_request")),
        (
            "POST",
            "/v1/analyze",
            {"json": {"video_id": "size0000001", "max_comments": 0}},
            (400, "invalid_request"),
        ),
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
def test_every_error_has_the_one_shape(
    client: httpx.Client,
    method: str,
    path: str,
    request_parts: dict[str, Any],
    wanted: tuple[int, str],
) -> None:
    answer = client.request(method, path, **request_parts)
    assert error_of(answer) == wanted
    assert ("retry-after" in answer.headers) == (wanted[0] == 429)


def test_analyze_answers_with_comments_and_numbers(client: httpx.Client) -> None:
    request = {"video_id": "https://www.youtube.com/watch?v=size0000230&t=3s", "max_comments": 100}
    body = client.post("/v1/analyze", json=request).json()
    assert body["video_id"] == "size0000230"
    assert (body["fetched"], len(body["comments"]), body["complete"]) == (100, 100, False)
    assert body["analysed"] + sum(body["excluded"].values()) == 100
    assert body["notice"] == "Computed by this tool, not YouTube data."


def test_analyze_of_a_video_without_comments_is_an_answer(client: httpx.Client) -> None:
    body = client.post("/v1/analyze", json={"video_id": "emptyVideo_"}).json()
    assert (body["fetched"], body["score"], body["shares"]["neutral"]["share"]) == (0, None, None)


def test_analyses_do_not_stop_predictions(client: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        analyses = [
            pool.submit(client.post, "/v1/analyze", json={"video_id": f"size000010{number}"})
            for number in range(6)
        ]
        assert len(_predict(client, ["good"])) == 1
        assert {analysis.result().status_code for analysis in analyses} == {200}


def test_foreign_pages_get_no_leave(client: httpx.Client) -> None:
    preflight = {"access-control-request-method": "POST", "origin": "https://evil.example"}
    answer = client.options("/v1/analyze", headers=preflight)
    assert "access-control-allow-origin" not in answer.headers
    answer = client.options("/v1/analyze", headers={**preflight, "origin": ORIGIN})
    assert answer.headers["access-control-allow-origin"] == ORIGIN


def test_demo_page_is_served_with_its_policy(client: httpx.Client) -> None:
    answer = client.get("/demo")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert client.get("/demo/config.json").json()["replayed"] is True


@pytest.mark.parametrize("path", ["/demo/../service.py", "/demo/%2e%2e/%2e%2e/service.py"])
def test_demo_serves_nothing_outside_its_folder(server: Running, path: str) -> None:
    # As raw as it can be: clients fold dots before they send.
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"bentoml" not in answer.lower().partition(b"\r\n\r\n")[2]


def test_metrics_count_requests_and_what_the_model_did(client: httpx.Client) -> None:
    _predict(client, ["good"])
    client.get("/no/such/path")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert 'endpoint="/v1/predict"' in answer.text
    assert "/no/such/path" not in answer.text
    for name in ("batch_texts", "batch_tokens", "queue_wait_seconds"):
        count = re.search(rf"^sentiment_{name}_count (\S+)$", answer.text, re.MULTILINE)
        assert count is not None
        assert float(count[1]) > 0
    assert re.search(r"^sentiment_prediction_cache_misses_total [1-9]", answer.text, re.MULTILINE)
    assert 'sentiment_errors_total{code="not_found"}' in answer.text


def test_trickling_bodies_hold_no_place(server: Running, client: httpx.Client) -> None:
    host, _, port = server.url.removeprefix("http://").partition(":")
    head = b"POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with ExitStack() as stack:
        for _ in range(MAX_CONCURRENT_REQUESTS + 10):
            slow = stack.enter_context(socket.create_connection((host, int(port)), timeout=30))
            slow.sendall(head + b"Content-Length: 100\r\n\r\n{")
        assert len(_predict(client, ["good"])) == 1


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


def test_request_id_is_in_the_answer_and_in_the_log(server: Running, client: httpx.Client) -> None:
    answer = client.post(
        "/v1/predict", json={"texts": ["a"]}, headers={"X-Request-Id": "find-me-1"}
    )
    assert answer.headers["x-request-id"] == "find-me-1"
    # The line is written after the answer.
    ends_s = time.monotonic() + 10
    while (log := server.log()).count('"find-me-1"') < 1 and time.monotonic() < ends_s:
        time.sleep(0.01)
    lines = [json.loads(line) for line in log.splitlines() if '"find-me-1"' in line]
    assert [(line["path"], line["status"]) for line in lines] == [("/v1/predict", 200)]


def test_log_names_the_model_and_holds_no_text(server: Running, client: httpx.Client) -> None:
    client.post("/v1/predict", json={"texts": ["an unmistakable secret", 7]})
    _predict(client, ["an unmistakable secret"])
    log = server.log()
    assert "serving model tiny, digest" in log
    assert "unmistakable" not in log
    assert "Traceback" not in log
