"""A vote says which text it is on: an edit replaces the text of its comment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0009"
down_revision: str | None = "0008"


def upgrade(op: Operations) -> None:
    """Add the column; which text votes of before are on nobody knows."""
    op.add_column("feedback", sa.Column("text_digest", sa.Text))
