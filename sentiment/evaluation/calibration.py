"""Probabilities that mean what they say: temperature, reliability, Brier score.

Dividing logits by one number, fitted on validation (temperature scaling, Guo et al. 2017), makes
confidence match accuracy and changes no label. Then a confidence below 1/2 means: more likely
wrong than right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from sentiment.errors import DataError
from sentiment.evaluation.intervals import CONFIDENCE, Interval
from sentiment.inference.scorer import softmax

N_BINS = 15
"""Bins of equal width over [0, 1], as in Guo et al. 2017."""

_BOUNDS = (0.2, 5.0)
_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Rows whose confidence lies in [low, high).

    Attributes:
        low: lower end of the bin.
        high: upper end of the bin; the last bin holds 1 too.
        n: rows in it, >= 1.
        confidence: their mean confidence.
        accuracy: share of them whose label is right.
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def fit_temperature(logits: NDArray[np.float64], classes: NDArray[np.int64]) -> float:
    """Return the temperature that makes the labels most likely.

    Args:
        logits: shape (n, 3), of rows that were not trained on.
        classes: class index of each row, shape (n,).

    Returns:
        A number in [0.2, 5]; above 1 where the model was too sure.
    """

    def negative_log_likelihood(temperature: float) -> float:
        probabilities = softmax(logits / temperature)[np.arange(len(classes)), classes]
        return float(-np.log(np.maximum(probabilities, _SMALLEST)).mean())

    fitted = minimize_scalar(negative_log_likelihood, bounds=_BOUNDS, method="bounded")
    return round(float(fitted.x), 4)


def reliability_bins(
    confidence: NDArray[np.float64], correct: NDArray[np.bool_]
) -> tuple[ReliabilityBin, ...]:
    """Sort rows by confidence into 15 equal bins, as a reliability diagram shows them.

    Args:
        confidence: largest probability of each row, in [0, 1], shape (n,).
        correct: whether its label is right, same shape.

    Returns:
        The bins that hold rows, ascending.
    """
    places = _bins_of(confidence)
    return tuple(
        ReliabilityBin(
            low=index / N_BINS,
            high=(index + 1) / N_BINS,
            n=int((places == index).sum()),
            confidence=float(confidence[places == index].mean()),
            accuracy=float(correct[places == index].mean()),
        )
        for index in map(int, np.unique(places))
    )


def expected_calibration_error(
    probabilities: NDArray[np.float64], classes: NDArray[np.int64]
) -> float:
    """Return the mean gap between confidence and accuracy over 15 equal bins, in [0, 1].

    The gap of each bin counts by its share of the rows (ECE of Guo et al. 2017, on the largest
    probability). It is never below 0, so small sets look worse than they are.

    Args:
        probabilities: shape (n, 3).
        classes: class index of each row, shape (n,).
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == classes
    return float(
        sum(
            abs(part.confidence - part.accuracy) * part.n / len(classes)
            for part in reliability_bins(confidence, correct)
        )
    )


def calibration_error_interval(
    probabilities: NDArray[np.float64],
    classes: NDArray[np.int64],
    *,
    resamples: NDArray[np.int64],
) -> Interval:
    """Return a 95 % interval of the calibration error, rather too wide than too narrow.

    The error is a sum of the bins' absolute gaps, and an absolute value has a kink at 0: there
    every bootstrap of the sum itself fails (Fang & Santos 2019, "Inference on Directionally
    Differentiable Functions"). Resamples of a calibrated model even look worse than the sample,
    which looks worse than the model. The gaps themselves resample well. With gap g and the chance
    error e of a bin, sign(g) e <= |g + e| - |g| <= |e|: the sum that is found misses the true one
    upwards by no more than the sum of |e|, downwards by no more than that of sign(g) e. The ends
    are quantiles of these two bounds, which hold however little a bin is off.

    Simulated with 16 models of true errors from 0 to 0.1 on 100, 300, 1,000 and 5,000 rows, it held
    the true error in 95 to 100 % of the samples; in 92 and 94 % for the two calibrated models on
    100 rows. Up to 1,000 rows the percentile bootstrap held it in 0 to 95 %, and the basic one,
    which takes the bias off, in 55 to 94 %.

    Args:
        probabilities: shape (n, 3), n >= 1.
        classes: class index of each row, shape (n,).
        resamples: numbers of rows drawn with replacement, shape (number of resamples, n).
    """
    n = len(classes)
    confidence = probabilities.max(axis=1)
    misses = confidence - (probabilities.argmax(axis=1) == classes)
    places = _bins_of(confidence)

    def gaps(rows: NDArray[np.int64] | slice) -> NDArray[np.float64]:
        """Mean miss of each bin, times its share of the rows."""
        return np.bincount(places[rows], weights=misses[rows], minlength=N_BINS) / n

    found = gaps(slice(None))
    chance = np.stack([gaps(rows) for rows in resamples]) - found
    error, tail = np.abs(found).sum(), (1 - CONFIDENCE) / 2
    most_above = np.quantile(np.abs(chance).sum(axis=1), 1 - tail)
    most_below = np.quantile(chance @ np.sign(found), tail)
    return Interval(
        low=float(max(error - most_above, 0.0)), high=float(min(error - min(most_below, 0.0), 1.0))
    )


def brier_score(probabilities: NDArray[np.float64], classes: NDArray[np.int64]) -> float:
    """Return the mean squared distance of the probabilities from the truth, in [0, 2].

    Summed over the three classes (Brier 1950): 0 is perfect, 2/3 says nothing at all.

    Args:
        probabilities: shape (n, 3).
        classes: class index of each row, shape (n,).

    Raises:
        DataError: there is no row.
    """
    if not len(classes):
        raise DataError("A Brier score needs at least one labelled row, found none.")
    truth = np.eye(probabilities.shape[1])[classes]
    return float(((probabilities - truth) ** 2).sum(axis=1).mean())


def _bins_of(confidence: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.minimum((confidence * N_BINS).astype(np.int64), N_BINS - 1)
