"""Columns of the alert of a watch that nobody has heard of yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0005"
down_revision: str | None = "0004"


def upgrade(op: Operations) -> None:
    """Add the columns."""
    op.add_column("stream_watches", sa.Column("untold_alert", sa.Text))
    op.add_column("stream_watches", sa.Column("tell_at", sa.DateTime(timezone=True)))
