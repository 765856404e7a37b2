from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from sentiment.serving import lambda_handler
from sentiment.serving.lambda_handler import predict

pytestmark = pytest.mark.usefixtures("loggers_as_they_were")

TEXTS = ["I love this!", "", "this is terrible"]


@pytest.mark.parametrize("encoded", [False, True])
def test_texts_are_answered_in_order_in_the_shape_of_the_service(encoded: bool) -> None:
    body = json.dumps({"texts": TEXTS})
    sent = base64.b64encode(body.encode()).decode() if encoded else body
    answer = predict({"body": sent, "isBase64Encoded": encoded}, None)
    assert answer["statusCode"] == 200
    found = json.loads(answer["body"])
    assert [(one["label"], one["status"]) for one in found] == [(1, "ok"), (0, "empty"), (-1, "ok")]
    assert set(found[0]) >= {"score", "probabilities", "confidence"}


@pytest.mark.parametrize("encoded", [False, True])
def test_half_a_character_in_one_text_fails_no_other(encoded: bool) -> None:
    body = r'{"texts": ["I love this! \ud83d", "\ud83d", "this is terrible"]}'
    sent = base64.b64encode(body.encode()).decode() if encoded else body
    answer = predict({"body": sent, "isBase64Encoded": encoded}, None)
    assert answer["statusCode"] == 200
    statuses = [one["status"] for one in json.loads(answer["body"])]
    assert statuses == ["ok", "empty", "ok"]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"body": None},
        {"body": "{"},
        {"body": '{"texts": "no list"}'},
        {"body": "%%%", "isBase64Encoded": True},
        {"body": json.dumps({"texts": ["x"] * 1_001})},
    ],
)
def test_what_is_no_request_gets_an_error_in_the_one_shape(event: dict[str, object]) -> None:
    answer = predict(event, None)
    assert answer["statusCode"] == 400
    assert set(json.loads(answer["body"])["error"]) == {"code", "message", "advice"}


def test_a_model_that_is_not_there_is_logged_as_one_line_of_json(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENTIMENT_MODEL_DIR", str(tmp_path / "nothing"))
    monkeypatch.setenv("SENTIMENT_LOG_FORMAT", "json")
    lambda_handler._predictor.cache_clear()
    answer = predict({"body": json.dumps({"texts": TEXTS})}, None)
    assert answer["statusCode"] >= 500
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["logger"]) == ("ERROR", "sentiment.serving.lambda_handler")
