"""Who is better than whom, and which model to take.

Neighbours of the ranking are tested on the same held-out rows: macro-F1 by the paired bootstrap,
accuracy by McNemar's exact test with Holm's adjustment (Holm 1979) over all neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sentiment.comparison.config import ChoiceConfig
from sentiment.comparison.result import Choice, ModelResult, NeighbourTest
from sentiment.evaluation.intervals import paired_difference
from sentiment.evaluation.many_tests import holm
from sentiment.evaluation.proportions import mcnemar_p_value


def ranked(results: Sequence[ModelResult]) -> list[ModelResult]:
    """Return models by macro-F1, best first; a tie goes to the smaller one."""
    return sorted(results, key=lambda result: (-result.primary, result.size_bytes))


def neighbour_tests(
    ranking: Sequence[ModelResult],
    labels: NDArray[np.int64],
    *,
    rng: np.random.Generator,
    n_resamples: int,
) -> list[NeighbourTest]:
    """Test each model against the next one of the ranking.

    Args:
        ranking: best first.
        labels: class indexes of all rows, shape (n,).
        rng: source of randomness.
        n_resamples: bootstrap samples, >= 200.
    """
    pairs = list(pairwise(ranking))
    p_values = []
    for better, worse in pairs:
        first_right, second_right = better.guesses == labels, worse.guesses == labels
        p_values.append(
            mcnemar_p_value(
                int((first_right & ~second_right).sum()), int((second_right & ~first_right).sum())
            )
        )
    tests = []
    for (better, worse), p_value, adjusted in zip(pairs, p_values, holm(p_values), strict=True):
        paired = paired_difference(
            labels, better.guesses, worse.guesses, rng=rng, n_resamples=n_resamples
        )
        tests.append(
            NeighbourTest(
                better=better.name,
                worse=worse.name,
                macro_f1_difference=paired.difference,
                interval=paired.interval,
                mcnemar_p=p_value,
                holm_p=adjusted,
            )
        )
    return tests


def rule_of(config: ChoiceConfig) -> str:
    """Return how `choose` chooses, in words."""
    return (
        "The best macro-F1 is taken, unless a model that is smaller and no slower loses at most "
        f"{config.max_macro_f1_loss:.3f} of it and is not significantly worse (the paired "
        "bootstrap interval of the difference holds 0, at a level of "
        f"{config.significance:.2f} over all such models together, after Bonferroni); of several, "
        "the smallest."
    )


def choose(
    ranking: Sequence[ModelResult],
    labels: NDArray[np.int64],
    config: ChoiceConfig,
    *,
    rng: np.random.Generator,
    n_resamples: int,
) -> Choice:
    """Choose a model by the rule of `rule_of`.

    Args:
        ranking: best first, at least one.
        labels: class indexes of all rows, shape (n,).
        config: the rule's two numbers.
        rng: source of randomness.
        n_resamples: bootstrap samples, >= 200.
    """
    best, *others = ranking
    cheaper = [
        each
        for each in others
        if each.size_bytes < best.size_bytes and each.comments_per_s >= best.comments_per_s
    ]
    equal = []
    for each in cheaper:
        paired = paired_difference(
            labels,
            best.guesses,
            each.guesses,
            rng=rng,
            n_resamples=n_resamples,
            confidence=1 - config.significance / len(cheaper),
        )
        if paired.interval.low <= 0 and paired.difference <= config.max_macro_f1_loss:
            equal.append((each.size_bytes, each, paired))
    if not equal:
        against = (
            f"each of the {len(cheaper)} smaller and no slower ones is worse"
            if cheaper
            else "no other is both smaller and no slower"
        )
        return Choice(best.name, f"It has the best macro-F1 ({best.primary:.3f}), and {against}.")
    _, chosen, paired = min(equal, key=lambda entry: entry[0])
    return Choice(
        chosen.name,
        f"It is smaller and no slower than {best.name}, which has the best macro-F1 "
        f"({best.primary:.3f}), and not significantly worse: {paired.difference:.3f} less, "
        f"interval {paired.interval.low:+.3f} to {paired.interval.high:+.3f}.",
    )
