"""How long comments are kept, and how they are deleted for good.

YouTube's API Services terms ask that what the API gave is deleted or fetched anew within 30
days, and that what a person removes goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from sentiment.store.comments import new_generation, no_longer_whole
from sentiment.store.part import Part
from sentiment.store.records import PurgeKind, PurgeRecord
from sentiment.store.result_titles import drop_result_titles
from sentiment.store.tables import (
    AuditRow,
    CommentRow,
    DeadLetterRow,
    FeedbackRow,
    MessageRow,
    PredictionRow,
    ResultRow,
    RolloutDifferenceRow,
    RolloutVideoRow,
    ShownRow,
    VideoRow,
    WatchRow,
)


@dataclass(frozen=True, slots=True)
class _Removed:
    """How many rows went; predictions are counted where the audit is written."""

    comments: int
    feedback: int = 0
    results: int = 0


class Retention(Part):
    """Removes what may not be kept, and keeps a record of having done so."""

    def purge(self, *, older_than: datetime) -> PurgeRecord:
        """Remove the texts of comments that were fetched before a moment.

        Id, video, parent and times stay, as do votes and results; likes and the text's digest
        go, also from votes, and so do predictions that no text is left for. Digests of texts that
        an edit replaced go from votes whatever their age. A video that loses texts counts as
        incomplete. What YouTube said of one before the moment goes too: title and number of
        comments, and where to go on. So does what was on its way of a video that nobody polls
        any more. Titles in results go whatever their age, after the rest and in transactions of
        their own.

        Args:
            older_than: with time zone.

        Returns:
            The line of the audit, written even when there was nothing to remove.
        """
        stale = (CommentRow.fetched_at < older_than, CommentRow.text.is_not(None))
        with self._database.writing() as connection:
            losing = select(CommentRow.video_id).where(*stale)
            unsettled = _forget_pending(connection, older_than=older_than)
            connection.execute(
                update(VideoRow)
                .where(or_(VideoRow.id.in_(losing), VideoRow.id.in_(unsettled)))
                .values(no_longer_whole())
            )
            connection.execute(
                update(VideoRow)
                .where(VideoRow.fetched_at < older_than, VideoRow.resume_token.is_not(None))
                .values(resume_token=None, generation=new_generation())
            )
            connection.execute(
                update(VideoRow)
                .where(
                    or_(VideoRow.title.is_not(None), VideoRow.comment_count.is_not(None)),
                    or_(VideoRow.looked_up_at.is_(None), VideoRow.looked_up_at < older_than),
                )
                .values(
                    title=None, comment_count=None, looked_up_at=None, generation=new_generation()
                )
            )
            _forget_replaced_texts(connection)
            purged = connection.execute(
                update(CommentRow)
                .where(*stale)
                .values(text=None, text_digest=None, like_count=None)
            )
            _forget_voted_texts(connection)
            # Queued texts are as old as any.
            for queued in (MessageRow, DeadLetterRow):
                connection.execute(delete(queued).where(queued.sent_at < older_than))
            removed = _Removed(comments=purged.rowcount)
            record = self._write_audit(connection, PurgeKind.AGE, removed, older_than=older_than)
        drop_result_titles(self._database)
        self._database.forget()
        return record

    def delete_video(self, video_id: str) -> bool:
        """Delete a video with its comments, their votes, predictions and its results.

        It is no longer watched, and what is still queued of it is not kept.

        Returns:
            Whether anything was kept of it; the audit has a line only then.
        """
        with self._database.writing() as connection:
            # The watch first: a worker that is about to keep comments of it is waited for. So is
            # an analysis, by the video's row, which goes last: else one that begins meanwhile
            # would claim what is deleted here.
            n_gone = _delete_named(connection, WatchRow.video_id, video_id)
            held = select(VideoRow.id).where(VideoRow.id == video_id).with_for_update()
            connection.execute(held)
            removed = self._delete(connection, CommentRow.video_id == video_id, video_id=video_id)
            n_gone += sum(
                _delete_named(connection, column, video_id)
                for column in (
                    *(MessageRow.video_id, DeadLetterRow.video_id, ShownRow.video_id),
                    VideoRow.id,
                )
            )
            connection.execute(delete(RolloutVideoRow).where(RolloutVideoRow.video_id == video_id))
            found = n_gone > 0 or any(astuple(removed))
            if found:
                self._write_audit(connection, PurgeKind.VIDEO, removed)
        if found:
            self._database.forget()
        return found

    def delete_comment(self, comment_id: str) -> bool:
        """Delete a comment with its replies, their votes, predictions and its video's results.

        The video counts as incomplete: an analysis that read it before does not write the comment
        again. Queued messages that name the comment go, whole: what else was in them is fetched
        again, and so is all else that is on its way of a watched video, for what is known of that
        goes too. What a worker has in hand at this moment is still kept, and so is what waits in
        a queue outside the store (SQS).

        Returns:
            Whether it was kept; the audit has a line only then.
        """
        with self._database.writing() as connection:
            of = select(CommentRow.video_id).where(CommentRow.id == comment_id)
            video_id = connection.scalar(of)
            if video_id is None:
                return False
            # The watch first, as whoever needs both.
            its_watch = update(WatchRow).where(WatchRow.video_id == video_id)
            connection.execute(its_watch.values(pending=None))
            # Held: an analysis that is about to keep the comment is waited for, and a mere update
            # would let it go on.
            its_video = VideoRow.id == video_id
            connection.execute(select(VideoRow.id).where(its_video).with_for_update())
            connection.execute(update(VideoRow).where(its_video).values(no_longer_whole()))
            its = or_(CommentRow.id == comment_id, CommentRow.parent_id == comment_id)
            removed = self._delete(connection, its, video_id=video_id)
            for queued in (MessageRow, DeadLetterRow):
                names_it = queued.body.contains(comment_id, autoescape=True)
                connection.execute(delete(queued).where(queued.video_id == video_id, names_it))
            self._write_audit(connection, PurgeKind.COMMENT, removed)
        self._database.forget()
        return True

    def audit(self) -> list[PurgeRecord]:
        """Return what was removed so far, the earliest first."""
        wanted = select(
            AuditRow.id,
            AuditRow.at,
            AuditRow.kind,
            AuditRow.older_than,
            AuditRow.comments,
            AuditRow.predictions,
            AuditRow.feedback,
            AuditRow.results,
        ).order_by(AuditRow.id)
        with self._database.reading() as connection:
            return [
                PurgeRecord(row.id, row.at, PurgeKind(row.kind), *row[3:])
                for row in connection.execute(wanted)
            ]

    def _delete(
        self, connection: Connection, which: ColumnElement[bool], *, video_id: str
    ) -> _Removed:
        """Delete comments with their votes, and a video's results."""
        votes = (
            select(func.count())
            .select_from(FeedbackRow)
            .where(FeedbackRow.comment_id.in_(select(CommentRow.id).where(which)))
        )
        feedback = connection.scalar(votes) or 0  # they go with their comments
        comments = connection.execute(delete(CommentRow).where(which))
        results = connection.execute(delete(ResultRow).where(ResultRow.video_id == video_id))
        return _Removed(comments.rowcount, feedback, results.rowcount)

    def _write_audit(
        self,
        connection: Connection,
        kind: PurgeKind,
        removed: _Removed,
        *,
        older_than: datetime | None = None,
    ) -> PurgeRecord:
        """Remove predictions that no text is left for, and write the audit's line."""
        has_text = exists().where(CommentRow.text_digest == PredictionRow.text_digest)
        predictions = connection.execute(delete(PredictionRow).where(~has_text)).rowcount
        differs = exists().where(CommentRow.text_digest == RolloutDifferenceRow.text_digest)
        connection.execute(delete(RolloutDifferenceRow).where(~differs))
        at = self._clock()
        values = {
            "at": at,
            "kind": kind.value,
            "older_than": older_than,
            "comments": removed.comments,
            "predictions": predictions,
            "feedback": removed.feedback,
            "results": removed.results,
        }
        line = connection.execute(insert(AuditRow).returning(AuditRow.id), values)
        return PurgeRecord(
            id=line.scalar_one(),
            at=at,
            kind=kind,
            older_than=older_than,
            comments=removed.comments,
            predictions=predictions,
            feedback=removed.feedback,
            results=removed.results,
        )


