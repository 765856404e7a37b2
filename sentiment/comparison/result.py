"""What a comparison found, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.evaluation.intervals import HEADLINE_METRICS, PRIMARY_METRIC, Interval


@dataclass(frozen=True, slots=True)
class ModelResult:
    """One model over all folds.

    Attributes:
        name: of the model.
        kind: of the model.
        metrics: headline scores over the pooled held-out predictions.
        intervals: their 95 % bootstrap intervals.
        fold_macro_f1: macro-F1 of each fold.
        size_bytes: mean over the folds.
        comments_per_s: held-out rows by seconds of predicting.
        fit_s: mean seconds of learning one fold.
        n_kept: folds that an earlier run had measured.
        guesses: class indexes of all rows, shape (n,).
    """

    name: str
    kind: str
    metrics: Mapping[str, float]
    intervals: Mapping[str, Interval]
    fold_macro_f1: tuple[float, ...]
    size_bytes: int
    comments_per_s: float
    fit_s: float
    n_kept: int
    guesses: NDArray[np.int64]

    @property
    def primary(self) -> float:
        """Macro-F1, by which models are ranked."""
        return self.metrics[PRIMARY_METRIC]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; holds nothing of any row."""
        return {
            "name": self.name,
            "kind": self.kind,
            "metrics": {
                name: {"value": self.metrics[name], **asdict(self.intervals[name])}
                for name in HEADLINE_METRICS
            },
            "fold_macro_f1": list(self.fold_macro_f1),
            "size_bytes": self.size_bytes,
            "comments_per_s": self.comments_per_s,
            "fit_s": self.fit_s,
            "folds_kept": self.n_kept,
        }


@dataclass(frozen=True, slots=True)
class NeighbourTest:
    """Two neighbours of the ranking on the same rows.

    Attributes:
        better: name of the higher one.
        worse: name of the lower one.
        macro_f1_difference: of the two, >= 0.
        interval: its paired 95 % bootstrap interval.
        mcnemar_p: exact two-sided p-value that both are right equally often.
        holm_p: the same, adjusted by Holm for all neighbours.
    """

    better: str
    worse: str
    macro_f1_difference: float
    interval: Interval
    mcnemar_p: float
    holm_p: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The model to take.

    Attributes:
        name: of the model.
        reason: why, in a sentence with figures.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it.

    Attributes:
        name: of the configuration.
        corpora: whose training and validation rows were used.
        n_rows: of all folds together.
        n_folds: how many.
        rows_digest: hexadecimal sha256 of texts, labels and folds.
        results: the models, best macro-F1 first.
        neighbours: one test a pair of neighbours, in the order of the ranking.
        choice: the model to take.
        rule: how it was chosen.
    """

    name: str
    corpora: tuple[str, ...]
    n_rows: int
    n_folds: int
    rows_digest: str
    results: tuple[ModelResult, ...]
    neighbours: tuple[NeighbourTest, ...]
    choice: Choice
    rule: str

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; holds no text of any comment."""
        return {
            "name": self.name,
            "corpora": list(self.corpora),
            "n_rows": self.n_rows,
            "n_folds": self.n_folds,
            "rows_digest": self.rows_digest,
            "models": [result.to_json() for result in self.results],
            "neighbours": [asdict(test) for test in self.neighbours],
            "choice": asdict(self.choice),
            "rule": self.rule,
        }
