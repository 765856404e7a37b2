"""Videos whose new comments are looked for: when each is due, and what came of the last poll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from sentiment.store.comments import no_longer_whole
from sentiment.store.part import Part
from sentiment.store.records import Watch
from sentiment.store.tables import VideoRow, WatchRow

_COLUMNS = tuple(WatchRow.__table__.c[field.name] for field in fields(Watch))


class Watches(Part):
    """Keeps watches; several pollers may share them."""

    def add_watch(self, video_id: str, *, interval_s: float) -> Watch:
        """Watch a video, from now on; one that is watched already stays as it is.

        Args:
            video_id: the 11 characters.
            interval_s: seconds between its first polls, > 0.
        """
        now = self._clock()
        fresh = asdict(Watch(video_id, now, now, interval_s))
        statement = self._database.insert(WatchRow)
        statement = statement.on_conflict_do_update(
            index_elements=[WatchRow.video_id],
            set_={
                name: statement.excluded[name]
                for name in ("added_at", "due_at", "interval_s", "problem")
            },
            where=WatchRow.due_at.is_(None),
        )
        with self._database.writing() as connection:
            connection.execute(statement, fresh)
            found = connection.execute(select(*_COLUMNS).where(WatchRow.video_id == video_id))
            return Watch(*found.one())

    def end_watch(self, video_id: str, *, problem: str | None = None) -> bool:
        """End the watching of a video; what is queued of it is still kept.

        Nobody looks any more whether it arrives: where something was on its way, the video
        counts as incomplete.

        Args:
            video_id: the 11 characters.
            problem: why, where nobody asked for it.

        Returns:
            Whether it was watched.
        """
        is_it = WatchRow.video_id == video_id
        found = select(WatchRow.pending).where(is_it, WatchRow.due_at.is_not(None))
        ended = {"due_at": None, "problem": problem, "pending": None}
        with self._database.writing() as connection:
            watch = connection.execute(found.with_for_update()).one_or_none()
            if watch is None:
                return False
            connection.execute(update(WatchRow).where(is_it).values(ended))
            if watch.pending is not None:
                its_video = update(VideoRow).where(VideoRow.id == video_id)
                connection.execute(its_video.values(no_longer_whole()))
        return True

    def watches(self) -> list[Watch]:
        """Return all watches, ended ones included, by when they were added."""
        wanted = select(*_COLUMNS).order_by(WatchRow.added_at, WatchRow.video_id)
        with self._database.reading() as connection:
            return [Watch(*row) for row in connection.execute(wanted)]

    def claim_watches(self, limit: int, *, lease_s: float) -> list[Watch]:
        """Take watches that are due, the longest due first.

        Args:
            limit: most to take, > 0.
            lease_s: seconds after which a watch that was not updated is due again, > 0.
        """
        now = self._clock()
        is_due = WatchRow.due_at <= now
        with self._database.reading() as connection:
            if connection.scalar(select(WatchRow.video_id).where(is_due).limit(1)) is None:
                return []
        due = (
            select(*_COLUMNS)
            .where(is_due)
            .order_by(WatchRow.due_at, WatchRow.video_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.writing() as connection:
            claimed = [Watch(*row) for row in connection.execute(due)]
            ids = [watch.video_id for watch in claimed]
            until = now + timedelta(seconds=lease_s)
            connection.execute(
                update(WatchRow).where(WatchRow.video_id.in_(ids)).values(due_at=until)
            )
        return claimed

    def update_watch(self, video_id: str, **values: Any) -> None:  # noqa: ANN401 - columns
        """Write down what came of a poll; a watch that has ended or is gone stays so.

        Args:
            video_id: the 11 characters.
            values: of attributes of `Watch`.
        """
        changing = (
            update(WatchRow)
            .where(WatchRow.video_id == video_id, WatchRow.due_at.is_not(None))
            .values(**values)
        )
        with self._database.writing() as connection:
            connection.execute(changing)

    def keep_alert(self, seen: Watch, alert: str, *, cooldown_s: float) -> bool:
        """Keep the alert of a turn of a video's mood until somebody has heard of it.

        Args:
            seen: the watch as it was when the turn was found.
            alert: its document.
            cooldown_s: seconds since the last turn, >= 0.

        Returns:
            Whether it is kept: not where another was faster, or one was told just now.
        """
        now = self._clock()
        keeping = (
            update(WatchRow)
            .where(
                WatchRow.video_id == seen.video_id,
                WatchRow.untold_alert.is_(None),
                WatchRow.alerted_at.is_not_distinct_from(seen.alerted_at),
                or_(
                    WatchRow.alerted_at.is_(None),
                    WatchRow.alerted_at <= now - timedelta(seconds=cooldown_s),
                ),
            )
            .values(alerted_at=now, untold_alert=alert, tell_at=now)
        )
        with self._database.writing() as connection:
            return connection.execute(keeping).rowcount > 0

    def claim_alert(self, video_id: str, *, lease_s: float) -> str | None:
        """Take the right to tell of the alert that is kept of a video.

        Args:
            video_id: the 11 characters.
            lease_s: seconds after which one that was not told may be tried again, > 0.

        Returns:
            Its document; None where there is none to tell now.
        """
        now = self._clock()
        claiming = (
            update(WatchRow)
            .where(
                WatchRow.video_id == video_id,
                WatchRow.untold_alert.is_not(None),
                WatchRow.tell_at <= now,
            )
            .values(tell_at=now + timedelta(seconds=lease_s))
            .returning(WatchRow.untold_alert)
        )
        with self._database.writing() as connection:
            return connection.scalar(claiming)

    def drop_alert(self, video_id: str) -> None:
        """Forget the alert of a video: somebody has heard of it."""
        dropping = update(WatchRow).where(WatchRow.video_id == video_id)
        with self._database.writing() as connection:
            connection.execute(dropping.values(untold_alert=None, tell_at=None))

    def watches_of(self, video_ids: Sequence[str]) -> dict[str, Watch]:
        """Return the watches of some videos, ended ones included, by video."""
        wanted = select(*_COLUMNS).where(WatchRow.video_id.in_(video_ids))
        with self._database.reading() as connection:
            return {row.video_id: Watch(*row) for row in connection.execute(wanted)}
