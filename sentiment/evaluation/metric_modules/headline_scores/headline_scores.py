"""The headline numbers of three-way sentiment, as a local module for `evaluate.load`.

`evaluate` copies this file into its cache and imports it from there: it may import installed
packages, never a neighbouring file.
"""

from __future__ import annotations

from collections.abc import Sequence

import datasets
import evaluate
from sklearn.metrics import accuracy_score, f1_score, recall_score


class HeadlineScores(evaluate.Metric):  # type: ignore[misc]  # evaluate ships no types
    """Accuracy, macro-F1 and macro recall over the classes that occur."""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description="Accuracy, macro-F1 and macro recall of three-way sentiment.",
            citation="",
            inputs_description="predictions, references: class indexes 0, 1 or 2.",
            features=datasets.Features(
                {"predictions": datasets.Value("int32"), "references": datasets.Value("int32")}
            ),
        )

    def _compute(self, predictions: Sequence[int], references: Sequence[int]) -> dict[str, float]:
        return {
            "accuracy": float(accuracy_score(references, predictions)),
            "macro_f1": float(
                f1_score(references, predictions, average="macro", zero_division=0.0)
            ),
            "macro_recall": float(
                recall_score(references, predictions, average="macro", zero_division=0.0)
            ),
        }
