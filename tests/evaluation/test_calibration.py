"""Calibration: a known scale is found again, and the error is what one counts by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sentiment.evaluation.calibration import (
    brier_score,
    calibration_error_interval,
    expected_calibration_error,
    fit_temperature,
    reliability_bins,
)
from sentiment.inference.scorer import softmax


def honest_logits(n_rows: int, *, seed: int = 5) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return logits and classes drawn from exactly their probabilities."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=1.5, size=(n_rows, 3))
    drawn = rng.random(n_rows)[:, None] > softmax(logits).cumsum(axis=1)[:, :2]
    return logits, drawn.sum(axis=1).astype(np.int64)


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.5])
def test_fit_temperature_finds_the_scale_of_the_logits(scale: float) -> None:
    logits, classes = honest_logits(20_000)
    assert fit_temperature(scale * logits, classes) == pytest.approx(scale, rel=0.05)


def test_fitted_temperature_lowers_the_calibration_error_and_moves_no_label() -> None:
    logits, classes = honest_logits(20_000)
    too_sure = 3 * logits
    fitted = too_sure / fit_temperature(too_sure, classes)
    before, after = (
        expected_calibration_error(softmax(values), classes) for values in (too_sure, fitted)
    )
    assert before > 0.1
    assert after < 0.02
    assert (too_sure.argmax(axis=1) == fitted.argmax(axis=1)).all()


@pytest.mark.parametrize(("right", "expected"), [(False, 5.0), (True, 0.2)])
def test_fit_temperature_stays_within_its_bounds(right: bool, expected: float) -> None:
    classes = np.arange(30) % 3
    said = classes if right else (classes + 1) % 3
    temperature = fit_temperature(np.eye(3)[said] * 4.0, classes)
    assert temperature == pytest.approx(expected, abs=0.01)


def test_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    # Two rows of confidence 0.9, one right: gap 0.4. Two of 0.6, both right: gap 0.4.
    # One of 0.5, right: gap 0.5. (2 * 0.4 + 2 * 0.4 + 0.5) / 5 = 0.42
    probabilities = np.array(
        [[0.9, 0.1, 0.0], [0.05, 0.05, 0.9], [0.3, 0.6, 0.1], [0.6, 0.2, 0.2], [0.5, 0.3, 0.2]]
    )
    classes = np.array([0, 0, 1, 0, 0])
    assert expected_calibration_error(probabilities, classes) == pytest.approx(0.42)


def test_calibration_error_counts_certainty_in_the_last_bin() -> None:
    # 1.0 (wrong) and 0.95 (right) share the bin above 14/15: |0.975 - 0.5|. In bins of their own
    # they would make (1.0 + 0.05) / 2.
    probabilities = np.array([[1.0, 0.0, 0.0], [0.0, 0.95, 0.05]])
    assert expected_calibration_error(probabilities, np.array([1, 1])) == pytest.approx(0.475)


def test_calibration_error_of_certain_and_right_rows_is_zero() -> None:
    assert expected_calibration_error(np.eye(3), np.arange(3)) == 0.0


# Scales the logits by -> the calibration error that this makes, taken from three million rows.
@pytest.mark.parametrize(("scale", "true_error"), [(1.0, 0.0), (1.1, 0.0202), (1.5, 0.0827)])
@pytest.mark.parametrize("n_rows", [100, 500])
def test_interval_of_the_calibration_error_covers_the_true_one_as_often_as_it_says(
    scale: float, true_error: float, n_rows: int
) -> None:
    rng = np.random.default_rng(8)
    covered = 0
    for seed in range(100):
        logits, classes = honest_logits(n_rows, seed=seed)
        found = calibration_error_interval(
            softmax(scale * logits), classes, resamples=rng.integers(n_rows, size=(200, n_rows))
        )
        covered += found.low <= true_error <= found.high
    assert covered / 100 >= 0.93


def test_interval_of_the_calibration_error_tells_an_error_from_none() -> None:
    logits, classes = honest_logits(2_000)
    resamples = np.random.default_rng(8).integers(2_000, size=(200, 2_000))
    honest, too_sure = (
        calibration_error_interval(softmax(scale * logits), classes, resamples=resamples)
        for scale in (1.0, 3.0)
    )
    error = expected_calibration_error(softmax(3.0 * logits), classes)
    assert honest.low == 0.0
    assert honest.high < 0.06 < error - 0.06 < too_sure.low < error < too_sure.high < error + 0.03


def test_interval_of_the_calibration_error_of_one_row_stays_within_bounds() -> None:
    sure = np.array([[1.0, 0.0, 0.0]])
    resamples = np.zeros((200, 1), dtype=np.int64)
    found = calibration_error_interval(sure, np.array([1]), resamples=resamples)
    assert (found.low, found.high) == (1.0, 1.0)


def test_reliability_bins_hold_every_row_once() -> None:
    confidence = np.array([0.34, 0.35, 0.99, 1.0])
    correct = np.array([True, False, True, True])
    low, high = reliability_bins(confidence, correct)
    assert (low.n, low.accuracy) == (2, 0.5)
    assert low.confidence == pytest.approx(0.345)
    assert (high.n, high.accuracy, high.high) == (2, 1.0, 1.0)


def test_brier_score_is_counted_by_hand() -> None:
    probabilities = np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]])
    by_hand = ((0.2**2 + 0.3**2 + 0.5**2) + (1 + 1)) / 2
    assert brier_score(probabilities, np.array([2, 1])) == pytest.approx(by_hand)
    assert brier_score(np.full((3, 3), 1 / 3), np.array([0, 1, 2])) == pytest.approx(2 / 3)
