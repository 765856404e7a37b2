"""The counts of an arm on a video say when it was called last: a canary counts what came since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0010"
down_revision: str | None = "0009"


def upgrade(op: Operations) -> None:
    """Add the column; of calls before, no arm's count in a canary."""
    op.add_column("rollout_videos", sa.Column("called_at", sa.DateTime(timezone=True)))
