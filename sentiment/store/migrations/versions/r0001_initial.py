"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0001"
down_revision: str | None = None


def upgrade(op: Operations) -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "videos",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("title", sa.Text),
        sa.Column("comment_count", sa.BigInteger),
        sa.Column("fetched_at", moment),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("resume_token", sa.Text),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("video_id", sa.Text, nullable=False),
        sa.Column("parent_id", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("text_digest", sa.Text),
        sa.Column("like_count", sa.BigInteger),
        sa.Column("published_at", moment, nullable=False),
        sa.Column("fetched_at", moment, nullable=False),
    )
    op.create_index("ix_comments_newest", "comments", ["video_id", "published_at"])
    op.create_index("ix_comments_parent", "comments", ["parent_id"])
    op.create_index("ix_comments_digest", "comments", ["text_digest"])
    has_text = sa.text("text IS NOT NULL")
    op.create_index(
        "ix_comments_stale",
        "comments",
        ["fetched_at"],
        sqlite_where=has_text,
        postgresql_where=has_text,
    )
    op.create_table(
        "predictions",
        sa.Column("model_digest", sa.Text, primary_key=True),
        sa.Column("text_digest", sa.Text, primary_key=True),
        sa.Column("label", sa.SmallInteger, nullable=False),
        sa.Column("p_negative", sa.Double, nullable=False),
        sa.Column("p_neutral", sa.Double, nullable=False),
        sa.Column("p_positive", sa.Double, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
    )
    op.create_index("ix_predictions_digest", "predictions", ["text_digest"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "comment_id",
            sa.Text,
            sa.ForeignKey("comments.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("label", sa.SmallInteger, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("model_digest", sa.Text),
        sa.Column("voter", sa.Text),
        sa.UniqueConstraint("comment_id", "voter", name="uq_feedback_voter"),
    )
    op.create_table(
        "quota_days",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("spent", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "results",
        sa.Column("video_id", sa.Text, primary_key=True),
        sa.Column("model_digest", sa.Text, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("computed_at", moment, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("older_than", moment),
        sa.Column("comments", sa.Integer, nullable=False),
        sa.Column("predictions", sa.Integer, nullable=False),
        sa.Column("feedback", sa.Integer, nullable=False),
        sa.Column("results", sa.Integer, nullable=False),
    )
