"""Results name no title: what YouTube says of a video is kept in one place, which is purged."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0007"
down_revision: str | None = "0006"

_RESULTS = sa.table(
    "results", sa.column("video_id"), sa.column("model_digest"), sa.column("document")
)


def upgrade(op: Operations) -> None:
    """Empty what the documents say of their video, one after another: together they are large."""
    connection = op.get_bind()
    keys = connection.execute(sa.select(_RESULTS.c.video_id, _RESULTS.c.model_digest)).all()
    for video_id, model_digest in keys:
        its = (_RESULTS.c.video_id == video_id, _RESULTS.c.model_digest == model_digest)
        document = json.loads(connection.scalar(sa.select(_RESULTS.c.document).where(*its)) or "{}")
        if isinstance(document.get("video"), dict):
            document["video"] = dict.fromkeys(document["video"])
            changing = sa.update(_RESULTS).where(*its)
            connection.execute(changing.values(document=json.dumps(document)))
