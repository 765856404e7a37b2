"""Watched videos are asked for new comments, and these are queued.

One poll after another: the day's quota allows one every eight seconds, and a poll takes less.
What a poller knows is in the store, so that it may be killed, doubled, or called by a schedule.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sentiment import errors
from sentiment.comments import Comment
from sentiment.serving.fetch_plan import CommentSource, FetchPlan
from sentiment.serving.limits import MAX_COMMENTS
from sentiment.serving.looking_up import wants_info, with_info
from sentiment.serving.wire_analysis import Reason
from sentiment.store import QuotaLedger, Store, VideoRecord
from sentiment.store.records import Watch
from sentiment.stream.arrivals import note, note_arrived, on_its_way, settle
from sentiment.stream.messages import pack
from sentiment.stream.pace import Pace, mean_units
from sentiment.stream.pending import Pending, Start, start_of
from sentiment.stream.queue import CommentQueue
from sentiment.textclean import storable, text_digest

_log = logging.getLogger(__name__)

# Longer than a poll takes.
_LEASE_S = 120.0
_A_ROUND = 50
_AGAIN_S = 5.0
_FIRST_COMMENTS = 1_000
_TICK_S = 0.5
_LONGEST_PAUSE_S = 30.0

QUOTA_SPENT = "the day's quota is spent"
"""The problem of a watch that waits for the quota's renewal: no failure, it goes on by itself."""

# A video of which there is nothing more to be had.
_GONE = (
    errors.InvalidVideoIdError,
    errors.VideoNotFoundError,
    errors.VideoForbiddenError,
    errors.CommentsDisabledError,
)
# What a poll that ended so did not see, the next has to: between what it saw and what was kept.
_UNFINISHED = {Reason.UNITS, Reason.DEADLINE, Reason.UNDERWAY}
# Where nothing was kept below, there is no such gap, and the next would only end there again.
_UNFINISHED_ABOVE_NOTHING = {Reason.UNDERWAY}


@dataclass(slots=True)
class Polled:
    """What polls did.

    Attributes:
        polls: how many.
        failed: how many of them failed.
        sent: comments that were queued.
        units: quota units spent.
        stretch: by what intervals are multiplied now; None while the quota is spent.
        ready: messages that wait in the queue.
        watched: videos that are watched.
    """

    polls: int = 0
    failed: int = 0
    sent: int = 0
    units: int = 0
    stretch: float | None = 1.0
    ready: int = 0
    watched: int = 0


