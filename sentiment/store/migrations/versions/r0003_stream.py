"""Tables of the live stream: watched videos, queued comments, and what no worker could take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0003"
down_revision: str | None = "0002"


def upgrade(op: Operations) -> None:
    """Make the tables."""
    op.create_table(
        "stream_messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("video_id", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visible_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.Text),
        sa.Column("n_received", sa.Integer, nullable=False),
    )
    op.create_index("ix_stream_messages_visible", "stream_messages", ["visible_at", "id"])
    op.create_index("ix_stream_messages_video", "stream_messages", ["video_id"])
    op.create_table(
        "stream_dead_letters",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("video_id", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("died_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n_received", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "stream_watches",
        sa.Column("video_id", sa.Text, primary_key=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("interval_s", sa.Double, nullable=False),
        sa.Column("units_a_poll", sa.Double, nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True)),
        sa.Column("looked_up_at", sa.DateTime(timezone=True)),
        sa.Column("pending", sa.Text),
        sa.Column("problem", sa.Text),
        sa.Column("alerted_at", sa.DateTime(timezone=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_stream_watches_due", "stream_watches", ["due_at"])
