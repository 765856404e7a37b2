"""Which model labels a video: the champion, or the candidate where the video is in its share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sentiment.rollout.arms import Arm
from sentiment.serving.models import Loan, Models
from sentiment.serving.trial.trial import Trial


@dataclass(slots=True, eq=False)
class Assigned:
    """What an analysis labels with, from its beginning to its end.

    Attributes:
        loan: the model whose labels are shown.
        champion: the champion, should that model fail; None where it is the champion.
        trial: counts; None where nothing is tried.
    """

    loan: Loan
    champion: Loan | None = None
    trial: Trial | None = None

    def end(self) -> None:
        """Give the models back."""
        self.loan.end()
        if self.champion is not None:
            self.champion.end()


class Arms:
    """Hands models out by video. Thread-safe.

    While the store is away nothing can be counted, nor be judged by counts: the champion answers
    all videos then.

    Args:
        models: lends the champion.
        is_store_away: tells whether the store does not answer.
    """

    def __init__(
        self, models: Models, *, is_store_away: Callable[[], bool] = lambda: False
    ) -> None:
        self._models = models
        self._is_store_away = is_store_away
        self.trial: Trial | None = None
        """What is tried; set by `PlanFollower` alone."""

    def lend(self, video_id: str) -> Assigned:
        """Return what shall label a video's comments, on loan."""
        trial = self._running()
        champion = self._models.lend()
        if trial is not None and trial.arm_of(video_id) is Arm.CANARY:
            candidate = trial.lend()
            if candidate is not None:
                return Assigned(candidate, champion, trial)
        return Assigned(champion, None, trial)

    def forget(self, video_id: str) -> None:
        """Write nothing of a video that was seen until now; may wait for the store."""
        if (trial := self.trial) is not None:
            trial.forget(video_id)

    def _running(self) -> Trial | None:
        trial = self.trial
        return trial if trial and trial.is_running and not self._is_store_away() else None
