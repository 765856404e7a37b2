"""Two models beside each other: what was seen of each, where they differ, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    and_,
    cast,
    distinct,
    exists,
    func,
    insert,
    or_,
    select,
)

from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import ArmCounts, Difference, Seen
from sentiment.store.part import Part
from sentiment.store.records import RolloutEvent, RolloutEventKind
from sentiment.store.tables import (
    CommentRow,
    FeedbackRow,
    PredictionRow,
    RolloutDifferenceRow,
    RolloutEventRow,
    RolloutVideoRow,
)

MAX_DIFFERENCES = 10_000
"""Of one rollout; further ones are counted and not kept."""


class Rollouts(Part):
    """Counts of rollouts by video, and the record of what was decided."""

    def add_seen(
        self, rollout_id: str, seen: Sequence[Seen], *, differences: Sequence[Difference] = ()
    ) -> None:
        """Count calls of models, all or none; several processes may count at once.

        Args:
            rollout_id: of the rollout that they belong to.
            seen: calls, in any order.
            differences: texts that got two labels; one that is known already is not kept again.
        """
        statement = self._database.insert(RolloutVideoRow)
        summed = ("calls", "failed", "slow", "texts", "differing", "score_gap")
        counting = statement.on_conflict_do_update(
            index_elements=[
                RolloutVideoRow.rollout_id,
                RolloutVideoRow.arm,
                RolloutVideoRow.video_id,
            ],
            set_={
                name: getattr(RolloutVideoRow, name) + statement.excluded[name] for name in summed
            }
            | {"called_at": statement.excluded.called_at},
        )
        called_at = self._clock()
        # In one order everywhere: two processes that count the same videos never lock each other.
        rows = [
            {
                "rollout_id": rollout_id,
                "arm": one.arm.value,
                "video_id": one.video_id,
                "calls": 1,
                "failed": int(one.failed),
                "slow": int(one.slow),
                "texts": one.n_texts,
                "differing": one.n_differing,
                "score_gap": one.score_gap,
                "called_at": called_at,
            }
            for one in sorted(seen, key=lambda one: (one.arm, one.video_id))
        ]
        with self._database.writing() as connection:
            for row in rows:
                connection.execute(counting, row)
            if differences:
                self._add_differences(connection, rollout_id, differences)

    def arm_counts(self, rollout_id: str) -> list[ArmCounts]:
        """Return the counts of each arm that saw anything, by the arm's name.

        In a canary, of champion and candidate only videos that were labelled since it began, and
        votes since then: corrections come with time, and in the shadow viewers see the champion's
        labels alone.
        """
        table = RolloutVideoRow
        calls = cast(table.calls, Double)
        texts = cast(func.nullif(table.texts, 0), Double)
        wanted = (
            select(
                table.arm,
                func.count().label("n_videos"),
                func.sum(table.calls).label("n_calls"),
                func.sum(table.failed / calls).label("failing"),
                func.sum(table.slow / calls).label("slow"),
                func.count(texts).label("n_compared"),
                func.sum(table.texts).label("n_texts"),
                func.coalesce(func.sum(table.differing / texts), 0.0).label("differing"),
                func.sum(table.score_gap).label("score_gap"),
            )
            .group_by(table.arm)
            .order_by(table.arm)
        )
        with self._database.reading() as connection:
            events = self._events(connection, rollout_id)
            counted = _counted(rollout_id, since=_canary_began_at(events))
            counts = [
                ArmCounts(
                    arm=Arm(row.arm),
                    n_videos=row.n_videos,
                    n_calls=int(row.n_calls),
                    failing=row.failing,
                    slow=row.slow,
                    n_compared=row.n_compared,
                    n_texts=int(row.n_texts),
                    differing=row.differing,
                    score_gap=row.score_gap,
                )
                for row in connection.execute(wanted.where(counted))
            ]
            return [
                replace(one, corrected=_corrected(connection, one.arm, counted, events))
                for one in counts
            ]

    def differences(self, rollout_id: str, *, limit: int) -> list[Difference]:
        """Return texts that the models of a rollout label differently, the widest apart first."""
        table = RolloutDifferenceRow
        gap = func.abs(table.champion_score - table.candidate_score)
        wanted = (
            select(
                table.text_digest,
                table.champion_label,
                table.candidate_label,
                table.champion_score,
                table.candidate_score,
            )
            .where(table.rollout_id == rollout_id)
            .order_by(gap.desc(), table.text_digest)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [Difference(*row) for row in connection.execute(wanted)]

    def add_rollout_event(
        self, rollout_id: str, kind: RolloutEventKind, *, digest: str, reason: str = ""
    ) -> RolloutEvent:
        """Write down that a rollout's state changed; a second end of one rollout is the first.

        Args:
            rollout_id: which.
            kind: what happened.
            digest: of the candidate.
            reason: why, with numbers.

        Returns:
            What is written down: of several processes that end a rollout at once, the first's.
        """
        with self._database.writing() as connection:
            if kind.is_end:
                # Locks, in PostgreSQL, what another process may be ending now.
                self._database.lock(connection, rollout_id)
                ended = self._events(connection, rollout_id, only_ends=True)
                if ended:
                    return ended[0]
            at = self._clock()
            values = {
                "at": at,
                "rollout_id": rollout_id,
                "kind": kind.value,
                "digest": digest,
                "reason": reason,
            }
            connection.execute(insert(RolloutEventRow), values)
        return RolloutEvent(rollout_id, kind, digest, reason, at)

    def rollout_events(self, rollout_id: str | None = None) -> list[RolloutEvent]:
        """Return what happened, the earliest first; of all rollouts where none is named."""
        with self._database.reading() as connection:
            return self._events(connection, rollout_id)

    def rollout_end(self, rollout_id: str) -> RolloutEvent | None:
        """Return how a rollout ended; None while it has not."""
        with self._database.reading() as connection:
            ended = self._events(connection, rollout_id, only_ends=True)
        return ended[0] if ended else None

    def rollout_refusal(self, rollout_id: str) -> RolloutEvent | None:
        """Return why a service refused the candidate; None where none has since the last step."""
        with self._database.reading() as connection:
            steps = [
                event for event in self._events(connection, rollout_id) if not event.kind.is_end
            ]
        is_refused = bool(steps) and steps[-1].kind is RolloutEventKind.REFUSED
        return steps[-1] if is_refused else None

    def _add_differences(
        self, connection: Connection, rollout_id: str, differences: Sequence[Difference]
    ) -> None:
        kept = select(func.count()).where(RolloutDifferenceRow.rollout_id == rollout_id)
        room = MAX_DIFFERENCES - (connection.scalar(kept) or 0)
        statement = self._database.insert(RolloutDifferenceRow).on_conflict_do_nothing()
        for one in sorted(differences, key=lambda one: one.text_digest)[: max(0, room)]:
            values = {
                "rollout_id": rollout_id,
                "text_digest": one.text_digest,
                "champion_label": one.champion_label,
                "candidate_label": one.candidate_label,
                "champion_score": one.champion_score,
                "candidate_score": one.candidate_score,
            }
            connection.execute(statement, values)

    def _events(
        self, connection: Connection, rollout_id: str | None, *, only_ends: bool = False
    ) -> list[RolloutEvent]:
        table = RolloutEventRow
        wanted = select(table.rollout_id, table.kind, table.digest, table.reason, table.at)
        if rollout_id is not None:
            wanted = wanted.where(table.rollout_id == rollout_id)
        if only_ends:
            ends = [kind.value for kind in RolloutEventKind if kind.is_end]
            wanted = wanted.where(table.kind.in_(ends))
        return [
            RolloutEvent(row.rollout_id, RolloutEventKind(row.kind), row.digest, row.reason, row.at)
            for row in connection.execute(wanted.order_by(table.id))
        ]


def _canary_began_at(events: Sequence[RolloutEvent]) -> datetime | None:
    """Return since when viewers are shown the candidate's labels; None where they are not."""
    began_at = None
    for event in events:
        if event.kind is RolloutEventKind.SHADOW:  # also one that takes a canary back
            began_at = None
        elif event.kind is RolloutEventKind.CANARY:
            began_at = began_at or event.at
    return began_at


