from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from sentiment.comments import Prediction, Status
from sentiment.labels import Label
from sentiment.serving.wire import PredictRequest, prediction_body
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
