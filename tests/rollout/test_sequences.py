from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.rollout.sequences import Span, mean_sequence


def test_nothing_seen_says_nothing() -> None:
    assert mean_sequence(0, 0, alpha=0.05) == Span(0, 1)


@given(st.integers(1, 5_000), st.floats(0, 1))
def test_the_observed_mean_is_always_inside(n: int, share: float) -> None:
    total = share * n
    found = mean_sequence(n, total, alpha=0.05)
    assert 0 <= found.low <= total / n <= found.high <= 1


def test_more_observations_say_more() -> None:
    spans = [mean_sequence(n, n * 0.2, alpha=0.05) for n in (10, 100, 1_000, 10_000)]
    widths = [span.high - span.low for span in spans]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.05


@pytest.mark.parametrize("total", [0, 12])
def test_all_or_none_leave_one_side_open(total: int) -> None:
    found = mean_sequence(12, total, alpha=0.05)
    assert (found.low == 0) == (total == 0)
    assert (found.high == 1) == (total == 12)


@pytest.mark.parametrize("kind", ["rates", "shares"])
def test_looking_after_every_observation_rarely_misses_the_mean(kind: str) -> None:
    # What an interval for one look would do is beside it: it misses far more often than it says.
    rng = np.random.default_rng(13)
    runs, looks, mean = 200, 200, 0.1
    if kind == "rates":
        seen = (rng.random((runs, looks)) < mean).astype(float)
    else:
        seen = rng.beta(0.5, 4.5, (runs, looks))
    totals = seen.cumsum(axis=1)
    n = np.arange(1, looks + 1)
    missed = sum(
        any(
            not span.low <= mean <= span.high
            for span in (mean_sequence(int(k), float(totals[run, k - 1]), alpha=0.1) for k in n)
        )
        for run in range(runs)
    )
    assert missed / runs <= 0.1
    if kind == "shares":
        return
    means = totals / n
    half = 1.645 * np.sqrt(mean * (1 - mean) / n)
    assert ((np.abs(means - mean) > half) & (n >= 30)).any(axis=1).mean() > 0.2


@pytest.mark.parametrize(("n", "total", "alpha"), [(-1, 0, 0.1), (3, 4, 0.1), (3, 1, 0), (3, 1, 1)])
def test_impossible_arguments_are_refused(n: int, total: float, alpha: float) -> None:
    with pytest.raises(ValueError, match="wanted"):
        mean_sequence(n, total, alpha=alpha)
