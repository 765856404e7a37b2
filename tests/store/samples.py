"""Made-up comments and predictions, and a clock that stands still until told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sentiment.comments import Comment, Prediction, Status
from sentiment.labels import Label

VIDEO = "video000001"
NOW = datetime(2026, 6, 1, 12, 30, 15, 250_000, tzinfo=UTC)
MODEL = "a" * 64


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def comment(
    number: int,
    *,
    text: str | None = None,
    video_id: str = VIDEO,
    parent: int | None = None,
    likes: int = 0,
) -> Comment:
    """The higher the number, the newer the comment."""
    own = f"Ug{number:05}"
    return Comment(
        id=own if parent is None else f"Ug{parent:05}.{own}",
        video_id=video_id,
        text=f"comment {number}" if text is None else text,
        like_count=likes,
        published_at=NOW - timedelta(days=100) + timedelta(seconds=number),
        parent_id=None if parent is None else f"Ug{parent:05}",
    )


def prediction(label: Label = Label.POSITIVE) -> Prediction:
    return Prediction(label, (0.1, 0.2, 0.7), Status.OK)
