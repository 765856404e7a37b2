"""Risk and coverage against what one counts by hand, and the promise of the threshold."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sentiment.errors import DataError
from sentiment.evaluation.selective import (
    accuracy_at_coverage,
    risk_coverage,
    threshold_for_risk,
)

_CONFIDENCE = np.array([0.9, 0.5, 0.8, 0.6])
_CORRECT = np.array([True, False, False, True])


def honest_rows(n: int, *, seed: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return confidences and, right as often as these say, correctness."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(1 / 3, 1, size=n)
    return confidence, rng.random(n) < confidence


def test_risk_coverage_counts_from_the_surest_row() -> None:
    curve = risk_coverage(_CONFIDENCE, _CORRECT)
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert curve.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_accuracy_at_coverage_takes_the_surest() -> None:
    share = accuracy_at_coverage(_CONFIDENCE, _CORRECT, coverage=0.75)
    assert (share.n, share.held) == (3, 2)
    assert accuracy_at_coverage(_CONFIDENCE, _CORRECT, coverage=0.01).n == 1


def test_threshold_for_risk_keeps_its_promise_on_other_rows() -> None:
    broken = 0
    for seed in range(40):
        chosen = threshold_for_risk(*honest_rows(2_000, seed=seed), max_risk=0.2)
        assert chosen is not None
        # Rows above a threshold t are wrong with the mean of 1 - c over [t, 1].
        broken += (1 - chosen.threshold) / 2 > 0.2
    assert broken <= 4


def test_threshold_for_risk_is_not_needlessly_strict() -> None:
    chosen = threshold_for_risk(*honest_rows(50_000, seed=1), max_risk=0.2)
    assert chosen is not None
    assert chosen.threshold == pytest.approx(0.6, abs=0.03)
    assert chosen.risk <= chosen.risk_bound <= 0.2
    assert chosen.coverage == pytest.approx((1 - chosen.threshold) / (2 / 3), abs=0.02)


def test_threshold_for_risk_answers_all_where_all_is_right() -> None:
    confidence = np.linspace(0.4, 0.9, 500)
    chosen = threshold_for_risk(confidence, np.ones(500, dtype=bool), max_risk=0.1)
    assert chosen is not None
    assert chosen.coverage == pytest.approx(1.0, abs=0.01)


def test_threshold_for_risk_has_none_where_none_keeps_it() -> None:
    confidence, _ = honest_rows(500, seed=2)
    wrong = np.zeros(500, dtype=bool)
    assert threshold_for_risk(confidence, wrong, max_risk=0.2) is None
    # Five rows prove nothing, whatever they hold.
    assert threshold_for_risk(confidence[:5], ~wrong[:5], max_risk=0.05) is None


def test_rows_that_tie_share_their_fate() -> None:
    confidence = np.full(400, 0.7)
    correct = np.arange(400) < 300
    assert threshold_for_risk(confidence, correct, max_risk=0.2) is None


def test_wrong_shapes_and_shares_are_refused() -> None:
    with pytest.raises(DataError, match=r"equally long and not empty, found shapes \(4,\) and"):
        risk_coverage(_CONFIDENCE, _CORRECT[:2])
    with pytest.raises(DataError, match=r"max_risk is a share in \(0, 1\), got 0"):
        threshold_for_risk(_CONFIDENCE, _CORRECT, max_risk=0)
    with pytest.raises(DataError, match=r"got 1\.5"):
        accuracy_at_coverage(_CONFIDENCE, _CORRECT, coverage=1.5)
