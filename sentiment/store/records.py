"""What the store hands out: plain values, with no trace of the database.

Comments and predictions are `sentiment.comments`'s own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sentiment.labels import Label


@dataclass(frozen=True, slots=True)
class VideoRecord:
    """How far a video's comments are fetched.

    Attributes:
        video_id: the 11 characters.
        title: as YouTube has it; None when not known or purged.
        comment_count: as YouTube counts; None when not known or purged.
        fetched_at: when it was last fetched from, with time zone; None when never.
        complete: whether the store holds every comment that YouTube gives.
        resume_token: YouTube's token of the page to go on with; None when there is none.
    """

    video_id: str
    title: str | None = None
    comment_count: int | None = None
    fetched_at: datetime | None = None
    complete: bool = False
    resume_token: str | None = None


@dataclass(frozen=True, slots=True)
class FeedbackRecord:
    """What somebody says a comment feels like.

    Attributes:
        id: 32 hexadecimal characters that can't be guessed: who knows them may undo the vote.
        comment_id: of the comment voted on.
        label: the vote.
        created_at: when, in UTC.
        model_digest: of the model whose label was shown; None when not known.
        voter: opaque hash; None for a vote that replaces no other.
    """

    id: str
    comment_id: str
    label: Label
    created_at: datetime
    model_digest: str | None
    voter: str | None


@dataclass(frozen=True, slots=True)
class VotedComment:
    """A comment that somebody voted on.

    Attributes:
        text: as YouTube gave it; None once purged.
        fetched_at: when YouTube gave it, in UTC.
    """

    text: str | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class ResultRecord:
    """A computed result of a video.

    Attributes:
        document: JSON of aggregates.
        model_digest: of the model that it was computed with.
        computed_at: when, in UTC.
    """

    document: str
    model_digest: str
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class FetchedComment:
    """A comment with what one model said of its text, as the database has it, unchecked.

    Attributes:
        video_id: the 11 characters.
        text: plain text, not cleaned.
        label: the label's value; None where the model has not scored the text.
        probabilities: negative, neutral, positive; None likewise.
        status: of the prediction; None likewise.
    """

    video_id: str
    text: str
    label: int | None
    probabilities: tuple[float, float, float] | None
    status: str | None


class RolloutEventKind(StrEnum):
    """What happened to a rollout."""

    SHADOW = "shadow"
    CANARY = "canary"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled back"
    ABORTED = "aborted"

    @property
    def is_end(self) -> bool:
        """Whether nothing happens to the rollout after it."""
        return self not in {RolloutEventKind.SHADOW, RolloutEventKind.CANARY}


@dataclass(frozen=True, slots=True)
class RolloutEvent:
    """A change of a rollout's state.

    Attributes:
        rollout_id: which.
        kind: what happened.
        digest: of the candidate's bundle.
        reason: why, with numbers; may be empty.
        at: when, in UTC.
    """

    rollout_id: str
    kind: RolloutEventKind
    digest: str
    reason: str
    at: datetime


class PurgeKind(StrEnum):
    """Why data was removed."""

    AGE = "age"
    VIDEO = "video"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class PurgeRecord:
    """One line of the audit: how much was removed, and why. It never names what was removed.

    Attributes:
        id: counts up.
        at: when, in UTC.
        kind: why.
        older_than: for `age`, what was fetched before this was removed; else None.
        comments: comments whose text was removed.
        predictions: predictions that no text was left for.
        feedback: votes that went with their comment.
        results: cached results that went with their video or one of its comments.
    """

    id: int
    at: datetime
    kind: PurgeKind
    older_than: datetime | None
    comments: int
    predictions: int
    feedback: int
    results: int
