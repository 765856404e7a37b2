"""Receiver operating characteristic and precision-recall curves, one class against the rest.

The one place that asks scikit-learn for curves; they are thinned, because a page needs no
thousands of points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from sentiment.labels import LABEL_NAMES

MAX_POINTS = 120

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class ClassCurves:
    """How well one class is told from the two others.

    Attributes:
        label: name of the class.
        n: rows of the class, >= 1.
        roc_area: area under the ROC curve, in [0, 1]; 0.5 is chance.
        average_precision: area under the precision-recall curve; chance is the class's share.
        roc: (false positive rate, true positive rate), ascending.
        precision_recall: (recall, precision), ascending in recall.
    """

    label: str
    n: int
    roc_area: float
    average_precision: float
    roc: Points
    precision_recall: Points


def class_curves(
    classes: NDArray[np.int64], probabilities: NDArray[np.float64]
) -> tuple[ClassCurves, ...]:
    """Return the curves of each class that some rows have and some have not.

    Args:
        classes: true class indexes, shape (n,).
        probabilities: shape (n, 3).
    """
    found = []
    for index, label in enumerate(LABEL_NAMES):
        truth = classes == index
        if truth.all() or not truth.any():
            continue
        score = probabilities[:, index]
        false_rate, true_rate, _ = roc_curve(truth, score)
        precision, recall, _ = precision_recall_curve(truth, score)
        found.append(
            ClassCurves(
                label=label,
                n=int(truth.sum()),
                roc_area=float(roc_auc_score(truth, score)),
                average_precision=float(average_precision_score(truth, score)),
                roc=thinned(false_rate, true_rate),
                precision_recall=thinned(recall[::-1], precision[::-1]),
            )
        )
    return tuple(found)


def thinned(x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
    """Return at most 120 points of a curve, evenly over its points, both ends kept.

    Args:
        x: shape (n,), n >= 1.
        y: same shape.
    """
    chosen = np.unique(np.linspace(0, len(x) - 1, min(len(x), MAX_POINTS)).round().astype(int))
    return tuple((round(float(x[index]), 5), round(float(y[index]), 5)) for index in chosen)
