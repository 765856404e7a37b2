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
    places = np.minimum((confidence * N_BINS).astype(int), N_BINS - 1)
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