@dataclass(frozen=True, slots=True)
class Poller:
    """Polls what is due.

    Attributes:
        store: the watches, and what is known of videos.
        queue: takes new comments.
        source: gives comments.
        ledger: the day's quota.
        clock: gives now, with time zone.
        pace: how often.
        first_comments: of a video at its first poll, the newest so many; all that come later.
        stop: ends a poll when somebody sets it.
        done: what was done so far.
    """

    store: Store
    queue: CommentQueue
    source: CommentSource
    ledger: QuotaLedger
    clock: Callable[[], datetime]
    pace: Pace = field(default_factory=Pace)
    first_comments: int = _FIRST_COMMENTS
    stop: threading.Event = field(default_factory=threading.Event)
    done: Polled = field(default_factory=Polled)

    def run(self, *, on_round: Callable[[Polled], None] = lambda _: None) -> None:
        """Poll until `stop` is set; a store or a queue that is away is waited for.

        Args:
            on_round: told after each round what was done.
        """
        pause_s = _TICK_S
        while not self.stop.is_set():
            try:
                self.poll_due()
                pause_s = _TICK_S
            except (errors.StoreError, errors.OutOfSpaceError, errors.QueueError) as error:
                pause_s = min(_LONGEST_PAUSE_S, 2 * pause_s)
                _log.warning("no poll for %.0f s: %s", pause_s, error)
            on_round(self.done)
            self.stop.wait(pause_s)

    def poll_due(self) -> int:
        """Poll the videos that are due, once, some at most; return how many were.

        Raises:
            QueueError: the queue can't be reached; what was due is due again soon.
            StoreError: the store can't.
        """
        watches = [watch for watch in self.store.watches() if watch.due_at is not None]
        self.done.watched = len(watches)
        for watch in watches:
            if watch.pending is not None:
                settle(self.store, watch)
        now = self.clock()
        n_due = sum(watch.due_at <= now for watch in watches if watch.due_at)
        if n_due:
            self.done.ready = self.queue.counts().ready
        n_polled = 0
        while n_polled < min(n_due, _A_ROUND) and not self.stop.is_set():
            # One at a time: what is claimed and waits its turn falls due to another poller.
            claimed = self.store.claim_watches(1, lease_s=_LEASE_S)
            if not claimed:
                break
            (watch,) = claimed
            try:
                self._poll(watch, watches)
            except errors.QueueError:
                again_at = self.clock() + timedelta(seconds=_AGAIN_S)
                self.store.update_watch(watch.video_id, due_at=again_at)
                raise
            n_polled += 1
        return n_polled

    def _poll(self, watch: Watch, watches: list[Watch]) -> None:
        quota = self.ledger.state()
        stretch = self.pace.quota_stretch(watches, quota, now=self.clock())
        self.done.stretch = stretch
        if stretch is None:
            self.store.update_watch(watch.video_id, due_at=quota.resets_at, problem=QUOTA_SPENT)
            return
        before = self.done.sent
        units, error = self._fetch(watch)
        self.done.polls += 1
        self.done.units += units
        if isinstance(error, _GONE):
            self.store.end_watch(watch.video_id, problem=error.message)
            _log.warning("video %s is no longer watched: %s", watch.video_id, error.message)
            return
        if error is not None:
            self.done.failed += 1
            _log.warning("poll of video %s: %s", watch.video_id, error)
        problem = None if error is None else error.message
        if isinstance(error, errors.QuotaExceededError):
            self.ledger.exhausted()
            problem = QUOTA_SPENT
            quota = self.ledger.state()
            # Just after the renewal YouTube may still speak of the day before: then it goes on.
            if quota.units_left == 0:
                self.done.stretch = None
                self.store.update_watch(
                    watch.video_id,
                    polled_at=self.clock(),
                    due_at=quota.resets_at,
                    problem=problem,
                )
                return
        interval_s = self.pace.next_interval(watch.interval_s, n_new=self.done.sent - before)
        self.done.stretch = max(stretch, self.pace.queue_stretch(self.done.ready))
        now = self.clock()
        wait_s = self.pace.wait_s(
            interval_s,
            stretch=stretch,
            reset_s=(quota.resets_at - now).total_seconds(),
            n_ready=self.done.ready,
        )
        self.store.update_watch(
            watch.video_id,
            interval_s=interval_s,
            due_at=now + timedelta(seconds=wait_s),
            polled_at=now,
            problem=problem,
            # The first poll fetches all there is, and says nothing of the next.
            units_a_poll=mean_units(watch.units_a_poll, units) if watch.polled_at else 1.0,
        )

    def _fetch(self, watch: Watch) -> tuple[int, errors.YouTubeError | None]:
        """Queue what is new; return the units spent, and what ended it early."""
        now = self.clock()
        before = on_its_way(self.store, watch, now=now)
        known = self.store.known_video(watch.video_id)
        record = known.record or VideoRecord(watch.video_id)
        start = start_of(before, record, known.ids)
        plan = FetchPlan(
            self.source,
            watch.video_id,
            order="time",
            max_comments=MAX_COMMENTS if start.kept.has_end else self.first_comments,
            kept=start.kept,
            known_ids=start.known_ids,
            spend=self.ledger.spend,
            stop=self.stop,
        )
        # Of what was doubtful before, all that is not kept is sent again, or no longer there.
        sent = dict(start.sent)
        try:
            record = self._look_up(plan, record)
            pending = Pending.begun(now, record, before)
            for step in plan.steps():
                if new := self._new([*step.page.comments, *step.page.updated], start):
                    digests = {one.id: _digest(one) for one in new}
                    sent |= digests
                    pending = pending.sending(digests)
                    # First: who is killed while sending looks at all of this again.
                    note(self.store, watch, pending)
                    # What was lost goes alone: one of it may have taken the others along.
                    alone = pending.lost
                    self.queue.send(list(pack(watch.video_id, new, fetched_at=now, alone=alone)))
                    self.done.sent += len(new)
        except errors.YouTubeError as error:
            return plan.units_spent, error
        unfinished = _UNFINISHED if start.kept.has_end else _UNFINISHED_ABOVE_NOTHING
        if not plan.reasons & unfinished:
            ended = pending.ended(start.reach(plan.reach), sent, polled_at=now)
            if sent:
                note(self.store, watch, ended)
            else:
                note_arrived(self.store, watch, ended)
        return plan.units_spent, None

    def _new(self, comments: Iterable[Comment], start: Start) -> list[Comment]:
        """Return the comments whose text was neither kept nor sent nor given up."""
        by_id = {comment.id: comment for comment in comments}
        known = {**self.store.text_digests(list(by_id)), **start.sent}
        return [
            comment
            for id_, comment in by_id.items()
            if _digest(comment) not in (known.get(id_), start.given_up.get(id_))
        ]

    def _look_up(self, plan: FetchPlan, record: VideoRecord) -> VideoRecord:
        """Ask for title and number of comments now and then: who shows the video wants them."""
        now = self.clock()
        if not wants_info(record, now=now):
            return record
        looked_up = with_info(record, plan.look_up(), looked_up_at=now)
        return self.store.save_watched_video(looked_up) or looked_up


def _digest(comment: Comment) -> str:
    return text_digest(storable(comment.text))
