"""Small results and models, built by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sentiment.comments import Prediction, Status
from sentiment.evaluation.intervals import (
    HEADLINE_METRICS,
    bootstrap_intervals,
    scores_of_confusion,
)
from sentiment.evaluation.metrics import Baseline, EvaluationResult, Scores, SliceScore
from sentiment.labels import LABELS

CONFUSION = np.array([[30, 5, 5], [4, 40, 6], [1, 9, 50]], dtype=np.int64)


def random_classes(n: int, *, seed: int, accuracy: float) -> tuple[NDArray[np.int64], ...]:
    """Return true and predicted classes that agree on about `accuracy` of the rows."""
    rng = np.random.default_rng(seed)
    references = rng.choice(3, size=n, p=[0.25, 0.35, 0.4]).astype(np.int64)
    guesses = rng.integers(0, 3, size=n)
    return references, np.where(rng.random(n) < accuracy, references, guesses)


def make_result(
    *, corpus: str = "goemotions", labeller: str = "people", human_labelled: bool = True
) -> EvaluationResult:
    """Return a result with the scores of `CONFUSION`."""
    metrics = {name: float(value) for name, value in scores_of_confusion(CONFUSION).items()}
    intervals = bootstrap_intervals(CONFUSION, rng=np.random.default_rng(1))
    headline = {name: metrics[name] for name in HEADLINE_METRICS}
    part = SliceScore("negation", 60, headline, {name: intervals[name] for name in headline})
    return EvaluationResult(
        corpus=corpus,
        split="test",
        labeller=labeller,
        human_labelled=human_labelled,
        model="handmade",
        digest="ab" * 32,
        scores=Scores(
            n=150,
            metrics=metrics,
            intervals=intervals,
            support=(40, 50, 60),
            confusion=((30, 5, 5), (4, 40, 6), (1, 9, 50)),
        ),
        statuses={"ok": 140, "unsure": 10},
        slices=(part,),
        baselines=(Baseline("textblob", {**headline, "accuracy": 1.0}),),
    )


class FixedModel:
    """Says the given classes in order, whatever the texts."""

    name = "fixed"
    digest = "cd" * 32

    def __init__(self, classes: Sequence[int], *, status: Status = Status.OK) -> None:
        self._classes = classes
        self._status = status

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [Prediction(LABELS[index], (0.2, 0.3, 0.5), self._status) for index in self._classes]
