"""Tests between neighbours, and the choice."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sentiment.comparison.config import ChoiceConfig
from sentiment.comparison.ranking import choose, neighbour_tests, ranked
from sentiment.comparison.result import Choice, ModelResult
from sentiment.evaluation.intervals import (
    HEADLINE_METRICS,
    Interval,
    confusion_counts,
    scores_of_confusion,
)

LABELS: NDArray[np.int64] = np.arange(1200, dtype=np.int64) % 3


def result(name: str, *, n_wrong: int, size: int, speed: float, seed: int = 0) -> ModelResult:
    """Return a model that has `n_wrong` rows wrong."""
    guesses = LABELS.copy()
    wrong = np.random.default_rng(seed).permutation(len(LABELS))[:n_wrong]
    guesses[wrong] = (guesses[wrong] + 1) % 3
    scores = scores_of_confusion(confusion_counts(LABELS, guesses))
    return ModelResult(
        name=name,
        kind="textblob",
        metrics={metric: float(scores[metric]) for metric in HEADLINE_METRICS},
        intervals=dict.fromkeys(HEADLINE_METRICS, Interval(0.0, 1.0)),
        fold_macro_f1=(),
        size_bytes=size,
        comments_per_s=speed,
        fit_s=1.0,
        n_kept=0,
        guesses=guesses,
    )


BEST = result("best", n_wrong=100, size=90, speed=100)


def choice(*others: ModelResult, max_loss: float = 0.01) -> Choice:
    return choose(
        ranked([*others, BEST]),
        LABELS,
        ChoiceConfig(max_macro_f1_loss=max_loss),
        rng=np.random.default_rng(1),
        n_resamples=500,
    )


def test_ranking_goes_by_macro_f1_then_by_size() -> None:
    twin = result("twin", n_wrong=100, size=10, speed=1)
    worse = result("worse", n_wrong=300, size=1, speed=1)
    assert [each.name for each in ranked([worse, BEST, twin])] == ["twin", "best", "worse"]


def test_a_cheaper_model_that_is_as_good_is_chosen() -> None:
    cheap = result("cheap", n_wrong=105, size=5, speed=900, seed=1)
    cheapest = result("cheapest", n_wrong=106, size=4, speed=900, seed=2)
    chosen = choice(cheap, cheapest)
    assert chosen.name == "cheapest"
    assert "smaller and no slower than best" in chosen.reason


@pytest.mark.parametrize(
    "other",
    [
        result("worse", n_wrong=300, size=5, speed=900, seed=1),
        result("slower", n_wrong=105, size=5, speed=90, seed=1),
        result("larger", n_wrong=105, size=500, speed=900, seed=1),
    ],
    ids=lambda other: other.name,
)
def test_the_best_stays_where_the_other_is_worse_or_dearer(other: ModelResult) -> None:
    chosen = choice(other)
    assert chosen.name == "best"
    assert "best macro-F1 (0.917)" in chosen.reason


def test_a_loss_beyond_the_limit_is_not_excused_by_few_rows() -> None:
    cheap = result("cheap", n_wrong=105, size=5, speed=900, seed=1)
    assert choice(cheap, max_loss=0.001).name == "best"


def test_neighbours_far_apart_differ_and_equal_ones_do_not() -> None:
    twin = result("twin", n_wrong=100, size=91, speed=1, seed=5)
    far = result("far", n_wrong=400, size=1, speed=1, seed=3)
    equal, apart = neighbour_tests(
        ranked([BEST, twin, far]), LABELS, rng=np.random.default_rng(1), n_resamples=500
    )
    assert equal.holm_p > 0.5
    assert equal.interval.low <= 0 <= equal.interval.high
    assert (apart.worse, apart.holm_p < 1e-6, apart.interval.low > 0.1) == ("far", True, True)
