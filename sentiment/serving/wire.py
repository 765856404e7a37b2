"""The words on the wire: what requests and answers look like, strictly.

The command line writes the same shapes. Imports no framework, so that every edge can use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sentiment.analysis.summary import Interval, Summary
from sentiment.comments import Comment, Prediction, Status
from sentiment.serving.limits import (
    DEFAULT_COMMENTS,
    MAX_COMMENTS,
    MAX_TEXT_CHARACTERS,
    MAX_TEXTS,
)

NOTICE = "Computed by this tool, not YouTube data."

_MAX_ADDRESS_CHARACTERS = 2_048

Text = Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARACTERS)]
Texts = Annotated[list[Text], Field(min_length=1, max_length=MAX_TEXTS)]
Proportion = Annotated[float, Field(ge=0, le=1)]
Score = Annotated[float, Field(ge=-1, le=1)]
Count = Annotated[int, Field(ge=0)]


class _Request(BaseModel):
    # Inputs stay out of errors: the framework logs them, and they are people's words.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PredictRequest(_Request):
    """Body of `POST /v1/predict`."""

    texts: Texts


class AnalyzeRequest(_Request):
    """Body of `POST /v1/analyze`."""

    video_id: Annotated[
        str, StringConstraints(min_length=1, max_length=_MAX_ADDRESS_CHARACTERS)
    ] = Field(description="The id of a video, or any address that holds one.")
    max_comments: Annotated[int, Field(ge=1, le=MAX_COMMENTS)] = DEFAULT_COMMENTS


class ProbabilitiesBody(_Answer):
    """Calibrated probabilities that sum to 1."""

    negative: Proportion
    neutral: Proportion
    positive: Proportion


class PredictionBody(_Answer):
    """What the model says of one text."""

    label: Annotated[int, Field(ge=-1, le=1)]
    score: Score
    probabilities: ProbabilitiesBody
    confidence: Proportion
    status: Status


class ShareBody(_Answer):
    """Share of one label with its 95 % interval; null when nothing was analysed."""

    share: Proportion | None
    low: Proportion | None
    high: Proportion | None


class SharesBody(_Answer):
    """Share of each label among the analysed comments."""

    negative: ShareBody
    neutral: ShareBody
    positive: ShareBody


class ScoreBody(_Answer):
    """Mean score of the analysed comments with its 95 % interval."""

    mean: Score
    low: Score
    high: Score


class ExcludedBody(_Answer):
    """Comments that were fetched and not analysed."""

    empty: Count
    not_english: Count


class CommentBody(_Answer):
    """A comment with what the model says of it."""

    id: str
    parent_id: str | None
    text: str
    like_count: int
    published_at: datetime
    prediction: PredictionBody


class ModelBody(_Answer):
    """The model that answers."""

    name: str
    digest: str


class AnalyzeBody(_Answer):
    """Answer of `POST /v1/analyze`."""

    video_id: str
    analysed: Count
    excluded: ExcludedBody
    unsure: Count
    shares: SharesBody
    score: ScoreBody | None
    fetched: Count
    complete: bool
    comments: list[CommentBody]
    model: ModelBody
    units_spent: Count
    notice: str = NOTICE


class ErrorDetail(_Answer):
    """What went wrong, and what to do."""

    code: str
    message: str
    advice: str


class ErrorBody(_Answer):
    """The one shape of every answer that is an error."""

    error: ErrorDetail


def prediction_body(prediction: Prediction) -> PredictionBody:
    """Return the wire shape of a prediction."""
    return PredictionBody.model_validate(prediction.as_record(), strict=False)


def analyze_body(
    video_id: str,
    *,
    comments: Sequence[Comment],
    predictions: Sequence[Prediction],
    summary: Summary,
    model: ModelBody,
    units_spent: int,
    complete: bool,
) -> AnalyzeBody:
    """Return the wire shape of an analysis.

    Args:
        video_id: the 11 characters.
        comments: as fetched.
        predictions: one a comment, in the same order.
        summary: of these predictions.
        model: what predicted.
        units_spent: quota units that fetching cost.
        complete: whether these are all the comments that the API gives.
    """
    return AnalyzeBody(
        video_id=video_id,
        analysed=summary.analysed,
        excluded=ExcludedBody(empty=summary.empty, not_english=summary.not_english),
        unsure=summary.unsure,
        shares=SharesBody(
            **{label.word: _share_body(share) for label, share in summary.shares.items()}
        ),
        score=_score_body(summary.score),
        fetched=len(comments),
        complete=complete,
        comments=[
            _comment_body(comment, prediction)
            for comment, prediction in zip(comments, predictions, strict=True)
        ],
        model=model,
        units_spent=units_spent,
    )


def _share_body(share: Interval | None) -> ShareBody:
    if share is None:
        return ShareBody(share=None, low=None, high=None)
    return ShareBody(share=share.estimate, low=share.low, high=share.high)


def _score_body(score: Interval | None) -> ScoreBody | None:
    if score is None:
        return None
    return ScoreBody(mean=score.estimate, low=score.low, high=score.high)


def _comment_body(comment: Comment, prediction: Prediction) -> CommentBody:
    return CommentBody(
        id=comment.id,
        parent_id=comment.parent_id,
        # A lone surrogate can't be written as UTF-8.
        text=comment.text.encode("utf-8", "replace").decode("utf-8"),
        like_count=comment.like_count,
        published_at=comment.published_at,
        prediction=prediction_body(prediction),
    )
