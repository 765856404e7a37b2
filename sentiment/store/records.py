"""What the store hands out: plain values, with no trace of the database.

Comments and predictions are `sentiment.comments`'s own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sentiment.comments import Comment
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
        generation: changes whenever something of the video is removed, so that who read the
            record before can't claim what is gone; None where it was not read from the store.
        looked_up_at: when title and number of comments were asked for, with time zone; None when
            they never were, or are purged.
    """

    video_id: str
    title: str | None = None
    comment_count: int | None = None
    fetched_at: datetime | None = None
    complete: bool = False
    resume_token: str | None = None
    generation: str | None = field(default=None, compare=False)
    looked_up_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownVideo:
    """What is kept of a video, at one moment.

    Attributes:
        record: how far it is fetched; None when that was never written down.
        ids: of its comments whose text is kept.
    """

    record: VideoRecord | None
    ids: frozenset[str]


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
        text_digest: of the text that the vote is on; None when not known, or purged; empty, which
            is no text's, once a purge forgot a text that an edit had replaced.
    """

    id: str
    comment_id: str
    label: Label
    created_at: datetime
    model_digest: str | None
    voter: str | None
    text_digest: str | None = None


@dataclass(frozen=True, slots=True)
class VotedComment:
    """A comment that somebody voted on.

    Attributes:
        text: as YouTube gave it last; None once purged.
        fetched_at: when YouTube gave it, in UTC.
        text_digest: of that text; None once purged.
    """

    text: str | None
    fetched_at: datetime
    text_digest: str | None


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


@dataclass(frozen=True, slots=True)
class ArrivedComment:
    """A comment that is to be kept.

    Attributes:
        comment: as fetched.
        fetched_at: when YouTube gave it, with time zone.
        text_digest: from `sentiment.textclean.text_digest`, which is slow.
    """

    comment: Comment
    fetched_at: datetime
    text_digest: str


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message that was handed to a worker.

    Attributes:
        id: of the message.
        receipt: of this reception; an older one is worth nothing.
        body: as it was sent.
        n_received: receptions so far, this one included.
    """

    id: int
    receipt: str
    body: str
    n_received: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that no worker could take.

    Attributes:
        reason: why.
        n_received: how often it was received.
        died_at: when it was set aside, in UTC.
        body: as it was sent.
    """

    reason: str
    n_received: int
    died_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How a queue stands.

    Attributes:
        ready: messages that wait.
        in_flight: messages that workers have in hand.
        dead: messages that no worker could take.
        oldest_at: when the oldest that is not done was sent, in UTC; None where there is none or
            nobody can tell.
    """

    ready: int
    in_flight: int
    dead: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Watch:
    """A video whose new comments are looked for.

    Attributes:
        video_id: the 11 characters.
        added_at: when the watching began, in UTC.
        due_at: when it is polled next; None once the watching has ended.
        interval_s: seconds between polls, before the quota and the queue stretch them.
        units_a_poll: quota units that a poll costs, a moving mean.
        polled_at: when it was polled last; None when never.
        pending: document of the poller's: what was sent and is not known to be kept yet.
        problem: why the last poll failed or the watching ended; None when neither.
        alerted_at: when the mood turned last; None when never.
        changed_at: when comments of it were kept last; None when never.
        untold_alert: document of the alert that nobody has heard of yet; None when there is none.
        tell_at: when that one may be told.
    """

    video_id: str
    added_at: datetime
    due_at: datetime | None
    interval_s: float
    units_a_poll: float = 1.0
    polled_at: datetime | None = None
    pending: str | None = None
    problem: str | None = None
    alerted_at: datetime | None = None
    changed_at: datetime | None = None
    untold_alert: str | None = None
    tell_at: datetime | None = None


class RolloutEventKind(StrEnum):
    """What happened to a rollout."""

    SHADOW = "shadow"
    CANARY = "canary"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled back"
    ABORTED = "aborted"
    REFUSED = "refused"
    """A service can't load the candidate. It is tried again; `sentiment release check` ends it."""

    @property
    def is_end(self) -> bool:
        """Whether nothing happens to the rollout after it."""
        return self in {
            RolloutEventKind.PROMOTED,
            RolloutEventKind.ROLLED_BACK,
            RolloutEventKind.ABORTED,
        }


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
