"""The tests agree with the textbook's where comments are independent, and hold where not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sentiment.drift.features import EMOJI, LABEL, LENGTH, Feature
from sentiment.drift.simulate import TYPICAL_SHARES, Scenario, draw_window
from sentiment.drift.two_sample import (
    compare_samples,
    sample_of_independent,
    sample_of_videos,
)

OLD = np.array([400, 600, 1000])
NEW = np.array([240, 320, 440])


def one_each(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put each comment in a video of its own."""
    return np.repeat(np.eye(len(counts), dtype=np.int64), counts, axis=0)


def test_categorical_test_is_pearsons_where_comments_are_independent() -> None:
    found = compare_samples(LABEL, sample_of_independent(OLD), sample_of_independent(NEW))
    wanted = stats.chi2_contingency(np.stack([OLD, NEW])).pvalue
    assert found.p_value == pytest.approx(wanted, rel=0.2)
    assert found.effect == pytest.approx(0.06)
    assert found.design_effect == pytest.approx(1, abs=0.01)


def test_ordered_test_is_mann_whitney_where_comments_are_independent() -> None:
    rng = np.random.default_rng(3)
    n_bins = len(LENGTH.bins)
    old, new = rng.integers(n_bins, size=900), rng.integers(1, n_bins, size=700)
    found = compare_samples(
        LENGTH,
        sample_of_independent(np.bincount(old, minlength=n_bins)),
        sample_of_independent(np.bincount(new, minlength=n_bins)),
    )
    wanted = stats.mannwhitneyu(new, old)
    assert np.log10(found.p_value) == pytest.approx(np.log10(wanted.pvalue), rel=0.1)
    assert found.effect == pytest.approx(2 * wanted.statistic / (900 * 700) - 1)


def test_a_video_a_comment_is_the_same_as_independent_comments() -> None:
    independent, alone = sample_of_independent(NEW), sample_of_videos(one_each(NEW))
    assert alone.shares == pytest.approx(independent.shares)
    assert alone.covariance == pytest.approx(independent.covariance, rel=0.01)
    assert alone.n_units == pytest.approx(1_000)


@pytest.mark.parametrize("feature", [LABEL, EMOJI])
def test_copies_within_videos_are_no_evidence(feature: Feature) -> None:
    shares = TYPICAL_SHARES[feature.name]
    counts = np.random.default_rng(1).multinomial(1, shares, size=300)
    reference = sample_of_independent(np.array(shares * 100_000, dtype=np.int64))
    once = compare_samples(feature, reference, sample_of_videos(counts))
    copied = compare_samples(feature, reference, sample_of_videos(counts * 20))
    assert copied.p_value == pytest.approx(once.p_value, rel=0.1)
    assert copied.design_effect == pytest.approx(20 * once.design_effect, rel=0.01)


def test_a_viral_video_is_not_the_day() -> None:
    usual = np.tile([4, 6, 10], (100, 1))
    viral = np.vstack([usual, [50_000, 0, 0]])
    found = compare_samples(LABEL, sample_of_videos(usual), sample_of_videos(viral))
    assert found.effect < 0.05
    assert found.p_value > 0.1


@pytest.mark.parametrize("feature", [LABEL, LENGTH])
def test_p_values_are_even_where_nothing_drifts(feature: Feature) -> None:
    scenario, rng = Scenario(videos_per_day=60, correlation=0.1), np.random.default_rng(11)
    samples = [
        sample_of_videos(counts[counts.sum(axis=1) > 0])
        for counts in (draw_window(scenario, rng).counts[feature.name] for _ in range(800))
    ]
    p_values = [
        compare_samples(feature, *pair).p_value
        for pair in zip(samples[::2], samples[1::2], strict=True)
    ]
    assert stats.kstest(p_values, "uniform").pvalue > 0.001
    assert np.mean(np.array(p_values) < 0.05) < 0.09


def test_two_sets_that_never_vary_are_equal_or_certainly_different() -> None:
    always = sample_of_independent(np.array([500, 0, 0]))
    never = sample_of_independent(np.array([0, 0, 500]))
    assert compare_samples(LABEL, always, always).p_value == 1
    assert compare_samples(LABEL, always, never).p_value == 0
    assert compare_samples(LABEL, always, never).effect == 1


def test_effect_of_an_ordered_feature_has_the_sign_of_the_change() -> None:
    short = sample_of_independent(np.eye(len(LENGTH.bins), dtype=np.int64)[2] * 300 + 5)
    long = sample_of_independent(np.eye(len(LENGTH.bins), dtype=np.int64)[8] * 300 + 5)
    assert compare_samples(LENGTH, short, long).effect > 0.5
    assert compare_samples(LENGTH, long, short).effect < -0.5
