"""What the house promises: at most one false alarm a year; ten points of a label in one day."""

from __future__ import annotations

import numpy as np
import pytest

from sentiment.drift.features import (
    CONFIDENCE,
    EMOJI,
    LABEL,
    LANGUAGE,
    LENGTH,
    UNKNOWN,
    UNSURE,
    Feature,
)
from sentiment.drift.simulate import (
    Change,
    Scenario,
    count_alarms,
    default_change,
    delay_days,
    draw_window,
    shares_of,
)
from sentiment.drift.trials import run_trials
from sentiment.drift.two_sample import Sample, sample_of_independent
from sentiment.drift.windows import Window
from sentiment.errors import ConfigError, DataError
from tests.drift.made import simulated_profile


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", range(4))
def test_a_year_without_drift_raises_at_most_one_alarm(seed: int) -> None:
    assert count_alarms(Scenario(), rng(seed)) <= 1


@pytest.mark.parametrize(("videos", "correlation"), [(30, 0.1), (100, 0.3), (400, 0.01)])
def test_other_stores_raise_at_most_one_alarm_a_year_too(videos: int, correlation: float) -> None:
    scenario = Scenario(videos_per_day=videos, correlation=correlation)
    assert count_alarms(scenario, rng(videos)) <= 1


def test_a_test_without_videos_would_cry_wolf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulated years can tell a test that is wrong."""

    def independent(drawn: Window, feature: Feature) -> Sample:
        return sample_of_independent(drawn.counts[feature.name].sum(axis=0))

    monkeypatch.setattr("sentiment.drift.compare.sample_if_enough", independent)
    assert count_alarms(Scenario(), rng(0)) > 5


def test_ten_points_of_a_label_are_found_on_the_first_day() -> None:
    delays = [delay_days(Scenario(), default_change(), rng(seed)) for seed in range(100)]
    assert delays.count(1) >= 97
    assert None not in delays


@pytest.mark.parametrize("gains", range(3))
def test_whichever_label_gains_ten_points_is_found(gains: int) -> None:
    change = Change(LABEL, gains, 0.1)
    delays = [delay_days(Scenario(), change, rng(seed)) for seed in range(20)]
    assert delays.count(1) >= 18


def test_a_gradual_drift_is_found_later_but_before_it_is_whole() -> None:
    change = default_change(points=0.15, days=60)
    delays = [delay_days(Scenario(), change, rng(seed), patience_days=60) for seed in range(10)]
    assert all(delay is not None and 10 <= delay <= 50 for delay in delays)


@pytest.mark.parametrize("feature", [UNSURE, CONFIDENCE, LENGTH, EMOJI, LANGUAGE, UNKNOWN])
def test_a_drift_of_each_other_feature_is_found(feature: Feature) -> None:
    change = default_change(feature, points=0.2)
    delays = [delay_days(Scenario(), change, rng(seed)) for seed in range(10)]
    assert delays.count(1) >= 9


def test_a_drift_too_small_to_matter_is_not_told_of() -> None:
    change = default_change(points=0.01)
    many = Scenario(comments_per_day=100_000, videos_per_day=20_000, reference_days=1)
    assert delay_days(many, change, rng(1), patience_days=2) is None


def test_drawn_videos_are_as_alike_as_asked_for() -> None:
    scenario = Scenario(videos_per_day=40_000, comments_per_day=400_000, correlation=0.1)
    counts = draw_window(scenario, rng(2)).counts["unsure"]
    sizes = counts.sum(axis=1)
    counts, sizes = counts[sizes > 1], sizes[sizes > 1]
    # The share of pairs within videos that agree gives the intra-class correlation.
    alike = ((counts * (counts - 1)).sum(axis=1) / (sizes * (sizes - 1))).mean()
    by_chance = (np.array([0.88, 0.12]) ** 2).sum()
    assert (alike - by_chance) / (1 - by_chance) == pytest.approx(0.1, abs=0.015)


def test_a_profile_can_be_simulated() -> None:
    scenario = Scenario(shares=shares_of(simulated_profile()))
    assert count_alarms(scenario, rng(5), days=30) <= 1


def test_trials_are_the_same_for_the_same_seed() -> None:
    made = [
        run_trials(Scenario(), default_change(), n_years=1, days_a_year=5, n_drifts=n, seed=3)
        for n in (2, 4)
    ]
    assert made[1].delays[:2] == made[0].delays
    assert made[1].to_json()["drifts"] == 4
    assert made[0].patience_days == 61


def test_a_change_of_more_than_there_is_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"can't gain 0\.95"):
        run_trials(
            Scenario(), default_change(points=0.95), n_years=1, days_a_year=1, n_drifts=1, seed=1
        )


@pytest.mark.parametrize("correlation", [0.0, -1.0, 0.99])
def test_a_correlation_that_is_none_is_refused(correlation: float) -> None:
    with pytest.raises(ConfigError, match="Wanted a correlation"):
        Scenario(correlation=correlation)


def test_a_store_too_small_for_a_reference_is_refused() -> None:
    with pytest.raises(DataError, match="at least 200 comments of 10 videos"):
        count_alarms(Scenario(comments_per_day=10), rng(1), days=1)
