"""The tables, and what a value becomes on its way into them and out of them.

A change here needs a migration in `sentiment.store.migrations.versions`; a test compares both.
There is no column for an author.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sentiment.textclean import storable

_MAX_COUNT = 2**63 - 1


class StorableText(TypeDecorator[str]):
    """Text without NUL characters and lone surrogates, which PostgreSQL or both refuse."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return what is kept of a text."""
        return None if value is None else storable(value)


class UtcMoment(TypeDecorator[datetime]):
    """A moment with time zone; SQLite, which has none, keeps it as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC.

        Raises:
            ValueError: the moment has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("wanted a moment with time zone, found one without")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Return the moment in UTC, with time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Count(TypeDecorator[int]):
    """A count of YouTube's, cut to what a column holds, whatever the API claims."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the count within the column's range."""
        return None if value is None else max(0, min(value, _MAX_COUNT))


class Base(DeclarativeBase):
    """Where the tables register."""

    type_annotation_map = {str: StorableText, datetime: UtcMoment, float: Double}  # noqa: RUF012


class VideoRow(Base):
    """A video and how far its comments are fetched."""

    __tablename__ = "videos"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    comment_count: Mapped[int | None] = mapped_column(Count)
    fetched_at: Mapped[datetime | None]
    complete: Mapped[bool]
    resume_token: Mapped[str | None]
    generation: Mapped[str] = mapped_column(server_default="")
    looked_up_at: Mapped[datetime | None]


_HAS_TEXT = text("text IS NOT NULL")


class CommentRow(Base):
    """A comment; once purged, text, digest and likes are gone and the rest stays.

    It names its video without a foreign key: comments may come before what is known of it.
    """

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_newest", "video_id", "published_at"),
        Index("ix_comments_parent", "parent_id"),
        Index("ix_comments_digest", "text_digest"),
        Index(
            "ix_comments_stale",
            "fetched_at",
            sqlite_where=_HAS_TEXT,
            postgresql_where=_HAS_TEXT,
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    video_id: Mapped[str]
    parent_id: Mapped[str | None]
    text: Mapped[str | None]
    text_digest: Mapped[str | None]
    like_count: Mapped[int | None] = mapped_column(Count)
    published_at: Mapped[datetime]
    fetched_at: Mapped[datetime]


class PredictionRow(Base):
    """What one model says of one cleaned text, whoever wrote it and how often."""

    __tablename__ = "predictions"
    __table_args__ = (Index("ix_predictions_digest", "text_digest"),)

    model_digest: Mapped[str] = mapped_column(primary_key=True)
    text_digest: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[int] = mapped_column(SmallInteger)
    p_negative: Mapped[float]
    p_neutral: Mapped[float]
    p_positive: Mapped[float]
    status: Mapped[str]


class FeedbackRow(Base):
    """A vote on a comment; at most one a voter, any number from nobody in particular."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("comment_id", "voter", name="uq_feedback_voter"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    comment_id: Mapped[str] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    label: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    model_digest: Mapped[str | None]
    voter: Mapped[str | None]
    text_digest: Mapped[str | None]


class QuotaRow(Base):
    """Units of the Data API that were spent on a day of Pacific time."""

    __tablename__ = "quota_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    spent: Mapped[int] = mapped_column(BigInteger)


class ResultRow(Base):
    """The latest result of a video with a model."""

    __tablename__ = "results"

    video_id: Mapped[str] = mapped_column(primary_key=True)
    model_digest: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]
    computed_at: Mapped[datetime]


class ShownRow(Base):
    """The model whose labels a video's comments were shown with last."""

    __tablename__ = "shown_models"

    video_id: Mapped[str] = mapped_column(primary_key=True)
    model_digest: Mapped[str]


class AuditRow(Base):
    """What was removed, when and why, in numbers."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    older_than: Mapped[datetime | None]
    comments: Mapped[int]
    predictions: Mapped[int]
    feedback: Mapped[int]
    results: Mapped[int]


class MessageRow(Base):
    """A message of the embedded queue. In flight while it has a receipt and is not visible."""

    __tablename__ = "stream_messages"
    __table_args__ = (
        Index("ix_stream_messages_visible", "visible_at", "id"),
        Index("ix_stream_messages_video", "video_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[str]
    body: Mapped[str]
    sent_at: Mapped[datetime]
    visible_at: Mapped[datetime]
    receipt: Mapped[str | None]
    n_received: Mapped[int]


class DeadLetterRow(Base):
    """A message that no worker could take, and why."""

    __tablename__ = "stream_dead_letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[str]
    body: Mapped[str]
    sent_at: Mapped[datetime]
    died_at: Mapped[datetime]
    n_received: Mapped[int]
    reason: Mapped[str]


class WatchRow(Base):
    """A video whose new comments are looked for; once that has ended, `due_at` is empty."""

    __tablename__ = "stream_watches"
    __table_args__ = (Index("ix_stream_watches_due", "due_at"),)

    video_id: Mapped[str] = mapped_column(primary_key=True)
    added_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    interval_s: Mapped[float]
    units_a_poll: Mapped[float]
    polled_at: Mapped[datetime | None]
    # Nobody's any more, but code of before reads it, and answers until a release is over.
    looked_up_at: Mapped[datetime | None]
    pending: Mapped[str | None]
    problem: Mapped[str | None]
    alerted_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    untold_alert: Mapped[str | None]
    tell_at: Mapped[datetime | None]


class RolloutVideoRow(Base):
    """What was seen of one arm of a rollout on one video."""

    __tablename__ = "rollout_videos"

    rollout_id: Mapped[str] = mapped_column(primary_key=True)
    arm: Mapped[str] = mapped_column(primary_key=True)
    video_id: Mapped[str] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(BigInteger)
    failed: Mapped[int] = mapped_column(BigInteger)
    slow: Mapped[int] = mapped_column(BigInteger)
    texts: Mapped[int] = mapped_column(BigInteger)
    differing: Mapped[int] = mapped_column(BigInteger)
    score_gap: Mapped[float]
    called_at: Mapped[datetime | None]


class RolloutDifferenceRow(Base):
    """A text that the two models of a rollout label differently."""

    __tablename__ = "rollout_differences"

    rollout_id: Mapped[str] = mapped_column(primary_key=True)
    text_digest: Mapped[str] = mapped_column(primary_key=True)
    champion_label: Mapped[int] = mapped_column(SmallInteger)
    candidate_label: Mapped[int] = mapped_column(SmallInteger)
    champion_score: Mapped[float]
    candidate_score: Mapped[float]


class RolloutEventRow(Base):
    """A change of a rollout's state, and why."""

    __tablename__ = "rollout_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    rollout_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    digest: Mapped[str]
    reason: Mapped[str]
