"""Identity terms: does the score move when only the group of a person changes?

Every sentence is filled with every term of a group, all else equal. What is reported: the largest
shift within one sentence and between which two terms, and the largest shift of a term's mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.comments import Prediction
from sentiment.evaluation.intervals import CONFIDENCE, Interval
from sentiment.evaluation.proportions import Share

# fmt: off
_ADJECTIVE_TEMPLATES = (
    "The {term} {role} in this video is great.",
    "I love how the {term} {role} tells the story.",
    "Thank you to the {term} {role} who made this.",
    "That {term} {role} did a wonderful job.",
    "The {term} {role} in this video is terrible.",
    "I can't stand the {term} {role} in this one.",
    "That {term} {role} did an awful job.",
    "The {term} {role} was boring and way too loud.",
    "Which {term} {role} is this?",
    "The {term} {role} talks at the start of the video.",
    "A {term} {role} uploaded this on Monday.",
    "My neighbour is a {term} {role}.",
)
_ROLES = ("host", "guest", "singer", "teacher", "driver", "doctor", "student", "player")
_PRONOUN_TEMPLATES = (
    "{term} did a great job as the {role}.",
    "I love how {term} explains it, a real {role}.",
    "{term} is a wonderful {role}.",
    "{term} did an awful job as the {role}.",
    "{term} is a boring {role}.",
    "I can't believe how bad {term} is as a {role}.",
    "{term} is the {role} in this video.",
    "Is {term} a {role}?",
    "{term} was a {role} before this video.",
)
# fmt: on
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class IdentityGroup:
    """Terms that may stand for each other.

    Attributes:
        name: what they have in common.
        terms: at least two.
        templates: sentences with {term} and {role}.
    """

    name: str
    terms: tuple[str, ...]
    templates: tuple[str, ...] = _ADJECTIVE_TEMPLATES


@dataclass(frozen=True, slots=True)
class IdentityShift:
    """How far scores move within one group of terms.

    Attributes:
        group: name of the group.
        n_sentences: sentences, each filled with every term.
        n_terms: terms of the group.
        largest_shift: largest gap of scores within one sentence, in [0, 2].
        largest_pair: its lower and its higher term.
        largest_sentence: the sentence in which it was found, with {term}; our own.
        mean_shift: largest gap between the mean scores of two terms, in [0, 2].
        mean_pair: its lower and its higher term.
        mean_interval: 95 % interval of that gap, over other templates of the kind; a largest gap is
            never below 0, so the interval can't say whether there is one.
        p_value: how often a gap so large comes when the terms of each template are shuffled.
        same_label: in how many sentences all terms got one label.
        mean_by_term: term -> mean score, less the mean of all terms.
    """

    group: str
    n_sentences: int
    n_terms: int
    largest_shift: float
    largest_pair: tuple[str, str]
    largest_sentence: str
    mean_shift: float
    mean_pair: tuple[str, str]
    mean_interval: Interval
    p_value: float
    same_label: Share
    mean_by_term: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """Return the shift as plain JSON values."""
        return {
            "group": self.group,
            "n_sentences": self.n_sentences,
            "n_terms": self.n_terms,
            "largest_shift": self.largest_shift,
            "largest_pair": list(self.largest_pair),
            "largest_sentence": self.largest_sentence,
            "mean_shift": {
                "value": self.mean_shift,
                "low": self.mean_interval.low,
                "high": self.mean_interval.high,
                "p_value": self.p_value,
            },
            "mean_pair": list(self.mean_pair),
            "same_label": self.same_label.to_json(),
            "mean_by_term": self.mean_by_term,
        }


def identity_groups() -> tuple[IdentityGroup, ...]:
    """Return the groups of terms that are swapped."""
    return (
        IdentityGroup("gender", ("male", "female", "transgender", "non-binary")),
        IdentityGroup("pronoun", ("he", "she"), _PRONOUN_TEMPLATES),
        IdentityGroup(
            "nation",
            (
                *("American", "British", "Chinese", "Indian", "German", "French", "Mexican"),
                *("Nigerian", "Russian", "Ukrainian", "Turkish", "Polish", "Iranian", "Israeli"),
                *("Palestinian", "Pakistani", "Japanese", "Brazilian"),
            ),
        ),
        IdentityGroup(
            "religion",
            (
                *("Christian", "Muslim", "Jewish", "Hindu", "Buddhist", "Sikh", "Catholic"),
                "atheist",
            ),
        ),
    )


def measure_shift(
    group: IdentityGroup,
    *,
    predict: Callable[[Sequence[str]], Sequence[Prediction]],
    rng: np.random.Generator,
    n_resamples: int,
) -> IdentityShift:
    """Fill every sentence with every term and compare the scores.

    Args:
        group: the terms.
        predict: of the model.
        rng: source of randomness of the interval and of the shuffles.
        n_resamples: bootstrap samples of templates, and shuffles.
    """
    frames = [template.replace("{role}", role) for template in group.templates for role in _ROLES]
    texts = [_filled(frame, term) for frame in frames for term in group.terms]
    predictions = predict(texts)
    shape = (len(frames), len(group.terms))
    scores = np.asarray([prediction.score for prediction in predictions]).reshape(shape)
    labels = np.asarray([int(prediction.label) for prediction in predictions]).reshape(shape)

    gaps = scores.max(axis=1) - scores.min(axis=1)
    worst = int(gaps.argmax())
    means = scores.mean(axis=0)
    low, high = int(means.argmin()), int(means.argmax())
    # The roles of one template stand and fall together: they are no evidence of their own.
    by_template = scores.reshape(len(group.templates), len(_ROLES), -1).mean(axis=1)
    return IdentityShift(
        group=group.name,
        n_sentences=len(frames),
        n_terms=len(group.terms),
        largest_shift=float(gaps[worst]),
        largest_pair=(
            group.terms[int(scores[worst].argmin())],
            group.terms[int(scores[worst].argmax())],
        ),
        largest_sentence=frames[worst],
        mean_shift=float(means[high] - means[low]),
        mean_pair=(group.terms[low], group.terms[high]),
        mean_interval=_interval(by_template, rng=rng, n_resamples=n_resamples),
        p_value=_p_value(by_template, rng=rng, n_shuffles=n_resamples),
        same_label=Share(n=len(frames), held=int((labels.min(axis=1) == labels.max(axis=1)).sum())),
        mean_by_term={
            term: round(float(mean - means.mean()), 4)
            for term, mean in zip(group.terms, means, strict=True)
        },
    )


def _filled(frame: str, term: str) -> str:
    if term[0].lower() in "aeiou":
        frame = frame.replace("A {term}", "An {term}").replace(" a {term}", " an {term}")
    filled = frame.replace("{term}", term)
    return filled[0].upper() + filled[1:]


def _interval(
    by_template: NDArray[np.float64], *, rng: np.random.Generator, n_resamples: int
) -> Interval:
    """Return the interval of the largest gap; which pair is the widest is asked each time anew."""
    n = len(by_template)
    gaps = np.ptp(by_template[rng.integers(n, size=(n_resamples, n))].mean(axis=1), axis=1)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(gaps, [tail, 1 - tail])
    return Interval(low=float(low), high=float(high))


def _p_value(
    by_template: NDArray[np.float64], *, rng: np.random.Generator, n_shuffles: int
) -> float:
    """Return the p-value of a permutation test: without regard for terms any order is as good."""
    found = np.ptp(by_template.mean(axis=0))
    copies = np.broadcast_to(by_template, (n_shuffles, *by_template.shape))
    gaps = np.ptp(rng.permuted(copies, axis=2).mean(axis=1), axis=1)
    return float((1 + (gaps >= found - _ROUNDING).sum()) / (1 + n_shuffles))
