"""Table of the models whose labels are shown: a vote on a label counts for the one that made it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0004"
down_revision: str | None = "0003"


def upgrade(op: Operations) -> None:
    """Make the table."""
    op.create_table(
        "shown_models",
        sa.Column("video_id", sa.Text, primary_key=True),
        sa.Column("model_digest", sa.Text, nullable=False),
    )
