"""Comments and predictions written by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from sentiment.comments import Comment, Prediction, Status
from sentiment.labels import LABELS, Label

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def comment(
    text: str = "some comment",
    *,
    likes: int = 0,
    at: datetime = NOON,
    parent: str | None = None,
) -> Comment:
    return Comment("id", "a" * 11, text, likes, at, parent)


def prediction(label: Label, confidence: float = 0.8, status: Status = Status.OK) -> Prediction:
    rest = (1 - confidence) / 2
    negative, neutral, positive = (confidence if label is one else rest for one in LABELS)
    return Prediction(label, (negative, neutral, positive), status)
