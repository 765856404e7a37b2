"""From predictions to what is said of a video: shares and a mean score, with intervals.

Pure functions of numbers; no framework, no model. The intervals are of sampling only: they say
how far these comments may stray from all comments of the same audience, not how often the model
errs, and they take the comments for independent of each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from sentiment.comments import Prediction, Status
from sentiment.labels import LABELS, Label

Z_95 = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the bounds of its 95 % confidence interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What the readable comments of a video say together.

    Attributes:
        analysed: readable comments, those with the status `ok` or `unsure`.
        unsure: how many of them are `unsure`.
        empty: comments left out because nothing readable is in them.
        not_english: comments left out because the model does not read their language.
        shares: share of each label among the analysed; None when there are none.
        score: mean of P(positive) - P(negative) over the analysed; None when there are none.
    """

    analysed: int
    unsure: int
    empty: int
    not_english: int
    shares: Mapping[Label, Interval | None]
    score: Interval | None


def summarise(predictions: Sequence[Prediction]) -> Summary:
    """Return shares and mean score over the readable ones among `predictions`."""
    statuses = [prediction.status for prediction in predictions]
    readable = [
        prediction for prediction in predictions if prediction.status in {Status.OK, Status.UNSURE}
    ]
    labels = [prediction.label for prediction in readable]
    n = len(readable)
    return Summary(
        analysed=n,
        unsure=statuses.count(Status.UNSURE),
        empty=statuses.count(Status.EMPTY),
        not_english=statuses.count(Status.NOT_ENGLISH),
        shares={label: wilson(labels.count(label), n) if n else None for label in LABELS},
        score=mean_score([prediction.score for prediction in readable]) if n else None,
    )


def wilson(successes: int, trials: int) -> Interval:
    """Return a proportion with Wilson's score interval (Wilson 1927, JASA 22:209-212).

    It stays within [0, 1] and is honest at 0, at 1 and for few trials, where the plain normal
    interval has no width.

    Args:
        successes: in [0, trials].
        trials: > 0.

    Raises:
        ValueError: no trials, or more successes than trials.
    """
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError(f"wanted 0 <= successes <= trials, trials > 0; got {successes}, {trials}")
    share = successes / trials
    spread = Z_95**2 / trials
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(spread * share * (1 - share) + spread**2 / 4) / (1 + spread)
    # The bounds meet the estimate exactly at 0 and 1; rounding must not push them past it.
    return Interval(share, min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half)))


def mean_score(scores: Sequence[float]) -> Interval:
    """Return the mean of scores with a 95 % interval that holds it.

    Student's t interval (Student 1908, Biometrika 6:1-25) of the scores `with_both_ends`, cut to
    [-1, 1]. Without these two it holds the true mean of ten comments, of which one in twenty is
    negative, 40 times in 100, and has no width where all score alike.

    Args:
        scores: each in [-1, 1], at least one.

    Raises:
        ValueError: there are no scores.
    """
    if not scores:
        raise ValueError("wanted at least one score")
    mean = fmean(scores)
    spread = with_both_ends(scores)
    half = student_t_975(len(spread) - 1) * stdev(spread) / math.sqrt(len(spread))
    centre = fmean(spread)
    return Interval(mean, max(-1.0, min(mean, centre - half)), min(1.0, max(mean, centre + half)))


def with_both_ends(scores: Sequence[float]) -> list[float]:
    """Return the scores to take a spread from: with one -1 and one +1 added.

    Scores lie near -1, 0 and 1, and a few of them may hold none of a rare label yet: their own
    spread says nothing of it. The idea is that of the two successes and two failures which Agresti
    and Coull (1998, The American Statistician 52:119-126) add to a proportion.
    """
    return [*scores, -1.0, 1.0]


def student_t_975(degrees: int) -> float:
    """Return the 97.5th percentile of Student's t distribution.

    Exact for 1 and 2 degrees of freedom, else the series of Abramowitz and Stegun 26.7.5, which
    is within 0.2 % from 3 degrees on.

    Args:
        degrees: of freedom, > 0.

    Raises:
        ValueError: fewer than one degree of freedom.
    """
    if degrees < 1:
        raise ValueError(f"wanted at least one degree of freedom; got {degrees}")
    if degrees == 1:
        return math.tan(math.pi * 0.475)
    if degrees == 2:
        return 0.95 * math.sqrt(2 / (4 * 0.975 * 0.025))
    return student_t(Z_95, degrees)


def student_t(z: float, degrees: float) -> float:
    """Return the percentile of Student's t that belongs to one of the normal distribution.

    The series of Abramowitz and Stegun 26.7.5: within 0.2 % at the 97.5th percentile from 3
    degrees of freedom on, and for a `z` of 4.4 from 12 on.

    Args:
        z: percentile of the standard normal distribution.
        degrees: of freedom, > 0, need not be whole.
    """
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / degrees**power for power, term in enumerate(terms, start=1))
