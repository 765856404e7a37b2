from __future__ import annotations

import pytest

from sentiment.errors import DataError
from sentiment.evaluation.proportions import (
    Share,
    mcnemar_p_value,
    upper_bound,
    wilson_interval,
)


def test_wilson_interval_is_the_published_one() -> None:
    # Newcombe 1998, table I: 81 of 263.
    interval = wilson_interval(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize(("held", "low", "high"), [(0, 0.0, 0.1611), (20, 0.8389, 1.0)])
def test_wilson_interval_at_the_ends_has_width(held: int, low: float, high: float) -> None:
    interval = wilson_interval(held, 20)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-4)


def test_share_counts_and_says_its_interval() -> None:
    found = Share(n=4, held=1).to_json()
    assert (found["value"], found["n"], found["held"]) == (0.25, 4, 1)
    assert found["low"] < 0.25 < found["high"]


@pytest.mark.parametrize(("held", "n"), [(0, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_is_refused(held: int, n: int) -> None:
    with pytest.raises(DataError, match=f"got {held} of {n}"):
        wilson_interval(held, n)


def test_upper_bound_without_a_failure_is_the_rule_of_three() -> None:
    assert upper_bound(0, 100, failure_probability=0.05) == pytest.approx(1 - 0.05 ** (1 / 100))
    assert upper_bound(5, 5, failure_probability=0.05) == 1.0


def test_mcnemar_is_a_sign_test_of_the_disagreements() -> None:
    assert mcnemar_p_value(0, 0) == 1.0
    assert mcnemar_p_value(5, 5) == 1.0
    assert mcnemar_p_value(10, 0) == pytest.approx(2 / 2**10)
