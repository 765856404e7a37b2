"""Tables of rollouts: two models beside each other, counted by video."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0002"
down_revision: str | None = "0001"


def upgrade(op: Operations) -> None:
    """Make the tables."""
    op.create_table(
        "rollout_videos",
        sa.Column("rollout_id", sa.Text, primary_key=True),
        sa.Column("arm", sa.Text, primary_key=True),
        sa.Column("video_id", sa.Text, primary_key=True),
        *(
            sa.Column(name, sa.BigInteger, nullable=False)
            for name in ("calls", "failed", "slow", "texts", "differing")
        ),
        sa.Column("score_gap", sa.Double, nullable=False),
    )
    op.create_table(
        "rollout_differences",
        sa.Column("rollout_id", sa.Text, primary_key=True),
        sa.Column("text_digest", sa.Text, primary_key=True),
        sa.Column("champion_label", sa.SmallInteger, nullable=False),
        sa.Column("candidate_label", sa.SmallInteger, nullable=False),
        sa.Column("champion_score", sa.Double, nullable=False),
        sa.Column("candidate_score", sa.Double, nullable=False),
    )
    op.create_table(
        "rollout_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rollout_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_rollout_events_rollout_id", "rollout_events", ["rollout_id"])
