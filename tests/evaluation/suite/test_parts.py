"""Champion, mistakes, confidence and sarcasm against what one counts by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sentiment.evaluation.evaluator import Outcome
from sentiment.evaluation.labelled_sets import LabelledSet
from sentiment.evaluation.suite.champion import compare_with_champion
from sentiment.evaluation.suite.confidence import measure_confidence
from sentiment.evaluation.suite.mistakes import surest_mistakes
from sentiment.evaluation.suite.sarcasm import measure_sarcasm
from sentiment.inference.predictor import Predictor
from tests.corpora.handmade import write_table

_TRUTH = np.array([0, 1, 2, 2, 0] * 20)


def test_champion_comparison_counts_who_is_right_alone() -> None:
    better, worse = _TRUTH.copy(), _TRUTH.copy()
    better[:5] = 1 - np.clip(_TRUTH[:5], 0, 1)
    worse[10:50] = (_TRUTH[10:50] + 1) % 3
    found = compare_with_champion(_TRUTH, better, worse, seed=1, n_resamples=300)
    n_wrong = int((better != _TRUTH).sum())
    assert (found.only_candidate, found.only_champion) == (40, n_wrong)
    assert found.differences["accuracy"].difference == pytest.approx((40 - n_wrong) / 100)
    assert found.differences["macro_f1"].interval.low > 0
    assert found.p_value < 0.001


def test_a_model_against_itself_differs_in_nothing() -> None:
    found = compare_with_champion(_TRUTH, _TRUTH, _TRUTH, seed=1, n_resamples=300)
    assert found.p_value == 1
    assert {part.difference for part in found.differences.values()} == {0}


def test_surest_mistakes_are_sorted_and_keep_texts_out_of_sight() -> None:
    labelled = LabelledSet("set", "test", "us", True, ("a", "b", "secret"), np.array([0, 1, 2]))
    probabilities = np.array([[0.2, 0.3, 0.5], [0.1, 0.8, 0.1], [0.9, 0.05, 0.05]])
    outcome = Outcome(probabilities.argmax(axis=1), probabilities, {})
    first, second = surest_mistakes(labelled, outcome)
    assert (first.row, first.truth, first.said, first.confidence) == (
        2,
        "positive",
        "negative",
        0.9,
    )
    assert second.row == 0
    assert "secret" not in repr(first) + str(first.to_json())
    assert len(surest_mistakes(labelled, outcome, n=1)) == 1


def test_confidence_says_what_a_threshold_does() -> None:
    probabilities = np.array([[0.9, 0.1, 0.0], [0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [0.4, 0.3, 0.3]])
    found = measure_confidence(
        probabilities, np.array([0, 1, 2, 0]), thresholds=[0.5, 0.99], rng=np.random.default_rng(1)
    )
    at, never = found.at_thresholds
    assert (at.answered.held, at.right.held if at.right else None) == (3, 2)
    assert (never.answered.held, never.right) == (0, None)
    assert (found.surest.n, found.surest.held) == (3, 2)
    # One wrong row of four, here by chance or not: calibration may be perfect for all one knows.
    assert found.calibration_error.interval.low == 0.0 < found.calibration_error.value
    assert found.brier.interval.low <= found.brier.value <= found.brier.interval.high


def test_sarcasm_counts_wordings_that_hide_their_meaning(tmp_path: Path) -> None:
    header = ["", "tweet", "sarcastic", "rephrase"]
    rows = [
        ["0", "i love waiting", "1", "i hate waiting"],
        ["1", "what a great day", "1", "a terrible day"],
        ["2", "a bad joke", "1", "a bad pun"],
        ["3", "a table", "0", ""],
    ]
    write_table(tmp_path / "train.En.csv", header, rows)
    found = measure_sarcasm(Predictor.dummy(), tmp_path)
    assert (found.same_label.held, found.same_label.n) == (1, 3)
    assert found.read_literally.held == 2
    assert found.p_value == pytest.approx(0.5)
    sarcastic = found.kinds[0]
    assert [share.held for share in sarcastic.shares] == [1, 0, 2]
