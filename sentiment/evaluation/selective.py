"""How good a model is where it is sure, and from which confidence on it is sure enough.

Selective classification: answer only the rows of highest confidence. Coverage is the share
answered, risk the share of these that is wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentiment.errors import DataError
from sentiment.evaluation.proportions import Share, upper_bound


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """Risk at every coverage, surest rows first.

    Attributes:
        coverage: share of the rows answered, ascending, shape (n,).
        risk: share of them that is wrong, same shape.
    """

    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]

    @property
    def area(self) -> float:
        """AURC: the mean risk over all coverages (Geifman et al. 2019); lower is better."""
        return float(self.risk.mean())


@dataclass(frozen=True, slots=True)
class RiskThreshold:
    """From which confidence on a model's label is sure enough.

    Attributes:
        threshold: a smaller confidence is "unsure".
        coverage: share of the rows at or above it.
        risk: share of these that is wrong.
        risk_bound: what the risk lies below, with the probability that was asked for.
    """

    threshold: float
    coverage: float
    risk: float
    risk_bound: float


def risk_coverage(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> RiskCoverage:
    """Return the risk-coverage curve.

    Args:
        confidence: largest probability of each row, shape (n,); ties keep their order.
        correct: whether its label is right, same shape.

    Raises:
        DataError: the shapes differ, or there is no row.
    """
    order = _surest_first(confidence, correct)
    answered = np.arange(1, len(order) + 1)
    return RiskCoverage(coverage=answered / len(order), risk=np.cumsum(~correct[order]) / answered)


def accuracy_at_coverage(
    confidence: NDArray[np.float64], correct: NDArray[np.bool_], *, coverage: float
) -> Share:
    """Return how many of the surest rows are right.

    Args:
        confidence: largest probability of each row, shape (n,).
        correct: whether its label is right, same shape.
        coverage: which share of the rows, in (0, 1]; at least one row is taken.

    Raises:
        DataError: the shapes differ, there is no row, or the coverage is none.
    """
    if not 0 < coverage <= 1:
        raise DataError(f"A coverage is a share in (0, 1], got {coverage}.")
    order = _surest_first(confidence, correct)
    n = max(1, round(coverage * len(order)))
    return Share(n=n, held=int(correct[order[:n]].sum()))


def threshold_for_risk(
    confidence: NDArray[np.float64],
    correct: NDArray[np.bool_],
    *,
    max_risk: float,
    failure_probability: float = 0.05,
) -> RiskThreshold | None:
    """Choose the smallest confidence at which the risk is guaranteed, on validation rows.

    "Selection with guaranteed risk" (Geifman and El-Yaniv 2017, algorithm 1): a bisection over the
    sorted confidences, each look with an exact binomial bound at an equal part of the failure
    probability. The promise holds for rows of the same kind as these; elsewhere measure again.

    Args:
        confidence: largest calibrated probability of each row, shape (n,); rows that were neither
            trained on nor reported on.
        correct: whether its label is right, same shape.
        max_risk: share of the answered rows that may be wrong, in (0, 1).
        failure_probability: that the true risk is above `max_risk` nevertheless, in (0, 1).

    Returns:
        The threshold with what it does to these rows; None where no threshold keeps the promise.

    Raises:
        DataError: the shapes differ, there is no row, or a share is none.
    """
    for name, share in (("max_risk", max_risk), ("failure_probability", failure_probability)):
        if not 0 < share < 1:
            raise DataError(f"{name} is a share in (0, 1), got {share}.")
    order = _surest_first(confidence, correct)
    wrong = np.cumsum(~correct[order])
    n = len(order)
    n_looks = max(1, math.ceil(math.log2(n)))
    found: RiskThreshold | None = None
    fewest, most = 1, n
    for _ in range(n_looks):
        middle = (fewest + most + 1) // 2
        lowest = float(confidence[order[middle - 1]])
        # Rows that tie with the last one are answered too.
        answered = int((confidence >= lowest).sum())
        missed = int(wrong[answered - 1])
        bound = upper_bound(missed, answered, failure_probability=failure_probability / n_looks)
        if bound <= max_risk:
            if found is None or lowest < found.threshold:
                found = RiskThreshold(lowest, answered / n, missed / answered, bound)
            fewest = middle
        else:
            most = max(fewest, middle - 1)
    return found


def _surest_first(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> NDArray[np.int64]:
    if confidence.shape != correct.shape or confidence.ndim != 1 or not confidence.size:
        raise DataError(
            "Confidence and correctness must be flat, equally long and not empty, "
            f"found shapes {confidence.shape} and {correct.shape}."
        )
    return np.argsort(-confidence, kind="stable").astype(np.int64)
