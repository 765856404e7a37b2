"""Results name no title: what YouTube says of a video is kept in one place, which is purged."""

from __future__ import annotations

from alembic.operations import Operations

revision = "0007"
down_revision: str | None = "0006"


def upgrade(op: Operations) -> None:
    """Change nothing: the purge takes the titles out of the results that still name one.

    Nothing has to be done at once: nobody reads those titles any more. Here, rewriting results
    would hold up all others, who wait for the locks of the migrations that ran before in the same
    transaction; and what an older program writes after it, during a release, would be left out.
    """
