"""The result of an evaluation and the scores in it.

Point scores go through Hugging Face `evaluate` with the local modules in `metric_modules`, so
that nothing is fetched from a hub; intervals come from `sentiment.evaluation.intervals`.
`evaluate` takes seconds to import, therefore only when scores are computed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.errors import DataError
from sentiment.evaluation.intervals import (
    DEFAULT_RESAMPLES,
    HEADLINE_METRICS,
    PRIMARY_METRIC,
    Interval,
    bootstrap_intervals,
    confusion_counts,
)
from sentiment.labels import LABEL_NAMES

_MODULES_DIR = Path(__file__).parent / "metric_modules"

Confusion = tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one model on one set of rows.

    Attributes:
        n: number of rows.
        metrics: headline metrics and `<class>_{precision,recall,f1}`, each in [0, 1].
        intervals: 95 % bootstrap interval of each of them.
        support: rows of each true class, in label order.
        confusion: counts; rows are the true classes, columns the predicted ones.
    """

    n: int
    metrics: Mapping[str, float]
    intervals: Mapping[str, Interval]
    support: tuple[int, int, int]
    confusion: Confusion


@dataclass(frozen=True, slots=True)
class SliceScore:
    """Scores on the rows that share a property of the text; headline metrics only."""

    name: str
    n: int
    metrics: Mapping[str, float]
    intervals: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What another way of labelling scores on the same rows; headline metrics only."""

    name: str
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """One model on one labelled set.

    Attributes:
        corpus: name of the labelled set.
        split: which part of it.
        labeller: who gave the labels.
        human_labelled: whether people did; only then the scores say something about people.
        model: name of the model.
        digest: hex sha256 of its bundle.
        scores: all scores with their intervals.
        caution: what must be said wherever these scores stand; may be empty.
        statuses: how many predictions had each status; all of them count with their label.
        slices: scores by property of the text.
        baselines: other ways of labelling, on the same rows.
    """

    corpus: str
    split: str
    labeller: str
    human_labelled: bool
    model: str
    digest: str
    scores: Scores
    caution: str = ""
    statuses: Mapping[str, int] = field(default_factory=dict)
    slices: tuple[SliceScore, ...] = ()
    baselines: tuple[Baseline, ...] = ()

    @property
    def primary(self) -> float:
        """The primary metric, macro-F1."""
        return self.scores.metrics[PRIMARY_METRIC]

    def flat(self) -> dict[str, float]:
        """Return `<corpus>_<metric>` -> value for every score, as trackers want it."""
        return {f"{self.corpus}_{name}": value for name, value in self.scores.metrics.items()}

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain JSON values; holds no text of any comment."""
        return {
            "corpus": self.corpus,
            "split": self.split,
            "labeller": self.labeller,
            "human_labelled": self.human_labelled,
            "caution": self.caution,
            "model": {"name": self.model, "digest": self.digest},
            "n": self.scores.n,
            "primary_metric": PRIMARY_METRIC,
            "metrics": _with_intervals(self.scores.metrics, self.scores.intervals),
            "support": dict(zip(LABEL_NAMES, self.scores.support, strict=True)),
            "confusion": {
                "labels": list(LABEL_NAMES),
                "counts": [list(row) for row in self.scores.confusion],
            },
            "statuses": dict(self.statuses),
            "slices": [
                {
                    "name": part.name,
                    "n": part.n,
                    "metrics": _with_intervals(part.metrics, part.intervals),
                }
                for part in self.slices
            ],
            "baselines": [
                {"name": baseline.name, "metrics": dict(baseline.metrics)}
                for baseline in self.baselines
            ],
        }


def compute_scores(
    references: NDArray[np.int64],
    predictions: NDArray[np.int64],
    *,
    rng: np.random.Generator,
    n_resamples: int = DEFAULT_RESAMPLES,
) -> Scores:
    """Score predictions against references.

    Args:
        references: true class indexes, shape (n,), values 0..2, n >= 1.
        predictions: predicted class indexes, same shape and range.
        rng: source of randomness of the bootstrap.
        n_resamples: bootstrap samples, >= 200.

    Raises:
        DataError: no rows, unequal shapes, or a value that is no class index.
    """
    confusion = confusion_counts(references, predictions)
    if not references.size:
        raise DataError("Scores need at least one labelled row, found none.")
    headline = _run_module("headline_scores", references, predictions)
    by_class = _run_module("class_scores", references, predictions)
    metrics = {name: float(headline[name]) for name in HEADLINE_METRICS}
    for index, label in enumerate(LABEL_NAMES):
        for score in ("precision", "recall", "f1"):
            metrics[f"{label}_{score}"] = float(by_class[score][index])
    negative, neutral, positive = by_class["confusion"]
    return Scores(
        n=len(references),
        metrics=metrics,
        intervals=bootstrap_intervals(confusion, rng=rng, n_resamples=n_resamples),
        support=(sum(negative), sum(neutral), sum(positive)),
        confusion=(tuple(negative), tuple(neutral), tuple(positive)),
    )


def _run_module(
    name: str, references: NDArray[np.int64], predictions: NDArray[np.int64]
) -> dict[str, Any]:
    os.environ.setdefault("HF_EVALUATE_OFFLINE", "1")
    os.environ.setdefault("HF_UPDATE_DOWNLOAD_COUNTS", "0")
    import evaluate  # noqa: PLC0415 - takes seconds and loads torch where it is installed

    module = evaluate.load(str(_MODULES_DIR / name), keep_in_memory=True)
    computed: dict[str, Any] = module.compute(references=references, predictions=predictions)
    return computed


def _with_intervals(
    metrics: Mapping[str, float], intervals: Mapping[str, Interval]
) -> dict[str, dict[str, float]]:
    return {
        name: {"value": value, "low": intervals[name].low, "high": intervals[name].high}
        for name, value in metrics.items()
    }