def _forget_pending(connection: Connection, *, older_than: datetime) -> Sequence[str]:
    """Forget what was on its way of videos that are polled no more; return their ids."""
    polled_at = func.coalesce(WatchRow.polled_at, WatchRow.added_at)
    wanted = (
        select(WatchRow.video_id)
        .where(
            WatchRow.pending.is_not(None),
            or_(WatchRow.due_at.is_(None), polled_at < older_than),
        )
        .order_by(WatchRow.video_id)
        .with_for_update()
    )
    video_ids = connection.scalars(wanted).all()
    forgetting = update(WatchRow).where(WatchRow.video_id.in_(video_ids))
    connection.execute(forgetting.values(pending=None))
    return video_ids


def _forget_replaced_texts(connection: Connection) -> None:
    """Take digests of texts that an edit replaced out of votes; that one did stays known."""
    replaced = exists().where(
        CommentRow.id == FeedbackRow.comment_id, CommentRow.text_digest != FeedbackRow.text_digest
    )
    forgetting = update(FeedbackRow).where(FeedbackRow.text_digest != "", replaced)
    connection.execute(forgetting.values(text_digest=""))


def _forget_voted_texts(connection: Connection) -> None:
    """Take digests of purged texts out of votes, also where a program of before purged them."""
    purged = exists().where(
        CommentRow.id == FeedbackRow.comment_id, CommentRow.text_digest.is_(None)
    )
    forgetting = update(FeedbackRow).where(FeedbackRow.text_digest != "", purged)
    connection.execute(forgetting.values(text_digest=None))


def _delete_named(connection: Connection, column: InstrumentedAttribute[str], video_id: str) -> int:
    """Delete the rows that name a video; return how many there were."""
    return connection.execute(delete(column.class_).where(column == video_id)).rowcount
