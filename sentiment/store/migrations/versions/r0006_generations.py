"""A video's row names its generation: who read it before something was removed is noticed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0006"
down_revision: str | None = "0005"


def upgrade(op: Operations) -> None:
    """Add the column; rows of before share a generation until something of them is removed."""
    op.add_column("videos", sa.Column("generation", sa.Text, nullable=False, server_default=""))
