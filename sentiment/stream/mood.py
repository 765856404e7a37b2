"""Whether the mood of a watched video has turned, and who is told.

Two things must hold, as in the panel: the means of the newest comments and of those before differ
by a threshold, and the difference is no noise: 0 lies outside its interval by Welch's t (Welch
1947, Biometrika 34:28-35). Its width is chosen for all looks together, since the question is asked
again at each batch. A turn is told once; what comes after it is held against the mood as it is
then. Its alert is kept in the store until somebody has heard of it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, variance
from typing import TYPE_CHECKING, Any

from sentiment.analysis.summary import student_t, with_both_ends
from sentiment.errors import AlarmError, OutOfSpaceError, StoreError
from sentiment.store import Store
from sentiment.store.records import Watch

if TYPE_CHECKING:
    from sentiment.drift.alarm import Sink

_log = logging.getLogger(__name__)

_Z_OF_ALL_LOOKS = 4.4
"""Of the standard normal distribution. `python -m tests.stream.mood_rates` looks at each of 1,000
comments of steady moods: 0 to 2.5 % of the videos raise a false alarm, by mixture of labels. 3.29,
which is 99.9 % for one look alone, raises them in up to one of five."""
NEWEST_MOST = 60
BEFORE_MOST = 240
LEAST = 15
"""From here on the series for t is good, and one furious commenter is no mood."""
AGAIN_S = 300.0
"""Seconds until an alert is tried again: a receiver that is away takes many of each try."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the mood: mean scores, and of how many comments."""

    before: float
    after: float
    n_before: int
    n_after: int


def mood_turn(before: Sequence[float], after: Sequence[float], *, threshold: float) -> Turn | None:
    """Return the turn from earlier scores to later ones; None where there is none.

    Args:
        before: scores in [-1, 1].
        after: scores in [-1, 1].
        threshold: least difference of the means, > 0.
    """
    if min(len(before), len(after)) < LEAST:
        return None
    turn = Turn(fmean(before), fmean(after), len(before), len(after))
    difference = abs(turn.after - turn.before)
    if difference < threshold:
        return None
    spreads = [with_both_ends(scores) for scores in (before, after)]
    parts = [variance(scores) / len(scores) for scores in spreads]
    # Welch-Satterthwaite.
    degrees = sum(parts) ** 2 / sum(
        part**2 / (len(scores) - 1) for part, scores in zip(parts, spreads, strict=True)
    )
    half = student_t(_Z_OF_ALL_LOOKS, degrees) * math.sqrt(sum(parts))
    return turn if difference > half else None


@dataclass(frozen=True, slots=True)
class MoodWatch:
    """Looks at videos whose comments were kept just now.

    Attributes:
        store: holds their scores.
        sinks: who is told beside the log.
        threshold: least difference of the means, > 0.
        cooldown_s: seconds without another alert of the same video, >= 0.
    """

    store: Store
    sinks: Sequence[Sink] = ()
    threshold: float = 0.3
    cooldown_s: float = 1_800.0

    def look(self, video_ids: Iterable[str], model_digest: str) -> None:
        """Tell of the videos whose mood has turned; a store that is away is asked another time.

        Args:
            video_ids: of those whose comments were kept just now.
            model_digest: whose scores are looked at.
        """
        try:
            for watch in self.store.watches_of(sorted(video_ids)).values():
                self._look(watch, model_digest)
        except (StoreError, OutOfSpaceError) as error:
            _log.warning("the mood was not looked at: %s", error)

    def _look(self, watch: Watch, model_digest: str) -> None:
        if watch.untold_alert is None and not self._has_turned(watch, model_digest):
            return
        # Only one of several workers gets the right to tell.
        document = self.store.claim_alert(watch.video_id, lease_s=AGAIN_S)
        if document is not None and self._is_heard(json.loads(document)):
            self.store.drop_alert(watch.video_id)

    def _has_turned(self, watch: Watch, model_digest: str) -> bool:
        """Keep the alert of a turn that nobody has seen before; return whether there is one."""
        scores = self.store.newest_scores(
            watch.video_id, model_digest=model_digest, limit=NEWEST_MOST + BEFORE_MOST
        )
        since = watch.alerted_at or watch.added_at
        after = [score for at, score in scores if at > since][:NEWEST_MOST]
        # After a turn, what comes is held against the mood that it turned to.
        n_before = NEWEST_MOST if watch.alerted_at else BEFORE_MOST
        before = [score for _, score in scores[len(after) : len(after) + n_before]]
        turn = mood_turn(before, after, threshold=self.threshold)
        if turn is None:
            return False
        alert = _alert(watch, turn, model_digest=model_digest)
        if not self.store.keep_alert(watch, json.dumps(alert), cooldown_s=self.cooldown_s):
            return False
        _log.warning("%s", alert["title"])
        return True

    def _is_heard(self, alert: Mapping[str, Any]) -> bool:
        """Tell all; return whether anybody heard of it, the log where there is no other."""
        n_failed = 0
        for sink in self.sinks:
            try:
                sink.send(alert)
            except AlarmError as error:
                n_failed += 1
                _log.warning("%s", error)
        return n_failed == 0 or n_failed < len(self.sinks)


def _alert(watch: Watch, turn: Turn, *, model_digest: str) -> dict[str, Any]:
    """Return what is told, as `sentiment.drift.alarm.Sink` wants it; it holds no comment's text."""
    since = watch.alerted_at or watch.added_at
    named = "\n".join([watch.video_id, model_digest, since.isoformat()])
    return {
        "kind": "sentiment.mood",
        # Of one turn always the same: who is told twice can tell.
        "id": hashlib.sha256(named.encode()).hexdigest()[:32],
        "title": f"The mood of video {watch.video_id} turned from {turn.before:+.2f} to "
        f"{turn.after:+.2f}",
        "video_id": watch.video_id,
        "before": turn.before,
        "after": turn.after,
        "comments_before": turn.n_before,
        "comments_after": turn.n_after,
        "model_digest": model_digest,
    }
