"""Comments by when they were fetched, with what a model said: what drift is looked for in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from sentiment.store.part import Part
from sentiment.store.records import FetchedComment
from sentiment.store.tables import CommentRow, PredictionRow

_PAGE_ROWS = 2_000


class Windows(Part):
    """Reads comments of a span of time, whatever their video."""

    def fetched_comments(
        self, model_digest: str, *, since: datetime, until: datetime
    ) -> Iterator[list[FetchedComment]]:
        """Yield the comments that were last fetched in a span of time, page by page.

        Each page is a transaction of its own: a comment that is fetched anew meanwhile may be
        left out. Comments whose text was purged are left out.

        Args:
            model_digest: whose predictions to give.
            since: with time zone; a comment fetched at that moment belongs to it.
            until: with time zone; one fetched at that moment does not.

        Yields:
            Pages that are not empty, oldest first.
        """
        wanted = (
            select(
                CommentRow.id,
                CommentRow.video_id,
                CommentRow.text,
                CommentRow.fetched_at,
                PredictionRow.label,
                PredictionRow.p_negative,
                PredictionRow.p_neutral,
                PredictionRow.p_positive,
                PredictionRow.status,
            )
            .outerjoin(
                PredictionRow,
                and_(
                    PredictionRow.text_digest == CommentRow.text_digest,
                    PredictionRow.model_digest == model_digest,
                ),
            )
            .where(
                CommentRow.text.is_not(None),
                CommentRow.fetched_at >= since,
                CommentRow.fetched_at < until,
            )
            .order_by(CommentRow.fetched_at, CommentRow.id)
            .limit(_PAGE_ROWS)
        )
        page = wanted
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(page).all()
            if rows:
                yield [
                    FetchedComment(
                        video_id=row.video_id,
                        text=row.text,
                        label=row.label,
                        probabilities=None
                        if row.label is None
                        else (row.p_negative, row.p_neutral, row.p_positive),
                        status=row.status,
                    )
                    for row in rows
                ]
            if len(rows) < _PAGE_ROWS:
                return
            last = rows[-1]
            page = wanted.where(
                or_(
                    CommentRow.fetched_at > last.fetched_at,
                    and_(CommentRow.fetched_at == last.fetched_at, CommentRow.id > last.id),
                )
            )

    def first_fetched_at(self) -> datetime | None:
        """Return when the oldest comment with a text was fetched, in UTC; None without any."""
        wanted = select(func.min(CommentRow.fetched_at)).where(CommentRow.text.is_not(None))
        with self._database.reading() as connection:
            return connection.scalar(wanted)
