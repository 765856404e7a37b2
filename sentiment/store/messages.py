"""A queue in the store's own database, for those who want no server for it.

Owns who has which message and until when; what a message says is `sentiment.stream`'s. Several
processes may send and receive at once: PostgreSQL skips what another has locked, SQLite has one
writer at a time.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from sentiment.store.part import Part
from sentiment.store.records import DeadLetter, QueueCounts, QueuedMessage
from sentiment.store.tables import DeadLetterRow, MessageRow

# Each takes two values of a statement.
_AT_ONCE = 400


class Messages(Part):
    """Messages, each in the hands of one worker at a time."""

    def send_messages(self, messages: Sequence[tuple[str, str]]) -> None:
        """Queue messages, all or none.

        Args:
            messages: video id and body of each.
        """
        now = self._clock()
        rows = [
            {
                "video_id": video_id,
                "body": body,
                "sent_at": now,
                "visible_at": now,
                "receipt": None,
                "n_received": 0,
            }
            for video_id, body in messages
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(MessageRow), rows)

    def receive_messages(self, limit: int, *, visibility_s: float) -> list[QueuedMessage]:
        """Take messages that nobody has, those that wait longest first.

        Args:
            limit: most to take, > 0.
            visibility_s: seconds after which a message that is still there goes to the next, > 0.
        """
        now = self._clock()
        is_ready = MessageRow.visible_at <= now
        with self._database.reading() as connection:
            # Reading waits for nobody; an empty queue is the rule.
            if connection.scalar(select(MessageRow.id).where(is_ready).limit(1)) is None:
                return []
        first = (
            select(MessageRow.id)
            .where(is_ready)
            .order_by(MessageRow.visible_at, MessageRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        receipt = secrets.token_hex(16)
        with self._database.writing() as connection:
            ids = connection.scalars(first).all()
            if not ids:
                return []
            taking = (
                update(MessageRow)
                .where(MessageRow.id.in_(ids))
                .values(
                    visible_at=now + timedelta(seconds=visibility_s),
                    receipt=receipt,
                    n_received=MessageRow.n_received + 1,
                )
                .returning(MessageRow.id, MessageRow.body, MessageRow.n_received)
            )
            rows = connection.execute(taking).all()
        return [
            QueuedMessage(row.id, receipt, row.body, row.n_received)
            for row in sorted(rows, key=lambda row: row.id)
        ]

    def finish_messages(self, received: Sequence[tuple[int, str]]) -> int:
        """Remove messages that are done; return how many still were the caller's.

        Args:
            received: id and receipt of each.
        """
        n_done = 0
        with self._database.writing() as connection:
            for some in _some(received):
                n_done += connection.execute(delete(MessageRow).where(_those(some))).rowcount
        return n_done

    def extend_messages(self, received: Sequence[tuple[int, str]], *, visibility_s: float) -> int:
        """Keep messages from others for longer; return how many still were the caller's.

        Args:
            received: id and receipt of each.
            visibility_s: seconds from now, >= 0; 0 gives them back at once.
        """
        until = self._clock() + timedelta(seconds=visibility_s)
        return self._change(
            received,
            {"visible_at": until} if visibility_s > 0 else {"visible_at": until, "receipt": None},
        )

    def unreceive_messages(self, received: Sequence[tuple[int, str]]) -> int:
        """Give messages back as if they had not been received; return as `extend_messages`.

        Args:
            received: id and receipt of each.
        """
        values = {"visible_at": self._clock(), "receipt": None}
        return self._change(received, {**values, "n_received": MessageRow.n_received - 1})

    def _change(self, received: Sequence[tuple[int, str]], values: Mapping[str, object]) -> int:
        n_changed = 0
        with self._database.writing() as connection:
            for some in _some(received):
                changing = update(MessageRow).where(_those(some)).values(**values)
                n_changed += connection.execute(changing).rowcount
        return n_changed

    def bury_messages(self, reasons: Mapping[tuple[int, str], str]) -> None:
        """Set messages aside that no worker can take.

        Args:
            reasons: why, by id and receipt; those that are no longer the caller's stay.
        """
        now = self._clock()
        with self._database.writing() as connection:
            for (id_, receipt), reason in reasons.items():
                removing = (
                    delete(MessageRow)
                    .where(MessageRow.id == id_, MessageRow.receipt == receipt)
                    .returning(
                        MessageRow.video_id,
                        MessageRow.body,
                        MessageRow.sent_at,
                        MessageRow.n_received,
                    )
                )
                row = connection.execute(removing).one_or_none()
                if row is not None:
                    dead = {**row._mapping, "died_at": now, "reason": reason}  # noqa: SLF001
                    connection.execute(insert(DeadLetterRow), dead)

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return messages that were set aside, the latest first."""
        wanted = (
            select(
                DeadLetterRow.reason,
                DeadLetterRow.n_received,
                DeadLetterRow.died_at,
                DeadLetterRow.body,
            )
            .order_by(DeadLetterRow.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [DeadLetter(*row) for row in connection.execute(wanted)]

    def queue_counts(self) -> QueueCounts:
        """Return how the queue stands."""
        now = self._clock()
        ready = func.count().filter(MessageRow.visible_at <= now)
        wanted = select(ready, func.count(), func.min(MessageRow.sent_at))
        with self._database.reading() as connection:
            n_ready, n_all, oldest_at = connection.execute(wanted).one()
            n_dead = connection.scalar(select(func.count()).select_from(DeadLetterRow)) or 0
        return QueueCounts(n_ready, n_all - n_ready, n_dead, oldest_at)


def _some(received: Sequence[tuple[int, str]]) -> list[Sequence[tuple[int, str]]]:
    return [received[start : start + _AT_ONCE] for start in range(0, len(received), _AT_ONCE)]


def _those(received: Sequence[tuple[int, str]]) -> ColumnElement[bool]:
    return or_(
        *(and_(MessageRow.id == id_, MessageRow.receipt == receipt) for id_, receipt in received)
    )
