"""The labels of one analysis: all of one model's, timed, and counted while something is tried."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from sentiment.comments import Prediction
from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import Seen
from sentiment.serving.activity import Activity
from sentiment.serving.models import labels_of, name_of
from sentiment.serving.trial.arms import Assigned
from sentiment.serving.wire import ModelBody

_log = logging.getLogger(__name__)


class FellBackError(Exception):
    """The candidate failed, and the champion labels from now on; never leaves an analysis."""


class Labelling:
    """Labels the comments of one analysis. To be used by one thread.

    Args:
        video_id: the 11 characters.
        assigned: the models; given back by whoever lent them.
        predicting: held while a model works.
        activity: told while one does.
        stop: set when nobody waits any more.
    """

    def __init__(
        self,
        video_id: str,
        assigned: Assigned,
        *,
        predicting: threading.Semaphore,
        activity: Activity,
        stop: threading.Event,
    ) -> None:
        self._video_id = video_id
        self._loan = assigned.loan
        self._champion = assigned.champion
        self._trial = assigned.trial
        self._predicting = predicting
        self._activity = activity
        self._stop = stop
        self._name = name_of(assigned.loan.model)

    @property
    def model(self) -> ModelBody:
        """The name and the digest of the model whose labels these are."""
        return self._name

    def label(self, texts: Sequence[str]) -> list[Prediction] | None:
        """Label texts, in order; None after `stop`.

        Raises:
            InferenceError: the champion broke its contract.
            FellBackError: the candidate failed: what it labelled before is to be labelled again,
                by the champion, which `model` names now.
        """
        with self._predicting, self._activity:
            if self._stop.is_set():
                return None
            started_s = time.monotonic()
            try:
                said = self._labels_of(texts)
            except Exception as error:
                self._count(failed=True)
                if self._champion is None:
                    raise
                self._fall_back(type(error).__name__)
                raise FellBackError from error
            duration_ms = (time.monotonic() - started_s) * 1_000
        self._count(ms_a_text=duration_ms / max(1, len(texts)))
        if self._trial is not None and self._champion is None:
            self._trial.offer(self._video_id, texts, said)
        return said

    def _labels_of(self, texts: Sequence[str]) -> list[Prediction]:
        if self._trial is not None and self._champion is not None:
            return self._trial.labels_of(self._loan.model, texts)
        return labels_of(self._loan.model, texts)

    def _fall_back(self, why: str) -> None:
        if self._champion is None:
            return
        failed, self._loan = self._name, self._champion
        self._name = name_of(self._loan.model)
        _log.warning(
            "model %s, digest %s, failed on video %s (%s): model %s, digest %s, answers instead",
            *(failed.name, failed.digest, self._video_id, why, self._name.name, self._name.digest),
        )
        # Neither arm is told of what comes now: the video is the candidate's.
        self._champion = self._trial = None

    def _count(self, *, failed: bool = False, ms_a_text: float = 0.0) -> None:
        if self._trial is None:
            return
        self._trial.count(
            Seen(
                video_id=self._video_id,
                arm=Arm.CHAMPION if self._champion is None else Arm.CANARY,
                failed=failed,
                slow=ms_a_text > self._trial.plan.limits.slow_ms_a_text,
            )
        )
