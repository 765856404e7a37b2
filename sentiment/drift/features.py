"""What is counted of a comment: features, their fixed bins, and how much change matters.

Owns the bins. They are written into no profile: a profile of other bins is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sentiment.inference.language import LanguageGroup
from sentiment.labels import LABEL_NAMES

BINS_VERSION = 1
"""Raised whenever a feature or a bin changes; profiles record it."""

NOT_COUNTED = -1
"""In place of a bin: the feature means nothing for this comment."""

LEAST_SHARE_MOVED = 0.05
"""Smallest change of shares that matters: five comments in a hundred."""

LEAST_DELTA = 0.1
"""Smallest Cliff's delta that matters: of a hundred pairs of an old and a new comment, the new one
is larger in ten more than it is smaller. Below 0.147, which Romano et al. (2006) call negligible,
so that a slow drift is told of before it is large."""


class Kind(StrEnum):
    """How the bins of a feature relate."""

    CATEGORICAL = "categorical"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that is counted of each comment.

    Attributes:
        name: short, unique.
        words: what it is, for reports.
        kind: whether its bins have an order.
        bins: their names, in order.
        edges: of an ordered feature, the lowest value of each bin but the first; ascending.
        least_effect: the smallest effect that is worth an alarm, see
            `sentiment.drift.two_sample.Finding`.
    """

    name: str
    words: str
    kind: Kind
    bins: tuple[str, ...]
    edges: tuple[float, ...]
    least_effect: float

    def place(self, values: NDArray[np.float64]) -> NDArray[np.int8]:
        """Return the bin of each value of an ordered feature.

        Args:
            values: shape (n,); one that is no number is not counted.

        Returns:
            Indexes into `bins`, or `NOT_COUNTED`, shape (n,).
        """
        places = np.searchsorted(self.edges, values, side="right").astype(np.int8)
        places[~np.isfinite(values)] = NOT_COUNTED
        return places


def _categorical(name: str, words: str, bins: Sequence[str]) -> Feature:
    return Feature(name, words, Kind.CATEGORICAL, tuple(bins), (), LEAST_SHARE_MOVED)


def _ordered(
    name: str,
    words: str,
    edges: Sequence[float],
    bins: Sequence[str],
    *,
    least_delta: float = LEAST_DELTA,
) -> Feature:
    return Feature(name, words, Kind.ORDERED, tuple(bins), tuple(edges), least_delta)


def _names(edges: Sequence[float]) -> list[str]:
    """Name the bins that edges cut: up to the first, between two, from the last on."""
    between = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    return [f"below {edges[0]:g}", *between, f"{edges[-1]:g} and more"]


_CONFIDENCES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
_LENGTHS_TOKENS = (4, 6, 8, 12, 16, 24, 32, 48, 64, 96)
# Just above 0: a comment without any unknown sub-word has a bin of its own.
_UNKNOWN_SHARES = (1e-9, 0.1, 0.25, 0.5)

LABEL = _categorical("label", "label of the model", LABEL_NAMES)
UNSURE = _categorical("unsure", "whether the model was unsure", ("sure", "unsure"))
LANGUAGE = _categorical(
    "language", "language, as far as a comment tells", [group.value for group in LanguageGroup]
)
CONFIDENCE = _ordered("confidence", "confidence of the model", _CONFIDENCES, _names(_CONFIDENCES))
LENGTH = _ordered("length", "length in sub-words", _LENGTHS_TOKENS, _names(_LENGTHS_TOKENS))
# Most comments hold none of these: Cliff's delta is about the share of comments that moved.
EMOJI = _ordered(
    "emoji",
    "number of emoji",
    (1, 2, 3, 5),
    ("0", "1", "2", "3 to 4", "5 and more"),
    least_delta=LEAST_SHARE_MOVED,
)
UNKNOWN = _ordered(
    "unknown",
    "share of unknown sub-words",
    _UNKNOWN_SHARES,
    ("none", "up to 10 %", "10 to 25 %", "25 to 50 %", "50 % and more"),
    least_delta=LEAST_SHARE_MOVED,
)

FEATURES = (LABEL, UNSURE, CONFIDENCE, LENGTH, EMOJI, LANGUAGE, UNKNOWN)
"""In the order of reports."""
