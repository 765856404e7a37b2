"""How often a watched video is polled: by what comes, by what the quota allows, by the queue.

Pure functions of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sentiment.store import QuotaState
from sentiment.store.records import Watch

_QUICKER = 0.5
_SLOWER = 1.5
# What a poll costs is a moving mean: the first one of a video fetches all there is.
_KEPT_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Pace:
    """Bounds of the polling.

    Attributes:
        shortest_s: seconds between polls of a video that gets comments at every poll, > 0.
        longest_s: seconds between polls of one that gets none.
        quota_share: of what is left of the day's quota, what watching may take; the rest is for
            those who open videos.
        full_messages: from so many waiting messages on, polls are stretched, > 0.
    """

    shortest_s: float = 15.0
    longest_s: float = 1_800.0
    quota_share: float = 0.5
    full_messages: int = 200

    def next_interval(self, interval_s: float, *, n_new: int) -> float:
        """Return the seconds until the poll after one that found `n_new` comments."""
        factor = _QUICKER if n_new else _SLOWER
        return min(self.longest_s, max(self.shortest_s, interval_s * factor))

    def quota_stretch(
        self, watches: Sequence[Watch], quota: QuotaState, *, now: datetime
    ) -> float | None:
        """Return by what to multiply intervals so that the quota lasts until it is renewed.

        Args:
            watches: all that are polled.
            quota: of today.
            now: with time zone.

        Returns:
            A factor, >= 1; None where nothing is left to poll with.
        """
        supply = quota.units_left * self.quota_share
        left_s = max(0.0, (quota.resets_at - now).total_seconds())
        demand = sum(watch.units_a_poll / watch.interval_s for watch in watches) * left_s
        if demand <= 0:
            return 1.0
        if supply < 1:
            return None
        return max(1.0, demand / supply)

    def queue_stretch(self, n_ready: int) -> float:
        """Return by what to multiply intervals while messages pile up, >= 1."""
        return max(1.0, n_ready / self.full_messages)

    def wait_s(self, interval_s: float, *, stretch: float, reset_s: float, n_ready: int) -> float:
        """Return the seconds until a video's next poll.

        Args:
            interval_s: as `next_interval` says.
            stretch: as `quota_stretch` says: one factor for all, however seldom one is polled.
            reset_s: seconds until the quota is renewed; then it holds nobody back any longer.
            n_ready: messages that wait.
        """
        for_quota_s = min(interval_s * stretch, max(interval_s, reset_s))
        for_queue_s = min(interval_s * self.queue_stretch(n_ready), self.longest_s)
        return max(interval_s, for_quota_s, for_queue_s)


def mean_units(before: float, units: int) -> float:
    """Return what a poll costs, after one that cost `units`."""
    return _KEPT_SHARE * before + (1 - _KEPT_SHARE) * max(1, units)
