"""Probabilities that mean what they say: temperature scaling (Guo et al. 2017).

Dividing logits by one number, fitted on validation, makes confidence match accuracy and changes
no label. Then a confidence below 1/2 means: more likely wrong than right.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from sentiment.inference.scorer import softmax

_BOUNDS = (0.2, 5.0)
_N_BINS = 15
_SMALLEST = 1e-12


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


def expected_calibration_error(
    probabilities: NDArray[np.float64], classes: NDArray[np.int64]
) -> float:
    """Return the mean gap between confidence and accuracy over 15 equal bins, in [0, 1].

    Args:
        probabilities: shape (n, 3).
        classes: class index of each row, shape (n,).
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == classes
    bins = np.minimum((confidence * _N_BINS).astype(int), _N_BINS - 1)
    gaps = [
        abs(confidence[bins == index].mean() - correct[bins == index].mean())
        * (bins == index).mean()
        for index in np.unique(bins)
    ]
    return float(sum(gaps))