def _counted(rollout_id: str, *, since: datetime | None) -> ColumnElement[bool]:
    """Choose the videos of a rollout that its arms are judged by."""
    is_its = RolloutVideoRow.rollout_id == rollout_id
    if since is None:
        return is_its
    # What the shadow compares is asked of the candidate alone.
    is_shadow = RolloutVideoRow.arm == Arm.SHADOW.value
    return and_(is_its, or_(is_shadow, RolloutVideoRow.called_at >= since))


def _corrected(
    connection: Connection, arm: Arm, counted: ColumnElement[bool], events: Sequence[RolloutEvent]
) -> int:
    """Return the videos of an arm with a vote against the label that its model showed."""
    if arm == Arm.SHADOW or not events:
        return 0
    # A canary's video shows the champion's labels where the candidate failed, and did so
    # before the share was widened.
    candidate, voted_on = events[0].digest, FeedbackRow.model_digest
    is_its = voted_on == candidate if arm == Arm.CANARY else voted_on != candidate
    of_arm = exists().where(
        counted,
        RolloutVideoRow.arm == arm.value,
        RolloutVideoRow.video_id == CommentRow.video_id,
    )
    wanted = (
        select(func.count(distinct(CommentRow.video_id)))
        .select_from(FeedbackRow)
        .join(CommentRow, CommentRow.id == FeedbackRow.comment_id)
        .join(
            PredictionRow,
            and_(
                PredictionRow.text_digest == CommentRow.text_digest,
                PredictionRow.model_digest == FeedbackRow.model_digest,
            ),
        )
        .where(
            FeedbackRow.label != PredictionRow.label,
            FeedbackRow.created_at >= (_canary_began_at(events) or events[0].at),
            # Else an edit would count for or against a model: the label is the new text's.
            or_(
                FeedbackRow.text_digest.is_(None),
                FeedbackRow.text_digest == CommentRow.text_digest,
            ),
            is_its,
            of_arm,
        )
    )
    return connection.scalar(wanted) or 0
