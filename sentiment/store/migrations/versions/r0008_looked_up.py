"""A video's row says when its title was asked for, which is not when its comments were fetched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0008"
down_revision: str | None = "0007"


def upgrade(op: Operations) -> None:
    """Add the column; how old a title of before is nobody knows, so that it counts as old."""
    op.add_column("videos", sa.Column("looked_up_at", sa.DateTime(timezone=True)))
