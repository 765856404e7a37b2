"""What workers of the live stream write and read: comments with their predictions, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from sqlalchemy import Connection, and_, select, update

from sentiment.comments import Prediction, Status
from sentiment.store.comments import write_comments, write_video
from sentiment.store.part import Part
from sentiment.store.predictions import write_predictions
from sentiment.store.records import ArrivedComment, VideoRecord
from sentiment.store.tables import CommentRow, PredictionRow, WatchRow

_READABLE = (Status.OK.value, Status.UNSURE.value)


class Streamed(Part):
    """Keeps what workers scored."""

    def save_streamed(
        self,
        arrived: Sequence[ArrivedComment],
        predictions: Mapping[str, Prediction],
        *,
        model_digest: str,
    ) -> int:
        """Keep comments and what was said of them, all or none; doing so again changes nothing.

        Comments of a video without a watch are left out: it was deleted meanwhile.

        Args:
            arrived: what was fetched later and is kept already is not overwritten.
            predictions: by text digest.
            model_digest: of the model that made them.

        Returns:
            How many comments were left out.
        """
        video_ids = {one.comment.video_id for one in arrived}
        with self._database.writing() as connection:
            watched = _watched(connection, video_ids)
            kept = [one for one in arrived if one.comment.video_id in watched]
            if kept:
                changing = update(WatchRow).where(WatchRow.video_id.in_(watched))
                connection.execute(changing.values(changed_at=self._clock()))
                in_order = sorted(kept, key=lambda one: one.fetched_at)
                write_comments(self._database, connection, in_order)
            digests = {one.text_digest for one in kept}
            said = {digest: one for digest, one in predictions.items() if digest in digests}
            if said:
                write_predictions(self._database, connection, model_digest, said)
        return len(arrived) - len(kept)

    def save_watched_video(self, record: VideoRecord) -> VideoRecord | None:
        """Keep what is known of a video as `save_video` does, while it has a watch."""
        with self._database.writing() as connection:
            if not _watched(connection, {record.video_id}):
                return None
            return write_video(self._database, connection, record)

    def newest_scores(
        self, video_id: str, *, model_digest: str, limit: int
    ) -> list[tuple[datetime, float]]:
        """Return when readable comments of a video were written and their scores, newest first.

        Args:
            video_id: the 11 characters.
            model_digest: whose predictions to give.
            limit: most to return, >= 0.
        """
        wanted = (
            select(
                CommentRow.published_at,
                PredictionRow.p_positive - PredictionRow.p_negative,
            )
            .join(
                PredictionRow,
                and_(
                    PredictionRow.text_digest == CommentRow.text_digest,
                    PredictionRow.model_digest == model_digest,
                ),
            )
            .where(CommentRow.video_id == video_id, PredictionRow.status.in_(_READABLE))
            .order_by(CommentRow.published_at.desc(), CommentRow.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [(published_at, score) for published_at, score in connection.execute(wanted)]


def _watched(connection: Connection, video_ids: Set[str]) -> set[str]:
    """Return which videos have a watch, and keep it from being deleted until the end.

    A deletion at the same time waits, or is waited for; in order, so that none waits for ever.
    """
    wanted = (
        select(WatchRow.video_id)
        .where(WatchRow.video_id.in_(video_ids))
        .order_by(WatchRow.video_id)
        .with_for_update(key_share=True)
    )
    return set(connection.scalars(wanted))
