"""What a behaviour test is, and what it came to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sentiment.comments import Prediction
from sentiment.evaluation.proportions import Share
from sentiment.labels import Label

TOLERANCE = 0.1
"""Shifts of the score up to this are no change, as in CheckList."""


class Kind(StrEnum):
    """The three kinds of CheckList."""

    MINIMUM = "minimum functionality"
    INVARIANCE = "invariance"
    DIRECTION = "direction"


Expectation = Callable[[Sequence[Prediction]], bool]


@dataclass(frozen=True, slots=True)
class BehaviourTest:
    """One property of a model, with the sentences that show it.

    Attributes:
        name: short, lower case, unique.
        kind: which of the three.
        expected: what passes, in words.
        cases: each one sentence (minimum functionality), or a sentence and what became of it.
        passes: tells from the predictions of one case, in order, whether it passed.
    """

    name: str
    kind: Kind
    expected: str
    cases: tuple[tuple[str, ...], ...]
    passes: Expectation


@dataclass(frozen=True, slots=True)
class BehaviourResult:
    """What a model did in one test.

    Attributes:
        name: of the test.
        kind: of the test.
        expected: what passes, in words.
        share: how many cases passed.
        failures: a few cases that did not, as `sentence -> label (score)`; our own sentences.
    """

    name: str
    kind: Kind
    expected: str
    share: Share
    failures: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "expected": self.expected,
            "pass_rate": self.share.to_json(),
            "failures": list(self.failures),
        }


def has_label(*labels: Label) -> Expectation:
    """Pass where the one sentence has one of the labels."""

    def passes(predictions: Sequence[Prediction]) -> bool:
        return predictions[0].label in labels

    return passes


def stays(predictions: Sequence[Prediction]) -> bool:
    """Pass where the label stays, or the score moves by no more than the tolerance."""
    before, after = predictions
    return before.label == after.label or abs(after.score - before.score) <= TOLERANCE


def does_not_fall(predictions: Sequence[Prediction]) -> bool:
    """Pass where the score falls by no more than the tolerance."""
    before, after = predictions
    return after.score >= before.score - TOLERANCE


def does_not_rise(predictions: Sequence[Prediction]) -> bool:
    """Pass where the score rises by no more than the tolerance."""
    before, after = predictions
    return after.score <= before.score + TOLERANCE
