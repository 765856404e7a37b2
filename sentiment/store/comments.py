"""Videos and their comments."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from sentiment.comments import Comment
from sentiment.store.database import Database
from sentiment.store.part import Part, chunks
from sentiment.store.records import ArrivedComment, KnownVideo, VideoRecord
from sentiment.store.tables import CommentRow, VideoRow
from sentiment.textclean import text_digest


class Comments(Part):
    """Keeps videos and comments, each once."""

    def video(self, video_id: str) -> VideoRecord | None:
        """Return what is known of a video; None when nothing is."""
        with self._database.reading() as connection:
            return _read_video(connection, video_id)

    def save_video(self, record: VideoRecord) -> VideoRecord | None:
        """Keep what is known of a video in place of what was.

        Args:
            record: as it was read or kept last, with changes. One that was not read from here
                must not claim comments that were kept before.

        Returns:
            The record as it is kept. None, and nothing is kept, where something of the video was
            removed since it was read: it would claim what is gone.
        """
        with self._database.writing() as connection:
            return write_video(self._database, connection, record)

    def save_comments(
        self, comments: Sequence[Comment], *, fetched_at: datetime, of: VideoRecord | None = None
    ) -> bool:
        """Keep comments: new ones are added, edited ones updated, none doubled.

        Args:
            comments: of any videos; with the same id twice, the later counts.
            fetched_at: when YouTube gave them, with time zone; what was fetched later and is
                kept already is not overwritten.
            of: their video, as it was read or kept last: a deletion since then stands. None keeps
                them in any case.

        Returns:
            Whether they are kept: not where something of the video was removed meanwhile.
        """
        if not comments:
            return True
        arrived = [ArrivedComment(one, fetched_at, text_digest(one.text)) for one in comments]
        with self._database.writing() as connection:
            if of is not None and not _is_as_read(connection, of):
                return False
            write_comments(self._database, connection, arrived)
        return True

    def comments(self, video_id: str, *, limit: int) -> list[Comment]:
        """Return a video's comments, newest first, without those whose text was purged.

        Args:
            video_id: the 11 characters.
            limit: most to return, >= 0.
        """
        wanted = (
            select(
                CommentRow.id,
                CommentRow.video_id,
                CommentRow.text,
                CommentRow.like_count,
                CommentRow.published_at,
                CommentRow.parent_id,
            )
            .where(CommentRow.video_id == video_id, CommentRow.text.is_not(None))
            .order_by(CommentRow.published_at.desc(), CommentRow.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return [
            Comment(
                id=row.id,
                video_id=row.video_id,
                text=row.text,
                like_count=row.like_count,
                published_at=row.published_at,
                parent_id=row.parent_id,
            )
            for row in rows
        ]

    def text_digests(self, comment_ids: Sequence[str]) -> dict[str, str]:
        """Return the digests of comments' texts, by id; those without a text are left out."""
        found: dict[str, str] = {}
        with self._database.reading() as connection:
            for some in chunks(comment_ids):
                wanted = select(CommentRow.id, CommentRow.text_digest).where(
                    CommentRow.id.in_(some), CommentRow.text_digest.is_not(None)
                )
                found |= {row.id: row.text_digest for row in connection.execute(wanted)}
        return found

    def video_of(self, comment_id: str) -> str | None:
        """Return the id of a comment's video, purged or not; None where it is not kept."""
        wanted = select(CommentRow.video_id).where(CommentRow.id == comment_id)
        with self._database.reading() as connection:
            return connection.scalar(wanted)

    def known_ids(self, video_id: str) -> frozenset[str]:
        """Return the ids of a video's comments whose text is kept."""
        with self._database.reading() as connection:
            return _read_ids(connection, video_id)

    def known_video(self, video_id: str) -> KnownVideo:
        """Return a video's record and the ids of its comments, as they are at one moment.

        Read one after the other, they may not belong together: beside somebody who fetches, an
        older record says that nothing is missing below comments that were kept after it.
        """
        with self._database.reading() as connection:
            return KnownVideo(_read_video(connection, video_id), _read_ids(connection, video_id))


def write_video(
    database: Database, connection: Connection, record: VideoRecord
) -> VideoRecord | None:
    """Keep what is known of a video within a transaction; see `Comments.save_video`."""
    values = {
        "title": record.title,
        "comment_count": record.comment_count,
        "fetched_at": record.fetched_at,
        "complete": record.complete,
        "resume_token": record.resume_token,
        "looked_up_at": record.looked_up_at,
    }
    if record.generation is not None:
        changing = update(VideoRow).where(*_as_read(record)).values(values)
        return record if connection.execute(changing).rowcount else None
    statement = database.insert(VideoRow)
    statement = statement.on_conflict_do_update(
        index_elements=[VideoRow.id], set_={name: statement.excluded[name] for name in values}
    )
    fresh = {"id": record.video_id, "generation": new_generation(), **values}
    generation = connection.scalar(statement.returning(VideoRow.generation), fresh)
    return replace(record, generation=generation)


def _read_video(connection: Connection, video_id: str) -> VideoRecord | None:
    wanted = select(
        VideoRow.id,
        VideoRow.title,
        VideoRow.comment_count,
        VideoRow.fetched_at,
        VideoRow.complete,
        VideoRow.resume_token,
        VideoRow.generation,
        VideoRow.looked_up_at,
    ).where(VideoRow.id == video_id)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else VideoRecord(*row)


def _read_ids(connection: Connection, video_id: str) -> frozenset[str]:
    wanted = select(CommentRow.id).where(
        CommentRow.video_id == video_id, CommentRow.text.is_not(None)
    )
    return frozenset(connection.scalars(wanted))


def new_generation() -> str:
    """Return a generation that no video has had, also one that was deleted."""
    return uuid.uuid4().hex


def no_longer_whole() -> dict[str, object]:
    """Return what a video's row says once comments may be missing that it claims."""
    return {"complete": False, "resume_token": None, "generation": new_generation()}


def write_comments(
    database: Database, connection: Connection, arrived: Iterable[ArrivedComment]
) -> None:
    """Keep comments within a transaction; see `Comments.save_comments`.

    Args:
        database: of the connection.
        connection: that writes.
        arrived: at least one; of those with the same id, the last counts.
    """
    rows = {
        one.comment.id: {
            "id": one.comment.id,
            "video_id": one.comment.video_id,
            "parent_id": one.comment.parent_id,
            "text": one.comment.text,
            "text_digest": one.text_digest,
            "like_count": one.comment.like_count,
            "published_at": one.comment.published_at,
            "fetched_at": one.fetched_at,
        }
        for one in arrived
    }
    statement = database.insert(CommentRow)
    excluded = statement.excluded
    updated = ("text", "text_digest", "like_count", "published_at", "fetched_at")
    statement = statement.on_conflict_do_update(
        index_elements=[CommentRow.id],
        set_={name: excluded[name] for name in updated},
        where=excluded.fetched_at >= CommentRow.fetched_at,
    )
    # In order, so that two that save the same comments don't lock each other out.
    connection.execute(statement, [rows[comment_id] for comment_id in sorted(rows)])


def _as_read(record: VideoRecord) -> tuple[ColumnElement[bool], ...]:
    return VideoRow.id == record.video_id, VideoRow.generation == record.generation


def _is_as_read(connection: Connection, record: VideoRecord) -> bool:
    """Tell whether nothing of a video was removed, and keep it from being deleted until the end."""
    wanted = select(VideoRow.id).where(*_as_read(record))
    return connection.scalar(wanted.with_for_update(read=True, key_share=True)) is not None
