"""Predictions over real HTTP: BentoML's server, a real ONNX model, whatever the text."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import load_bundle
from sentiment.serving.wire import prediction_body
from tests.serving.running import error_of

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
