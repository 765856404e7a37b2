"""Takes titles out of kept results: what YouTube says of a video is kept in one place, its row.

Programs of before version 0007 of the tables write it into results too, also during a release,
beside the program that no longer does.
"""

from __future__ import annotations

import json

from sqlalchemy import and_, case, or_, select, update

from sentiment.store.database import Database
from sentiment.store.tables import ResultRow

# A document has tens of kilobytes.
_PAGE_ROWS = 100
# How this program writes them. Not within a text: there the quotes would have backslashes.
_UNNAMED = '"video":{"title":null,"comment_count":null,'


def drop_result_titles(database: Database) -> None:
    """Empty what kept results say of their video, whatever their age: a title's is not known.

    In many short transactions, so that no analysis waits for long for a row that it replaces.

    Args:
        database: of the results.
    """
    # What is as it should be is not even read.
    document = case((~ResultRow.document.contains(_UNNAMED, autoescape=True), ResultRow.document))
    wanted = (
        select(
            ResultRow.video_id,
            ResultRow.model_digest,
            ResultRow.computed_at,
            document.label("document"),
        )
        .order_by(ResultRow.video_id, ResultRow.model_digest)
        .limit(_PAGE_ROWS)
    )
    page = wanted
    while True:
        with database.reading() as connection:
            rows = connection.execute(page).all()
        unnamed = [(row, text) for row in rows if (text := _without_title(row.document))]
        if unnamed:
            with database.writing() as connection:
                for row, text in unnamed:
                    its = (
                        ResultRow.video_id == row.video_id,
                        ResultRow.model_digest == row.model_digest,
                        # A later result that has taken its place meanwhile stays.
                        ResultRow.computed_at == row.computed_at,
                    )
                    connection.execute(update(ResultRow).where(*its).values(document=text))
        if len(rows) < _PAGE_ROWS:
            return
        last = rows[-1]
        page = wanted.where(
            or_(
                ResultRow.video_id > last.video_id,
                and_(
                    ResultRow.video_id == last.video_id,
                    ResultRow.model_digest > last.model_digest,
                ),
            )
        )


def _without_title(document: str | None) -> str | None:
    """Return a result's document without what it says of its video; None where it says nothing."""
    if document is None:
        return None
    try:
        found = json.loads(document)
    except ValueError:  # nobody can read it, and one such must not stop the purge
        return None
    video = found.get("video") if isinstance(found, dict) else None
    if not isinstance(video, dict) or all(value is None for value in video.values()):
        return None
    # Written as `_UNNAMED` expects it.
    return json.dumps({**found, "video": dict.fromkeys(video)}, separators=(",", ":"))
