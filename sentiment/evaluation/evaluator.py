"""A predictor on a labelled set -> an `EvaluationResult`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sentiment.comments import Prediction
from sentiment.errors import InferenceError
from sentiment.evaluation.intervals import (
    DEFAULT_RESAMPLES,
    HEADLINE_METRICS,
    Interval,
    bootstrap_intervals,
    confusion_counts,
    scores_of_confusion,
)
from sentiment.evaluation.labelled_sets import LabelledSet
from sentiment.evaluation.lexicons import TEXTBLOB, textblob_labels
from sentiment.evaluation.metrics import Baseline, EvaluationResult, SliceScore, compute_scores
from sentiment.evaluation.slices import rows_by_slice
from sentiment.labels import N_CLASSES


class TextClassifier(Protocol):
    """What can be evaluated: `sentiment.inference.predictor.Predictor` or anything like it."""

    @property
    def name(self) -> str:
        """Name of the model."""

    @property
    def digest(self) -> str:
        """Hex sha256 of its bundle."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Return one prediction a text, same order and length."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a model said of a labelled set.

    Attributes:
        classes: predicted class indexes 0..2, one a row of the set.
        probabilities: shape (n, 3), calibrated as the bundle says.
        statuses: how many predictions had each status.
    """

    classes: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    statuses: Mapping[str, int]

    @property
    def confidence(self) -> NDArray[np.float64]:
        """The largest probability of each row, shape (n,)."""
        largest: NDArray[np.float64] = self.probabilities.max(axis=1)
        return largest


def run_model(model: TextClassifier, labelled: LabelledSet) -> Outcome:
    """Predict every row; a prediction counts with its label, whatever its status.

    Raises:
        InferenceError: the model returned another number of predictions than texts.
    """
    predictions = model.predict(labelled.texts)
    if len(predictions) != len(labelled.texts):
        raise InferenceError(
            f"Wanted {len(labelled.texts):,} predictions, found {len(predictions):,}."
        )
    return Outcome(
        classes=np.asarray(
            [prediction.label.class_index for prediction in predictions], dtype=np.int64
        ),
        probabilities=np.asarray(
            [prediction.probabilities for prediction in predictions], dtype=np.float64
        ).reshape(-1, N_CLASSES),
        statuses=dict(Counter(prediction.status.value for prediction in predictions)),
    )


def evaluate_set(
    model: TextClassifier,
    labelled: LabelledSet,
    *,
    seed: int,
    n_resamples: int = DEFAULT_RESAMPLES,
    with_baselines: bool = True,
) -> tuple[EvaluationResult, Outcome]:
    """Score a model on a labelled set, whole and by slice.

    Args:
        model: what to evaluate.
        labelled: at least one row.
        seed: of the bootstrap; the same seed gives the same intervals.
        n_resamples: bootstrap samples.
        with_baselines: also score TextBlob on the same rows.

    Returns:
        The result, and what the model said of each row.

    Raises:
        DataError: there is no row.
        InferenceError: the model broke its contract.
    """
    rng = np.random.default_rng(seed)
    outcome = run_model(model, labelled)
    result = EvaluationResult(
        corpus=labelled.name,
        split=labelled.split,
        labeller=labelled.labeller,
        human_labelled=labelled.human_labelled,
        model=model.name,
        digest=model.digest,
        scores=compute_scores(labelled.labels, outcome.classes, rng=rng, n_resamples=n_resamples),
        caution=caution_of(labelled),
        statuses=outcome.statuses,
        slices=_score_slices(labelled, outcome.classes, rng=rng, n_resamples=n_resamples),
        baselines=(_textblob(labelled),) if with_baselines else (),
    )
    return result, outcome


def caution_of(labelled: LabelledSet) -> str:
    """Return what must be said beside scores on this set.

    Empty for human-labelled sets whose corpus asks for nothing and of which no row is left out.
    """
    caution = labelled.caution
    if not caution and not labelled.human_labelled:
        caution = (
            "It is not established that people gave these labels: a score here is agreement with "
            f"their source ({labelled.labeller})."
        )
    if labelled.n_unlabelled:
        caution += f" Rows left out because they have no label: {labelled.n_unlabelled:,}."
    return caution.strip()


def _score_slices(
    labelled: LabelledSet,
    classes: NDArray[np.int64],
    *,
    rng: np.random.Generator,
    n_resamples: int,
) -> tuple[SliceScore, ...]:
    scored = []
    by_slice = rows_by_slice(labelled.texts, replies=labelled.replies)
    for name, rows in by_slice.items():
        if not rows:
            continue
        confusion = confusion_counts(labelled.labels[rows], classes[rows])
        intervals = bootstrap_intervals(confusion, rng=rng, n_resamples=n_resamples)
        scored.append(
            SliceScore(
                name=name,
                n=len(rows),
                metrics=_headline(confusion),
                intervals=_only_headline(intervals),
            )
        )
    return tuple(scored)


def _textblob(labelled: LabelledSet) -> Baseline:
    labels = textblob_labels(labelled.texts)
    classes = np.asarray([label.class_index for label in labels], dtype=np.int64)
    return Baseline(name=TEXTBLOB, metrics=_headline(confusion_counts(labelled.labels, classes)))


def _headline(confusion: NDArray[np.int64]) -> dict[str, float]:
    scores = scores_of_confusion(confusion)
    return {name: float(scores[name]) for name in HEADLINE_METRICS}


def _only_headline(intervals: Mapping[str, Interval]) -> dict[str, Interval]:
    return {name: intervals[name] for name in HEADLINE_METRICS}
