"""The mistakes that a model is surest of: where to look first."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sentiment.evaluation.evaluator import Outcome
from sentiment.evaluation.labelled_sets import LabelledSet
from sentiment.labels import LABEL_NAMES

N_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Mistake:
    """One row that a model has wrong.

    Attributes:
        row: its number in the set as it was read, from 0.
        truth: the label it has.
        said: the label it got.
        confidence: how sure the model was, in [1/3, 1].
        text: what was labelled; not shown in a repr, and only printed when asked for.
    """

    row: int
    truth: str
    said: str
    confidence: float
    text: str = field(repr=False)

    def to_json(self) -> dict[str, str | int | float]:
        """Return the mistake as plain JSON values, without its text."""
        return {
            "row": self.row,
            "truth": self.truth,
            "said": self.said,
            "confidence": self.confidence,
        }


def surest_mistakes(
    labelled: LabelledSet, outcome: Outcome, *, n: int = N_SHOWN
) -> tuple[Mistake, ...]:
    """Return the wrong rows of highest confidence, surest first.

    Args:
        labelled: the set.
        outcome: what the model said of it.
        n: how many, at most.
    """
    wrong = np.flatnonzero(outcome.classes != labelled.labels)
    order = wrong[np.argsort(-outcome.confidence[wrong], kind="stable")][:n]
    return tuple(
        Mistake(
            row=int(row),
            truth=LABEL_NAMES[labelled.labels[row]],
            said=LABEL_NAMES[outcome.classes[row]],
            confidence=float(outcome.confidence[row]),
            text=labelled.texts[row],
        )
        for row in order
    )
