from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from sentiment.comments import Prediction, Status
from sentiment.labels import Label
from sentiment.serving.limits import MAX_ADDRESS_CHARACTERS, MAX_SMALL_BODY_BYTES
from sentiment.serving.wire import FeedbackRequest, PredictRequest, RequestModel, prediction_body
from sentiment.serving.wire_analysis import AnalyzeRequest

GOOD = Prediction(Label.POSITIVE, (0.1, 0.2, 0.7), Status.OK)


def test_prediction_body_has_the_agreed_words() -> None:
    document = json.loads(prediction_body(GOOD).model_dump_json())
    assert document == {
        "label": 1,
        "score": pytest.approx(0.6),
        "probabilities": {"negative": 0.1, "neutral": 0.2, "positive": 0.7},
        "confidence": 0.7,
        "status": "ok",
    }


def test_predict_request_takes_the_largest() -> None:
    texts = ["a" * 10_000, ""] * 500
    assert PredictRequest.model_validate({"texts": texts}).texts == texts


@pytest.mark.parametrize("max_comments", [0, -1, 10_001, "5", 5.5, True, None])
def test_analyze_request_refuses_a_wrong_number(max_comments: object) -> None:
    with pytest.raises(ValidationError):
        AnalyzeRequest.model_validate({"video_id": "x", "max_comments": max_comments})


def test_refusal_does_not_repeat_the_text() -> None:
    with pytest.raises(ValidationError) as caught:
        PredictRequest.model_validate({"texts": ["a secret " * 2_000]})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("request_model", [PredictRequest, AnalyzeRequest, FeedbackRequest])
def test_many_unknown_fields_are_one_error(request_model: type[RequestModel]) -> None:
    body = json.dumps({f"field{number}": 0 for number in range(10_000)})
    with pytest.raises(ValidationError) as caught:
        request_model.model_validate_json(body)
    (error,) = caught.value.errors()
    assert error["msg"] == (
        "Extra inputs are not permitted: field0, field1, field2, field3, field4 and 9995 more"
    )


def test_each_of_a_few_unknown_fields_is_named() -> None:
    with pytest.raises(ValidationError) as caught:
        PredictRequest.model_validate_json('{"texts": ["a"], "text": "b", "lang": "en"}')
    assert [error["loc"] for error in caught.value.errors()] == [("text",), ("lang",)]


def test_longest_address_is_within_the_limit_of_small_bodies() -> None:
    body = json.dumps({"video_id": "\U0001f525" * MAX_ADDRESS_CHARACTERS, "max_comments": 10_000})
    assert AnalyzeRequest.model_validate_json(body).max_comments == 10_000
    assert len(body) < MAX_SMALL_BODY_BYTES
