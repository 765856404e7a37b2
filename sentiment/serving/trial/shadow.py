"""The candidate labels what the champion has labelled, unseen, while nobody waits for a label."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from sentiment.comments import Prediction
from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import Difference, Seen
from sentiment.serving import metrics
from sentiment.serving.activity import Activity
from sentiment.serving.trial.shadow_queue import ShadowBatch
from sentiment.serving.trial.trial import Trial
from sentiment.textclean import text_digest

_log = logging.getLogger(__name__)

_STALE_AFTER_S = 20.0
_TEXTS_AT_ONCE = 16
"""So few that an answer which comes meanwhile shares the cores with it for some 50 ms at most."""
_LOOK_EVERY_S = 0.5


class Shadow:
    """Works through a trial's queue in a thread of its own, until the trial is withdrawn.

    Args:
        trial: whose queue.
        activity: tells when nobody waits.
    """

    def __init__(self, trial: Trial, *, activity: Activity) -> None:
        self._trial = trial
        self._activity = activity
        self._thread = threading.Thread(target=self._work, name="shadow", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def _work(self) -> None:
        while self._trial.is_running:
            batch = self._trial.queue.take(_LOOK_EVERY_S)
            if batch is None:
                continue
            try:
                self.compare(batch)
            except Exception:  # noqa: BLE001 - and its traceback goes to the log
                # The thread must outlive whatever nobody foresaw.
                _log.exception("a shadow batch of video %s was lost", batch.video_id)

    def compare(self, batch: ShadowBatch) -> None:
        """Label a batch, as far as there is time for it, and count how the labels differ."""
        loan = self._trial.lend()
        if loan is None:
            return
        said: list[Prediction] = []
        duration_s, failure = 0.0, None
        with loan as model:
            while len(said) < len(batch.texts) and self._may_work(batch):
                texts = batch.texts[len(said) : len(said) + _TEXTS_AT_ONCE]
                started_s = time.monotonic()
                try:
                    said.extend(self._trial.labels_of(model, texts))
                except Exception as error:  # noqa: BLE001 - whatever it is, it is the candidate's
                    failure = error
                    break
                duration_s += time.monotonic() - started_s
        if failure is not None:
            plan = self._trial.plan
            _log.warning(
                "rollout %s: the candidate, digest %s, failed in the shadow on video %s: %s",
                *(plan.rollout_id, plan.digest, batch.video_id, type(failure).__name__),
            )
        else:
            metrics.count_shadow_dropped(len(batch.texts) - len(said))
        if said or failure is not None:
            self._count(batch, said, duration_s=duration_s, failed=failure is not None)

    def _may_work(self, batch: ShadowBatch) -> bool:
        """Wait until nobody else needs the cores; tell whether the batch is still wanted then."""
        while self._trial.is_running and time.monotonic() - batch.at_s < _STALE_AFTER_S:
            if self._activity.wait_until_idle(_LOOK_EVERY_S):
                return True
        return False

    def _count(
        self, batch: ShadowBatch, said: Sequence[Prediction], *, duration_s: float, failed: bool
    ) -> None:
        compared = list(zip(batch.texts, batch.predictions, said, strict=False))
        differences = [
            Difference(
                text_digest(text),
                champion_label=int(champion.label),
                candidate_label=int(candidate.label),
                champion_score=champion.score,
                candidate_score=candidate.score,
            )
            for text, champion, candidate in compared
            if champion.label != candidate.label
        ]
        allowed_ms = self._trial.plan.limits.slow_ms_a_text
        seen = Seen(
            video_id=batch.video_id,
            arm=Arm.SHADOW,
            failed=failed,
            slow=duration_s * 1_000 > allowed_ms * len(compared),
            n_texts=len(compared),
            n_differing=len(differences),
            score_gap=sum(abs(champion.score - one.score) for _, champion, one in compared),
        )
        metrics.count_shadow(len(compared), n_differing=len(differences))
        self._trial.count(seen, differences, since_s=batch.at_s)
