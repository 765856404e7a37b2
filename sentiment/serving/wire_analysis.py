"""The words of an analysis on the wire: what is said of a video, whole and piece by piece.

Imports no framework, so that every edge can use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from sentiment.analysis.intents import Intent
from sentiment.analysis.summary import Interval, Summary
from sentiment.comments import Comment, Prediction
from sentiment.labels import LABELS, Label
from sentiment.serving.limits import DEFAULT_COMMENTS, MAX_ADDRESS_CHARACTERS, MAX_COMMENTS
from sentiment.serving.wire import (
    AnswerModel,
    Count,
    ModelBody,
    PredictionBody,
    Proportion,
    RequestModel,
    Score,
    encodable,
    prediction_body,
)

NOTICE = "Computed by this tool, not YouTube data."
STAND_IN_NOTICE = "Computed by this tool from a stand-in of YouTube: the comments may be made up."
"""A stand-in answers for real videos too, so that nobody could tell its comments from theirs."""

Order = Literal["time", "relevance"]
DEFAULT_ORDER: Order = "time"


class AnalyzeRequest(RequestModel):
    """Body of `POST /v1/analyze`, query of `GET /v1/analyze/stream`."""

    video_id: Annotated[str, StringConstraints(min_length=1, max_length=MAX_ADDRESS_CHARACTERS)] = (
        Field(description="The id of a video, or any address that holds one.")
    )
    max_comments: Annotated[int, Field(ge=1, le=MAX_COMMENTS)] = DEFAULT_COMMENTS
    order: Order = Field(
        default=DEFAULT_ORDER, description="Newest first, or what YouTube finds most relevant."
    )


class Reason(StrEnum):
    """Why not every comment of the video was analysed."""

    MAX_COMMENTS = "max_comments"
    QUOTA = "quota"
    """The day's."""
    UNITS = "units"
    """What one analysis may spend."""
    DEADLINE = "deadline"
    YOUTUBE = "youtube"
    REPLIES = "replies_left_out"
    UNDERWAY = "underway"


class ShareBody(AnswerModel):
    """Share of one label with its 95 % interval; null when nothing was analysed."""

    share: Proportion | None
    low: Proportion | None
    high: Proportion | None


class SharesBody(AnswerModel):
    """Share of each label among the analysed comments."""

    negative: ShareBody
    neutral: ShareBody
    positive: ShareBody


class ScoreBody(AnswerModel):
    """Mean score of the analysed comments with its 95 % interval."""

    mean: Score
    low: Score
    high: Score


class ExcludedBody(AnswerModel):
    """Comments that were fetched and not analysed."""

    empty: Count
    not_english: Count


class SummaryBody(AnswerModel):
    """What some comments say together."""

    analysed: Count
    excluded: ExcludedBody
    unsure: Count
    shares: SharesBody
    score: ScoreBody | None


class TrendBody(AnswerModel):
    """One span of time."""

    start: datetime
    end: datetime
    analysed: Count
    shares: SharesBody
    score: ScoreBody | None


class WordBody(AnswerModel):
    """A word that marks a label, with the z-score of its log-odds and its comments."""

    word: str
    z: float
    comments: Count


class LabelBody(AnswerModel):
    """What stands for one label: ids of comments, and words."""

    most_liked: list[str]
    most_telling: list[str]
    words: list[WordBody]


class LabelsBody(AnswerModel):
    """What stands for each label."""

    negative: LabelBody
    neutral: LabelBody
    positive: LabelBody


class ThreadsBody(AnswerModel):
    """Comments on the video against replies to comments."""

    top_level: SummaryBody
    replies: SummaryBody


class VideoBody(AnswerModel):
    """The video, as far as it is known."""

    title: str | None
    comment_count: Count | None
    is_live: bool | None


class QuotaBody(AnswerModel):
    """What is left of the day's quota of the Data API."""

    units_left: Count
    resets_at: datetime | None


class CommentBody(AnswerModel):
    """A comment with what the model says of it."""

    id: str
    parent_id: str | None
    text: str
    like_count: int
    published_at: datetime
    prediction: PredictionBody
    intents: list[Intent]


class AnalysisBody(SummaryBody):
    """What is said of a video, without the comments themselves."""

    video_id: str
    video: VideoBody
    fetched: Count
    complete: bool
    reasons: list[Reason]
    replies_left_out: Count
    trend: list[TrendBody]
    labels: LabelsBody
    threads: ThreadsBody
    intents: dict[Intent, Count]
    model: ModelBody
    units_spent: Count
    quota: QuotaBody | None
    fetched_at: datetime
    age_s: Annotated[float, Field(ge=0)]
    stored: bool
    notice: str


class AnalyzeBody(AnalysisBody):
    """Answer of `POST /v1/analyze`."""

    comments: list[CommentBody]


class StartedBody(AnswerModel):
    """First event of a stream."""

    run_id: str
    video_id: str
    model: ModelBody
    notice: str


class CommentsBody(AnswerModel):
    """Event `comments`: those that came since the last one; a known id replaces the older."""

    comments: list[CommentBody]


def notice_of(youtube_endpoint: str | None) -> str:
    """Return what every result says of its origin.

    Args:
        youtube_endpoint: address of the stand-in that the comments come from; None is YouTube.
    """
    return NOTICE if youtube_endpoint is None else STAND_IN_NOTICE


def share_bodies(shares: Mapping[Label, Interval | None]) -> SharesBody:
    """Return the wire shape of shares by label."""
    return SharesBody(**{label.word: _share_body(shares[label]) for label in LABELS})


def score_body(score: Interval | None) -> ScoreBody | None:
    """Return the wire shape of a mean score."""
    return None if score is None else ScoreBody(mean=score.estimate, low=score.low, high=score.high)


def summary_body(summary: Summary) -> SummaryBody:
    """Return the wire shape of a summary."""
    return SummaryBody(
        analysed=summary.analysed,
        excluded=ExcludedBody(empty=summary.empty, not_english=summary.not_english),
        unsure=summary.unsure,
        shares=share_bodies(summary.shares),
        score=score_body(summary.score),
    )


def comment_body(
    comment: Comment, prediction: Prediction, intents: Sequence[Intent]
) -> CommentBody:
    """Return the wire shape of a comment and what is said of it."""
    return CommentBody(
        id=comment.id,
        parent_id=comment.parent_id,
        text=encodable(comment.text),
        like_count=comment.like_count,
        published_at=comment.published_at,
        prediction=prediction_body(prediction),
        intents=list(intents),
    )


def _share_body(share: Interval | None) -> ShareBody:
    if share is None:
        return ShareBody(share=None, low=None, high=None)
    return ShareBody(share=share.estimate, low=share.low, high=share.high)
