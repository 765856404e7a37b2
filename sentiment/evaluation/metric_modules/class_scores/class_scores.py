"""Scores of each class and the confusion matrix, as a local module for `evaluate.load`.

`evaluate` copies this file into its cache and imports it from there: it may import installed
packages, never a neighbouring file.
"""

from __future__ import annotations

from collections.abc import Sequence

import datasets
import evaluate
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

_CLASSES = [0, 1, 2]


class ClassScores(evaluate.Metric):  # type: ignore[misc]  # evaluate ships no types
    """Precision, recall, F1 and support a class; rows of the matrix are the true classes."""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description="Precision, recall, F1, support and confusion of three classes.",
            citation="",
            inputs_description="predictions, references: class indexes 0, 1 or 2.",
            features=datasets.Features(
                {"predictions": datasets.Value("int32"), "references": datasets.Value("int32")}
            ),
        )

    def _compute(
        self, predictions: Sequence[int], references: Sequence[int]
    ) -> dict[str, list[float] | list[int] | list[list[int]]]:
        precision, recall, f1, support = precision_recall_fscore_support(
            references, predictions, labels=_CLASSES, zero_division=0.0
        )
        return {
            "precision": [float(value) for value in precision],
            "recall": [float(value) for value in recall],
            "f1": [float(value) for value in f1],
            "support": [int(value) for value in support],
            "confusion": confusion_matrix(references, predictions, labels=_CLASSES).tolist(),
        }
