"""Writes the counts of a trial down, and withdraws a candidate that they show to be bad."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from sentiment.rollout.counts import ArmCounts, Difference, Seen
from sentiment.rollout.plan import Stage
from sentiment.rollout.verdict import Decision, judge
from sentiment.serving.memory import Breaker
from sentiment.serving.trial.trial import Trial
from sentiment.store import Store
from sentiment.store.records import RolloutEventKind

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 1.0


class Guard:
    """Watches a trial in a thread of its own, until it is told to stop.

    Args:
        trial: to be watched.
        store: where counts and ends are kept; of several processes that judge the same counts,
            the first one's end stands, and the others find it here.
        breaker: shared by all who use this store.
    """

    def __init__(self, trial: Trial, *, store: Store, breaker: Breaker) -> None:
        self._trial = trial
        self._store = store
        self._breaker = breaker
        self._is_stopped = False
        self._thread = threading.Thread(target=self._work, name="guard", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Write down what is left, soon, and end."""
        self._is_stopped = True
        self._trial.attention.set()

    def join(self, timeout_s: float) -> None:
        """Wait until it has ended, at most for a while."""
        self._thread.join(timeout_s)

    def look(self) -> None:
        """Write down what was counted, and draw the conclusions."""
        has_counted = self._write_counts()
        if self._trial.is_running:
            self._notice_end()
            if has_counted:
                self._judge()
        self._write_end()

    def _work(self) -> None:
        while True:
            self._trial.attention.wait(_LOOK_EVERY_S)
            self._trial.attention.clear()
            is_last = self._is_stopped
            try:
                self.look()
            except Exception:  # noqa: BLE001 - and its traceback goes to the log
                # The thread must outlive whatever nobody foresaw.
                _log.exception("rollout %s could not be judged", self._trial.plan.rollout_id)
            if is_last:
                return

    def _write_counts(self) -> bool:
        """Tell whether something was written."""
        rollout_id = self._trial.plan.rollout_id

        def write(seen: Sequence[Seen], differences: Sequence[Difference]) -> bool:
            def add() -> bool:
                self._store.add_seen(rollout_id, seen, differences=differences)
                return True

            return self._breaker.call(add, otherwise=False)

        return self._trial.tally.write(write)

    def _notice_end(self) -> None:
        rollout_id = self._trial.plan.rollout_id
        end = self._breaker.call(lambda: self._store.rollout_end(rollout_id), otherwise=None)
        if end is not None:
            self._trial.withdraw(f"{end.kind}: {end.reason}", is_written=True)

    def _judge(self) -> None:
        plan = self._trial.plan
        nothing: list[ArmCounts] = []
        counts = self._breaker.call(
            lambda: self._store.arm_counts(plan.rollout_id), otherwise=nothing
        )
        verdict = judge(counts, plan.limits, is_canary=plan.stage is Stage.CANARY)
        if verdict.decision is Decision.ROLL_BACK:
            self._trial.withdraw(verdict.reason)

    def _write_end(self) -> None:
        reason, plan = self._trial.unwritten_reason, self._trial.plan
        if reason is None:
            return
        event = self._breaker.call(
            lambda: self._store.add_rollout_event(
                plan.rollout_id,
                RolloutEventKind.ROLLED_BACK,
                digest=plan.digest,
                reason=reason,
            ),
            otherwise=None,
        )
        if event is not None:
            self._trial.end_is_written()
