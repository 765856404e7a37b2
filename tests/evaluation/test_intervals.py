from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_score, recall_score

from sentiment.errors import DataError
from sentiment.evaluation.intervals import (
    bootstrap_intervals,
    confusion_counts,
    paired_difference,
    scores_of_confusion,
)
from tests.evaluation.handmade import CONFUSION, random_classes


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_scores_of_confusion_equal_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    references, predictions = np.array(pairs, dtype=np.int64).T
    scores = scores_of_confusion(confusion_counts(references, predictions))
    assert scores["accuracy"] == pytest.approx(np.mean(references == predictions))
    for name, function in (("macro_f1", f1_score), ("macro_recall", recall_score)):
        expected = function(references, predictions, average="macro", zero_division=0.0)
        assert scores[name] == pytest.approx(expected)
    by_class = precision_score(
        references, predictions, labels=[0, 1, 2], average=None, zero_division=0.0
    )
    assert scores["negative_precision"] == pytest.approx(by_class[0])


def test_scores_of_confusion_take_many_matrices() -> None:
    many = scores_of_confusion(np.stack([CONFUSION, 2 * CONFUSION]))
    assert many["macro_f1"].shape == (2,)
    assert many["macro_f1"][0] == pytest.approx(many["macro_f1"][1])


def test_intervals_equal_those_of_resampled_rows() -> None:
    references, predictions = random_classes(300, seed=11, accuracy=0.6)
    rng = np.random.default_rng(0)
    by_rows = []
    for _ in range(3_000):
        rows = rng.integers(0, 300, size=300)
        confusion = confusion_counts(references[rows], predictions[rows])
        by_rows.append(float(scores_of_confusion(confusion)["macro_f1"]))
    low, high = np.quantile(by_rows, [0.025, 0.975])

    found = bootstrap_intervals(
        confusion_counts(references, predictions), rng=np.random.default_rng(1), n_resamples=20_000
    )["macro_f1"]

    assert found.low == pytest.approx(low, abs=0.005)
    assert found.high == pytest.approx(high, abs=0.005)


def test_intervals_cover_the_true_accuracy_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(2)
    truth = CONFUSION / CONFUSION.sum()
    covered = 0
    for _ in range(300):
        sample = rng.multinomial(200, truth.ravel()).reshape(3, 3)
        interval = bootstrap_intervals(sample, rng=rng, n_resamples=500)["accuracy"]
        covered += interval.low <= np.trace(truth) <= interval.high
    assert 0.91 <= covered / 300 <= 0.98


def test_intervals_repeat_with_the_seed() -> None:
    first, second = (bootstrap_intervals(CONFUSION, rng=np.random.default_rng(4)) for _ in "ab")
    other = bootstrap_intervals(CONFUSION, rng=np.random.default_rng(5))
    assert first == second
    assert first != other


def test_intervals_narrow_with_more_rows() -> None:
    few = bootstrap_intervals(CONFUSION, rng=np.random.default_rng(0))["macro_f1"]
    many = bootstrap_intervals(100 * CONFUSION, rng=np.random.default_rng(0))["macro_f1"]
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(10, rel=0.1)


def test_intervals_refuse_too_few_resamples() -> None:
    with pytest.raises(DataError, match="at least 200 resamples, got 50"):
        bootstrap_intervals(CONFUSION, rng=np.random.default_rng(0), n_resamples=50)


def test_intervals_refuse_no_rows() -> None:
    with pytest.raises(DataError, match="found none"):
        bootstrap_intervals(np.zeros((3, 3), dtype=np.int64), rng=np.random.default_rng(0))


def test_confusion_counts_refuse_unequal_lengths() -> None:
    with pytest.raises(DataError, match=r"shapes \(2,\) and \(1,\)"):
        confusion_counts(np.array([0, 1]), np.array([0]))


def test_paired_difference_is_that_of_the_scores() -> None:
    references, good = random_classes(600, seed=1, accuracy=0.8)
    bad = np.where(np.random.default_rng(9).random(600) < 0.3, 0, good)
    found = paired_difference(references, good, bad, rng=np.random.default_rng(0))
    expected = f1_score(references, good, average="macro") - f1_score(
        references, bad, average="macro"
    )
    assert found.difference == pytest.approx(expected)
    assert 0 < found.interval.low < found.difference < found.interval.high


@pytest.mark.parametrize("metric", ["macro_f1", "macro_recall"])
def test_paired_difference_averages_both_models_over_the_same_classes(metric: str) -> None:
    references = np.repeat([0, 2], 30)
    says_neutral, says_positive = references.copy(), references.copy()
    says_neutral[:4], says_positive[:4] = 1, 2

    found = paired_difference(
        references, says_neutral, says_positive, rng=np.random.default_rng(0), metric=metric
    )

    function = f1_score if metric == "macro_f1" else recall_score
    alone = [
        function(references, said, labels=[0, 1, 2], average="macro", zero_division=0.0)
        for said in (says_neutral, says_positive)
    ]
    assert found.difference == pytest.approx(alone[0] - alone[1])
    # The same rows are wrong, so no resample may find much of a difference.
    assert -0.001 < found.interval.low <= found.difference <= found.interval.high < 0.06


def test_paired_difference_of_equal_models_is_nothing() -> None:
    references, predictions = random_classes(200, seed=1, accuracy=0.8)
    found = paired_difference(references, predictions, predictions, rng=np.random.default_rng(0))
    assert (found.difference, found.interval.low, found.interval.high) == (0.0, 0.0, 0.0)


def test_paired_difference_is_surer_than_separate_intervals() -> None:
    references, champion = random_classes(2_000, seed=1, accuracy=0.7)
    candidate = champion.copy()
    mended = np.flatnonzero(candidate != references)[:40]
    candidate[mended] = references[mended]

    paired = paired_difference(references, candidate, champion, rng=np.random.default_rng(0))
    alone = [
        bootstrap_intervals(confusion_counts(references, said), rng=np.random.default_rng(0))
        for said in (candidate, champion)
    ]

    assert paired.interval.low > 0
    assert alone[0]["macro_f1"].low < alone[1]["macro_f1"].high
