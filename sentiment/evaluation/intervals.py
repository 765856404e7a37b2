"""Scores as functions of confusion counts, and their bootstrap intervals.

Owns the percentile bootstrap (Efron & Tibshirani 1993, "An Introduction to the Bootstrap",
chapter 13). Every score here depends on the rows only through the 3x3 confusion counts, and the
counts of n rows drawn with replacement are multinomial with the observed cell shares. So drawing
the nine cells IS the row bootstrap, exactly, at a cost that does not grow with n. The paired form
draws the 27 cells of (truth, model a, model b).

Imports numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentiment.errors import DataError
from sentiment.labels import LABEL_NAMES, N_CLASSES

MIN_RESAMPLES = 200
DEFAULT_RESAMPLES = 5_000
CONFIDENCE = 0.95

HEADLINE_METRICS = ("accuracy", "macro_f1", "macro_recall")
PRIMARY_METRIC = "macro_f1"


@dataclass(frozen=True, slots=True)
class Interval:
    """Two ends of a confidence interval, `low <= high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """How much better one model is than another on the same rows.

    Attributes:
        difference: score of `candidate` minus score of `champion`, in [-1, 1].
        interval: its 95 % percentile interval.
        n: number of rows.
    """

    difference: float
    interval: Interval
    n: int


def confusion_counts(
    references: NDArray[np.int64], predictions: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Count the pairs of true and predicted class.

    Args:
        references: true class indexes, shape (n,), values 0..2.
        predictions: predicted class indexes, same shape and range.

    Returns:
        Shape (3, 3); rows are the true classes.

    Raises:
        DataError: the shapes differ or a value is no class index.
    """
    _check_classes(references, predictions)
    cells = references * N_CLASSES + predictions
    return np.bincount(cells, minlength=N_CLASSES**2).reshape(N_CLASSES, N_CLASSES)


def scores_of_confusion(
    confusion: NDArray[np.int64], *, averaged: NDArray[np.bool_] | None = None
) -> dict[str, NDArray[np.float64]]:
    """Compute every score from confusion counts, for many matrices at once.

    Follows scikit-learn's defaults: a macro average runs over the classes that occur among the
    references or the predictions, and a ratio without denominator is 0.

    Args:
        confusion: counts of shape (..., 3, 3); rows are the true classes.
        averaged: whether the macro averages run over each class, shape (3,); None takes those that
            occur in each matrix.

    Returns:
        Name of the score -> array of the leading shape: the headline metrics, and
        `<class>_precision`, `<class>_recall`, `<class>_f1` for each class.
    """
    counts = confusion.astype(np.float64)
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    support = counts.sum(axis=-1)
    predicted = counts.sum(axis=-2)
    recall = _ratio(hits, support)
    precision = _ratio(hits, predicted)
    f1 = _ratio(2.0 * hits, support + predicted)
    # A class that does not occur scores 0, so only the divisor tells whether it takes part.
    chosen = (support + predicted) > 0 if averaged is None else averaged
    n_averaged = chosen.sum(axis=-1).astype(np.float64)
    scores = {
        "accuracy": _ratio(hits.sum(axis=-1), counts.sum(axis=(-2, -1))),
        "macro_f1": _ratio(f1.sum(axis=-1), n_averaged),
        "macro_recall": _ratio(recall.sum(axis=-1), n_averaged),
    }
    for index, name in enumerate(LABEL_NAMES):
        scores[f"{name}_precision"] = precision[..., index]
        scores[f"{name}_recall"] = recall[..., index]
        scores[f"{name}_f1"] = f1[..., index]
    return scores


def bootstrap_intervals(
    confusion: NDArray[np.int64],
    *,
    rng: np.random.Generator,
    n_resamples: int = DEFAULT_RESAMPLES,
    confidence: float = CONFIDENCE,
) -> dict[str, Interval]:
    """Give each score of `scores_of_confusion` its percentile bootstrap interval.

    Args:
        confusion: counts of shape (3, 3).
        rng: source of randomness; the same state gives the same intervals.
        n_resamples: bootstrap samples, >= 200.
        confidence: coverage wanted, in (0, 1).

    Raises:
        DataError: there are no rows, or too few resamples are asked for.
    """
    samples = _resample(confusion, rng=rng, n_resamples=n_resamples)
    return {
        name: _percentile_interval(values, confidence=confidence)
        for name, values in scores_of_confusion(samples).items()
    }


def paired_difference(
    references: NDArray[np.int64],
    candidate: NDArray[np.int64],
    champion: NDArray[np.int64],
    *,
    rng: np.random.Generator,
    metric: str = PRIMARY_METRIC,
    n_resamples: int = DEFAULT_RESAMPLES,
    confidence: float = CONFIDENCE,
) -> PairedDifference:
    """Bootstrap the difference of two models' scores on the same rows.

    Macro averages of both models, and of all resamples, run over one set of classes: those that
    occur in the references or in what either model predicted. Over a set of its own each, a model
    that never names a class would be spared a zero that the other one gets for naming it once.
    So where one of them names a class that nobody else does, the difference is not that of the
    scores that each gets alone.

    Args:
        references: true class indexes, shape (n,).
        candidate: class indexes predicted by the new model, same shape.
        champion: class indexes predicted by the model in use, same shape.
        rng: source of randomness.
        metric: a name that `scores_of_confusion` knows.
        n_resamples: bootstrap samples, >= 200.
        confidence: coverage wanted, in (0, 1).

    Raises:
        DataError: no rows, unequal shapes, or a value that is no class index.
    """
    _check_classes(references, candidate)
    _check_classes(references, champion)
    cells = (references * N_CLASSES + candidate) * N_CLASSES + champion
    counts = np.bincount(cells, minlength=N_CLASSES**3).reshape((N_CLASSES,) * 3)
    averaged = np.isin(np.arange(N_CLASSES), np.stack([references, candidate, champion]))

    def difference(of: NDArray[np.int64]) -> NDArray[np.float64]:
        by_candidate, by_champion = (
            scores_of_confusion(of.sum(axis=axis), averaged=averaged)[metric] for axis in (-1, -2)
        )
        return np.asarray(by_candidate - by_champion)

    samples = _resample(counts, rng=rng, n_resamples=n_resamples)
    return PairedDifference(
        difference=float(difference(counts)),
        interval=_percentile_interval(difference(samples), confidence=confidence),
        n=len(references),
    )


def _resample(
    counts: NDArray[np.int64], *, rng: np.random.Generator, n_resamples: int
) -> NDArray[np.int64]:
    n = int(counts.sum())
    if n == 0:
        raise DataError(
            "An interval needs at least one labelled row, found none.",
            hint="Check the corpus, the split and the filters.",
        )
    if n_resamples < MIN_RESAMPLES:
        raise DataError(
            f"A 95 % interval needs at least {MIN_RESAMPLES:,} resamples, got {n_resamples:,}."
        )
    drawn = rng.multinomial(n, counts.ravel() / n, size=n_resamples)
    return drawn.reshape(n_resamples, *counts.shape)


def _percentile_interval(values: NDArray[np.float64], *, confidence: float) -> Interval:
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(values, [tail, 1.0 - tail])
    return Interval(low=float(low), high=float(high))


def _ratio(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio: NDArray[np.float64] = np.divide(
        numerator, denominator, out=np.zeros_like(numerator, dtype=float), where=denominator > 0
    )
    return ratio


def _check_classes(references: NDArray[np.int64], predictions: NDArray[np.int64]) -> None:
    if references.shape != predictions.shape or references.ndim != 1:
        raise DataError(
            "References and predictions must be flat and equally long, "
            f"found shapes {references.shape} and {predictions.shape}."
        )
    for name, values in (("references", references), ("predictions", predictions)):
        if values.size and (values.min() < 0 or values.max() >= N_CLASSES):
            raise DataError(
                f"The {name} must be class indexes 0..{N_CLASSES - 1}, "
                f"found values from {values.min()} to {values.max()}."
            )
