"""One candidate in this process: its model, its share of the videos, and its end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from sentiment.comments import Prediction, Status
from sentiment.rollout.arms import Arm, is_in_share
from sentiment.rollout.counts import Difference, Seen
from sentiment.rollout.plan import Candidate
from sentiment.serving import metrics
from sentiment.serving.models import Loan, Model, SpareModel, labels_of
from sentiment.serving.trial.deadline import LateError, within
from sentiment.serving.trial.shadow_queue import ShadowBatch, ShadowQueue
from sentiment.serving.trial.tally import Tally
from sentiment.serving.wire import RolloutState

_log = logging.getLogger(__name__)

MAX_FAILURES_IN_A_ROW = 5
"""So many calls that fail one after the other end a trial, whether or not the store answers."""

# Far beyond what counts as slow, which the counts are judged for: who waits behind such a call, in
# whatever arm, must not wait for ever.
_PATIENCE_S = 2.0
_PATIENCE_TIMES = 2.0
# Of other texts no label is shown.
_LABELLED = (Status.OK, Status.UNSURE)


class Trial:
    """A candidate that runs beside the champion, until it is withdrawn. Thread-safe.

    Args:
        plan: what shall be tried.
        model: the candidate's, warm.
        patience_s: how long a call of it may take at least, > 0; see `labels_of`.
    """

    def __init__(self, plan: Candidate, model: Model, *, patience_s: float = _PATIENCE_S) -> None:
        self.tally = Tally()
        self.queue = ShadowQueue()
        self.attention = threading.Event()
        """Set when the guard has something to do at once."""
        self.spare = SpareModel(model)
        self._plan = plan
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._n_failures_in_a_row = 0
        self._reason: str | None = None
        self._unwritten_reason: str | None = None

    @property
    def plan(self) -> Candidate:
        """What is tried, and with which shares."""
        return self._plan

    @property
    def state(self) -> RolloutState:
        """Whether the candidate labels anything."""
        return "running" if self.is_running else "withdrawn"

    @property
    def is_running(self) -> bool:
        """Whether it was not withdrawn."""
        return self._reason is None

    @property
    def reason(self) -> str | None:
        """Why it was withdrawn; None while it was not."""
        return self._reason

    @property
    def unwritten_reason(self) -> str | None:
        """Why this process withdrew it, until that is in the store; else None."""
        return self._unwritten_reason

    def follow(self, plan: Candidate) -> None:
        """Take other shares and limits of the same rollout over."""
        self._plan = plan

    def arm_of(self, video_id: str) -> Arm:
        """Tell whose labels a video is shown with."""
        plan = self._plan
        is_its = is_in_share(video_id, salt=plan.rollout_id, share=plan.canary_share)
        return Arm.CANARY if is_its and self.is_running else Arm.CHAMPION

    def labels_of(self, model: Model, texts: Sequence[str]) -> list[Prediction]:
        """Return what the candidate says of texts; withdraw it where it does not answer at all.

        Args:
            model: the candidate's, on loan.
            texts: not cleaned.

        Raises:
            LateError: it does not answer.
            Exception: whatever it raises.
        """
        allowed_s = self._plan.limits.slow_ms_a_text * len(texts) / 1_000
        try:
            return within(
                self._patience_s + _PATIENCE_TIMES * allowed_s, lambda: labels_of(model, texts)
            )
        except LateError as error:
            self.withdraw(f"a call on {len(texts)} texts got {error}")
            raise

    def lend(self) -> Loan | None:
        """Return the candidate's model, on loan; None once it was withdrawn."""
        return self.spare.lend()

    def count(
        self, seen: Seen, differences: Sequence[Difference] = (), *, since_s: float = 0.0
    ) -> None:
        """Count a call, see `Tally.add`; withdraw a candidate that does nothing but fail."""
        outcome: metrics.CallOutcome = "failed" if seen.failed else "slow" if seen.slow else "ok"
        metrics.count_trial_call(seen.arm, outcome)
        self.tally.add(seen, differences, since_s=since_s)
        if seen.arm is Arm.CHAMPION:
            return
        with self._lock:
            self._n_failures_in_a_row = self._n_failures_in_a_row + 1 if seen.failed else 0
            is_broken = self._n_failures_in_a_row >= MAX_FAILURES_IN_A_ROW
        if is_broken:
            self.withdraw(f"{MAX_FAILURES_IN_A_ROW} calls in a row failed ({seen.arm})")

    def offer(self, video_id: str, texts: Sequence[str], predictions: Sequence[Prediction]) -> None:
        """Have the candidate label texts too, should it find the time; never waits.

        Args:
            video_id: whose comments they are, of the champion's share.
            texts: not cleaned.
            predictions: the champion's, in order.
        """
        plan = self._plan
        salt = f"shadow-{plan.rollout_id}"
        if not self.is_running or not is_in_share(video_id, salt=salt, share=plan.shadow_share):
            return
        labelled = [
            (text, prediction)
            for text, prediction in zip(texts, predictions, strict=True)
            if prediction.status in _LABELLED
        ]
        if labelled:
            compared, said = zip(*labelled, strict=True)
            if not self.queue.offer(ShadowBatch(video_id, compared, said)):
                metrics.count_shadow_dropped(len(labelled))

    def forget(self, video_id: str) -> None:
        """Write nothing of a video that was seen until now; waits for a store that is slow."""
        self.queue.forget(video_id)
        self.tally.forget(video_id)

    def withdraw(self, reason: str, *, is_written: bool = False) -> None:
        """Let the candidate label nothing more; a second time does nothing.

        Args:
            reason: why, with numbers; never empty.
            is_written: whether the store knows that the rollout ended.
        """
        with self._lock:
            if self._reason is not None:
                return
            self._reason = reason
            self._unwritten_reason = None if is_written else reason
        self._close()
        metrics.set_rollout_state("withdrawn")
        _log.warning(
            "rollout %s: model %s, digest %s, is withdrawn and the champion answers: %s",
            *(self._plan.rollout_id, self.spare.name.name, self.spare.name.digest, reason),
        )
        self.attention.set()

    def end_is_written(self) -> None:
        """Take in that the store knows why it was withdrawn."""
        self._unwritten_reason = None

    def close(self) -> None:
        """Let go of the candidate because the plan names it no more."""
        with self._lock:
            self._reason = self._reason or "the plan names it no more"
        self._close()

    def _close(self) -> None:
        self.queue.close()
        self.spare.let_go()
        metrics.set_candidate(self._plan.digest, is_running=False)
