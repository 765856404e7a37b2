"""What people say a comment feels like."""

from __future__ import annotations

import secrets
from dataclasses import asdict

from sqlalchemy import delete, select

from sentiment.errors import CommentUnknownError
from sentiment.labels import Label
from sentiment.store.part import Part
from sentiment.store.records import FeedbackRecord, VotedComment
from sentiment.store.tables import CommentRow, FeedbackRow


class Feedback(Part):
    """Keeps votes on comments."""

    def add_feedback(
        self, comment_id: str, label: Label, *, model_digest: str | None, voter: str | None
    ) -> FeedbackRecord:
        """Keep a vote; it replaces the voter's earlier one on the same comment.

        It is on the comment's text as that is kept now.

        Args:
            comment_id: of a comment that is kept, purged or not.
            label: the vote.
            model_digest: of the model whose label was shown; None when not known.
            voter: opaque hash; None replaces no vote.

        Returns:
            The vote; the id of the vote that it replaced undoes nothing any more.

        Raises:
            CommentUnknownError: no such comment is kept.
        """
        statement = self._database.insert(FeedbackRow)
        updated = ("id", "label", "created_at", "model_digest", "text_digest")
        statement = statement.on_conflict_do_update(
            index_elements=[FeedbackRow.comment_id, FeedbackRow.voter],
            set_={name: statement.excluded[name] for name in updated},
        )
        # Locked, so that nobody deletes the comment in between.
        kept = (
            select(CommentRow.text_digest)
            .where(CommentRow.id == comment_id)
            .with_for_update(read=True, key_share=True)
        )
        with self._database.writing() as connection:
            comment = connection.execute(kept).one_or_none()
            if comment is None:
                raise CommentUnknownError(
                    "The vote is on a comment that the store does not hold.",
                    hint="Analyse the comment's video first; the comment may have been deleted.",
                )
            record = FeedbackRecord(
                id=secrets.token_hex(16),
                comment_id=comment_id,
                label=label,
                created_at=self._clock(),
                model_digest=model_digest,
                voter=voter,
                text_digest=comment.text_digest,
            )
            connection.execute(statement, {**asdict(record), "label": int(label)})
        return record

    def undo_feedback(self, feedback_id: str) -> bool:
        """Remove a vote; tell whether there was one."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(FeedbackRow).where(FeedbackRow.id == feedback_id))
            return gone.rowcount > 0

    def feedback(self) -> list[FeedbackRecord]:
        """Return every vote, the earliest first."""
        wanted = select(
            FeedbackRow.id,
            FeedbackRow.comment_id,
            FeedbackRow.label,
            FeedbackRow.created_at,
            FeedbackRow.model_digest,
            FeedbackRow.voter,
            FeedbackRow.text_digest,
        ).order_by(FeedbackRow.created_at, FeedbackRow.id)
        with self._database.reading() as connection:
            return [
                FeedbackRecord(
                    id=row.id,
                    comment_id=row.comment_id,
                    label=Label(row.label),
                    created_at=row.created_at,
                    model_digest=row.model_digest,
                    voter=row.voter,
                    text_digest=row.text_digest,
                )
                for row in connection.execute(wanted)
            ]

    def voted_comments(self) -> dict[str, VotedComment]:
        """Return every comment that has a vote, by id."""
        wanted = (
            select(CommentRow.id, CommentRow.text, CommentRow.fetched_at, CommentRow.text_digest)
            .join(FeedbackRow, FeedbackRow.comment_id == CommentRow.id)
            .distinct()
        )
        with self._database.reading() as connection:
            return {
                row.id: VotedComment(row.text, row.fetched_at, row.text_digest)
                for row in connection.execute(wanted)
            }
