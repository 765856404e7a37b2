from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sentiment.comments import Status
from sentiment.errors import InferenceError
from sentiment.evaluation.evaluator import caution_of, evaluate_set, run_model
from sentiment.evaluation.labelled_sets import LabelledSet
from sentiment.inference.predictor import Predictor
from tests.evaluation.handmade import FixedModel

_SET = LabelledSet(
    name="made-up",
    split="test",
    labeller="us",
    human_labelled=True,
    texts=("I love it 😍", "I hate it!", "a table", "not good, is it?"),
    labels=np.array([2, 0, 1, 0], dtype=np.int64),
)


def test_evaluate_set_scores_a_model_whole_and_by_slice() -> None:
    result, outcome = evaluate_set(Predictor.dummy(), _SET, seed=1, n_resamples=500)
    assert outcome.classes.tolist() == [2, 0, 1, 2]
    assert result.model == "dummy"
    assert result.scores.metrics["accuracy"] == 0.75
    by_name = {part.name: part for part in result.slices}
    assert by_name["emoji"].metrics["accuracy"] == 1.0
    assert by_name["negation"].metrics["accuracy"] == 0.0
    assert by_name["short"].n == 4
    assert "long" not in by_name
    assert [baseline.name for baseline in result.baselines] == ["textblob"]


def test_evaluate_set_repeats_with_the_seed() -> None:
    first, second = (
        evaluate_set(FixedModel([2, 0, 0, 0]), _SET, seed=3, n_resamples=300)[0] for _ in "ab"
    )
    assert first == second


def test_unsure_predictions_count_with_their_label() -> None:
    model = FixedModel([2, 0, 1, 0], status=Status.UNSURE)
    result, _ = evaluate_set(model, _SET, seed=1, n_resamples=300, with_baselines=False)
    assert result.scores.metrics["accuracy"] == 1.0
    assert result.statuses == {"unsure": 4}
    assert result.baselines == ()


def test_run_model_refuses_a_wrong_number_of_predictions() -> None:
    with pytest.raises(InferenceError, match="Wanted 4 predictions, found 2"):
        run_model(FixedModel([1, 1]), _SET)


def test_caution_is_the_corpus_own_or_says_that_nothing_is_known() -> None:
    assert caution_of(_SET) == ""
    assert caution_of(replace(_SET, caution="Mind this.")) == "Mind this."
    unknown = caution_of(replace(_SET, human_labelled=False))
    assert "not established that people gave these labels" in unknown
    assert "(us)" in unknown
    partly = caution_of(replace(_SET, human_labelled=False, n_unlabelled=1_200))
    assert partly == f"{unknown} Rows left out because they have no label: 1,200."
    assert caution_of(replace(_SET, n_unlabelled=3)).endswith("they have no label: 3.")
