"""Whether the confidence of a model can be believed on one labelled set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.evaluation.calibration import (
    N_BINS,
    ReliabilityBin,
    brier_score,
    calibration_error_interval,
    expected_calibration_error,
    reliability_bins,
)
from sentiment.evaluation.curves import Points, thinned
from sentiment.evaluation.intervals import CONFIDENCE, Interval
from sentiment.evaluation.proportions import Share
from sentiment.evaluation.selective import accuracy_at_coverage, risk_coverage

SUREST = 0.8
"""The part of a set for which "how good where it is surest" is reported."""

_RESAMPLES = 300

Statistic = Callable[[NDArray[np.float64], NDArray[np.int64]], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval, from resampled rows."""

    value: float
    interval: Interval

    def to_json(self) -> dict[str, float]:
        """Return value and interval as plain JSON values."""
        return {"value": self.value, "low": self.interval.low, "high": self.interval.high}


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What an "unsure" threshold does to a set.

    Attributes:
        threshold: a smaller confidence is "unsure".
        answered: how many rows reach it.
        right: how many of these are right; None where none is answered.
    """

    threshold: float
    answered: Share
    right: Share | None

    def to_json(self) -> dict[str, Any]:
        """Return the shares as plain JSON values."""
        return {
            "threshold": self.threshold,
            "coverage": self.answered.to_json(),
            "accuracy": None if self.right is None else self.right.to_json(),
        }


@dataclass(frozen=True, slots=True)
class ConfidenceFindings:
    """How confidence and correctness go together.

    Attributes:
        calibration_error: expected calibration error over 15 equal bins, in [0, 1]; its interval is
            that of `calibration_error_interval`.
        brier: Brier score over three classes, in [0, 2].
        risk_area: area under the risk-coverage curve, in [0, 1].
        surest: accuracy on the 80 % of rows of highest confidence.
        at_thresholds: what becomes of the rows at each "unsure" threshold, in the order given.
        bins: of the reliability diagram.
        risk_coverage: (coverage, risk), thinned.
    """

    calibration_error: Estimate
    brier: Estimate
    risk_area: Estimate
    surest: Share
    at_thresholds: tuple[AtThreshold, ...]
    bins: tuple[ReliabilityBin, ...]
    risk_coverage: Points

    def to_json(self) -> dict[str, Any]:
        """Return the findings as plain JSON values."""
        return {
            "expected_calibration_error": {**self.calibration_error.to_json(), "bins": N_BINS},
            "brier_score": self.brier.to_json(),
            "area_under_risk_coverage": self.risk_area.to_json(),
            "accuracy_on_surest": {**self.surest.to_json(), "coverage": SUREST},
            "at_thresholds": [part.to_json() for part in self.at_thresholds],
            "reliability": [
                {
                    "low": part.low,
                    "high": part.high,
                    "n": part.n,
                    "confidence": part.confidence,
                    "accuracy": part.accuracy,
                }
                for part in self.bins
            ],
            "risk_coverage": [list(point) for point in self.risk_coverage],
        }


def measure_confidence(
    probabilities: NDArray[np.float64],
    classes: NDArray[np.int64],
    *,
    thresholds: Sequence[float],
    rng: np.random.Generator,
) -> ConfidenceFindings:
    """Measure calibration and selective accuracy.

    Args:
        probabilities: shape (n, 3), n >= 1.
        classes: true class indexes, shape (n,).
        thresholds: a smaller confidence than one of these is "unsure".
        rng: source of randomness of the intervals.

    Raises:
        DataError: there is no row.
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == classes
    curve = risk_coverage(confidence, correct)
    rows = rng.integers(len(classes), size=(_RESAMPLES, len(classes)))

    def estimate(statistic: Statistic) -> Estimate:
        drawn = [statistic(probabilities[chosen], classes[chosen]) for chosen in rows]
        tail = (1 - CONFIDENCE) / 2
        low, high = np.quantile(drawn, [tail, 1 - tail])
        return Estimate(statistic(probabilities, classes), Interval(float(low), float(high)))

    return ConfidenceFindings(
        calibration_error=Estimate(
            expected_calibration_error(probabilities, classes),
            calibration_error_interval(probabilities, classes, resamples=rows),
        ),
        brier=estimate(brier_score),
        risk_area=estimate(_risk_area),
        surest=accuracy_at_coverage(confidence, correct, coverage=SUREST),
        at_thresholds=tuple(_at(threshold, confidence, correct) for threshold in thresholds),
        bins=reliability_bins(confidence, correct),
        risk_coverage=thinned(curve.coverage, curve.risk),
    )


def _at(
    threshold: float, confidence: NDArray[np.float64], correct: NDArray[np.bool_]
) -> AtThreshold:
    reached = confidence >= threshold
    n = int(reached.sum())
    return AtThreshold(
        threshold=threshold,
        answered=Share(n=len(confidence), held=n),
        right=Share(n=n, held=int(correct[reached].sum())) if n else None,
    )


def _risk_area(probabilities: NDArray[np.float64], classes: NDArray[np.int64]) -> float:
    correct = probabilities.argmax(axis=1) == classes
    return risk_coverage(probabilities.max(axis=1), correct).area
