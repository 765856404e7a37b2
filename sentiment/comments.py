"""Comments and what is said of them: the values that travel between the parts.

Pure data: no library beyond the standard one, so that every level may import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sentiment.labels import LABEL_NAMES, Label

KEPT_TEXT_DAYS = 30
"""YouTube's terms want text that is older fetched anew or deleted."""

PANEL_RESULT_DAYS = 7
"""A side panel may keep a result, texts and all, for that long; `LONGEST_AGE_MS` there."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as fetched. Holds nothing that identifies its author.

    Attributes:
        id: YouTube's comment id; a reply's is `parent.child`.
        video_id: the 11 characters of the video.
        text: plain text, not cleaned.
        like_count: likes when it was fetched.
        published_at: when it was written, with time zone.
        parent_id: id of the comment it replies to; None for a top-level comment.
    """

    id: str
    video_id: str
    text: str
    like_count: int
    published_at: datetime
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class LabelledComment:
    """A text with the label somebody gave it.

    Attributes:
        id: unique within its source.
        source: name of the corpus.
        text: as the corpus holds it, not cleaned.
        label: the three-way label.
    """

    id: str
    source: str
    text: str
    label: Label


class Status(StrEnum):
    """How far a prediction can be relied on."""

    OK = "ok"
    UNSURE = "unsure"
    EMPTY = "empty"
    NOT_ENGLISH = "not_english"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says of one text.

    Attributes:
        label: the most probable label; NEUTRAL for an empty text.
        probabilities: calibrated, in the order of `sentiment.labels.LABELS`, summing to 1.
        status: `unsure`, `empty` and `not_english` carry a label too, but not one to rely on.
    """

    label: Label
    probabilities: tuple[float, float, float]
    status: Status

    @property
    def score(self) -> float:
        """P(positive) - P(negative), in [-1, 1]."""
        return self.probabilities[2] - self.probabilities[0]

    @property
    def confidence(self) -> float:
        """The largest probability, in [1/3, 1]."""
        return max(self.probabilities)

    def as_record(self) -> dict[str, Any]:
        """Return the JSON object that stands for this prediction on the wire and in files."""
        return {
            "label": int(self.label),
            "score": self.score,
            "probabilities": dict(zip(LABEL_NAMES, self.probabilities, strict=True)),
            "confidence": self.confidence,
            "status": self.status.value,
        }
