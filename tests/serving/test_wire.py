from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from sentiment.analysis.summary import summarise
from sentiment.comments import Comment, Prediction, Status
from sentiment.labels import Label
from sentiment.serving.wire import (
    AnalyzeRequest,
    ModelBody,
    PredictRequest,
    analyze_body,
    prediction_body,
)

GOOD = Prediction(Label.POSITIVE, (0.1, 0.2, 0.7), Status.OK)
MODEL = ModelBody(name="tiny", digest="ab" * 32)


def _analysis(comments: list[Comment]) -> dict[str, Any]:
    predictions = [GOOD] * len(comments)
    body = analyze_body(
        "dQw4w9WgXcQ",
        comments=comments,
        predictions=predictions,
        summary=summarise(predictions),
        model=MODEL,
        units_spent=2,
        complete=True,
    )
    document: dict[str, Any] = json.loads(body.model_dump_json())
    return document


def test_prediction_body_has_the_agreed_words() -> None:
    document = json.loads(prediction_body(GOOD).model_dump_json())
    assert document == {
        "label": 1,
        "score": pytest.approx(0.6),
        "probabilities": {"negative": 0.1, "neutral": 0.2, "positive": 0.7},
        "confidence": 0.7,
        "status": "ok",
    }


def test_analysis_has_the_agreed_words() -> None:
    comment = Comment(
        "Ug.1", "dQw4w9WgXcQ", "nice", 3, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "Ug"
    )
    document = _analysis([comment])

    assert document.keys() == {
        "video_id", "analysed", "excluded", "unsure", "shares", "score", "fetched",
        "complete", "comments", "model", "units_spent", "notice",
    }  # fmt: skip
    assert document["shares"]["positive"]["share"] == 1.0
    assert document["comments"][0].pop("prediction")["label"] == 1
    assert document["comments"][0] == {
        "id": "Ug.1",
        "parent_id": "Ug",
        "text": "nice",
        "like_count": 3,
        "published_at": "2026-01-02T03:04:05Z",
    }
    assert document["notice"] == "Computed by this tool, not YouTube data."


def test_analysis_of_no_comments_has_nulls() -> None:
    document = _analysis([])
    assert document["score"] is None
    assert document["shares"]["neutral"] == {"share": None, "low": None, "high": None}


def test_analysis_writes_a_lone_surrogate_as_a_question_mark() -> None:
    comment = Comment("a", "dQw4w9WgXcQ", "half \ud83d", 0, datetime(2026, 1, 1, tzinfo=UTC))
    assert _analysis([comment])["comments"][0]["text"] == "half ?"


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        {"texts": []},
        {"texts": "abc"},
        {"texts": [1]},
        {"texts": [None]},
        {"texts": ["a"] * 1_001},
        {"texts": ["a" * 10_001]},
        {"texts": ["a"], "extra": 1},
    ],
)
def test_predict_request_refuses(document: object) -> None:
    with pytest.raises(ValidationError):
        PredictRequest.model_validate_json(json.dumps(document))


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
