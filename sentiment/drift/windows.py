"""Counts of comments by video and bin: all that a comparison needs, and no text.

Comments of one video resemble each other, so that the video is the unit: the spread between
videos says how sure a share is (see `sentiment.drift.two_sample`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sentiment.drift.features import FEATURES, NOT_COUNTED, Feature


@dataclass(frozen=True, slots=True)
class Window:
    """What was counted of a set of comments.

    Attributes:
        counts: by name of the feature, comments of shape (n_videos, n_bins), >= 0.
        n_comments: comments that were read, >= 0.
    """

    counts: Mapping[str, NDArray[np.int64]]
    n_comments: int

    @property
    def n_videos(self) -> int:
        """Videos that these comments are of."""
        return max((len(counts) for counts in self.counts.values()), default=0)


@dataclass(slots=True)
class WindowCounter:
    """Counts comments piece by piece, so that a window of any size fits in memory."""

    _rows: dict[str, int] = field(default_factory=dict)
    _pieces: list[tuple[NDArray[np.int64], Mapping[str, NDArray[np.int8]]]] = field(
        default_factory=list
    )
    _n_comments: int = 0

    def add(self, videos: Sequence[str], places: Mapping[str, NDArray[np.int8]]) -> None:
        """Count some comments.

        Args:
            videos: the video of each, length n.
            places: by name of the feature, the bin of each or `NOT_COUNTED`, shape (n,).
        """
        rows = [self._rows.setdefault(video, len(self._rows)) for video in videos]
        self._pieces.append((np.array(rows, dtype=np.int64), places))
        self._n_comments += len(videos)

    def window(self) -> Window:
        """Return what was counted so far."""
        return Window(
            {feature.name: self._count(feature) for feature in FEATURES}, self._n_comments
        )

    def _count(self, feature: Feature) -> NDArray[np.int64]:
        n_bins = len(feature.bins)
        counts = np.zeros(len(self._rows) * n_bins, dtype=np.int64)
        for rows, places in self._pieces:
            place = places[feature.name]
            counted = place != NOT_COUNTED
            cells = rows[counted] * n_bins + place[counted]
            counts += np.bincount(cells, minlength=len(counts))
        return counts.reshape(len(self._rows), n_bins)
