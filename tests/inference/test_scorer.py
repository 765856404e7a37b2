"""Batches by length: order kept, budget kept, broken engines found out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.errors import InferenceError
from sentiment.inference.scorer import Scorer, batches_by_length, softmax
from tests.inference.engines import ConstantEngine, WatchedEngine, word_tokenizer

lengths_strategy = st.lists(st.integers(1, 60), max_size=80)


@given(lengths_strategy, st.integers(1, 200))
def test_batches_hold_each_text_once_and_keep_the_budget(lengths: list[int], budget: int) -> None:
    batches = list(batches_by_length(lengths, budget_tokens=budget))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        padded = max(lengths[index] for index in batch) * len(batch)
        assert len(batch) == 1 or padded <= budget


@given(lengths_strategy, st.integers(1, 200))
def test_batches_are_no_smaller_than_they_must_be(lengths: list[int], budget: int) -> None:
    batches = list(batches_by_length(lengths, budget_tokens=budget))
    for batch, following in pairwise(batches):
        assert lengths[following[0]] * (len(batch) + 1) > budget
    flat = [lengths[index] for batch in batches for index in batch]
    assert flat == sorted(flat)


@given(st.lists(st.lists(st.integers(1, 999), min_size=1, max_size=40), max_size=40))
def test_logits_come_in_the_order_of_the_texts(rows: list[list[int]]) -> None:
    texts = [" ".join(f"w{word}" for word in row) for row in rows]
    logits = Scorer(WatchedEngine(), word_tokenizer(), batch_tokens=64).logits(texts)
    assert logits.shape == (len(rows), 3)
    assert logits.tolist() == [[row[0], len(row), sum(row)] for row in rows]


def test_logits_keep_the_budget_except_for_a_single_longer_text() -> None:
    engine = WatchedEngine()
    texts = [" ".join(["w1"] * n_words) for n_words in (1, 50, 3, 100, 2, 20, 20, 20, 7)]
    Scorer(engine, word_tokenizer(), batch_tokens=60).logits(texts)
    for n_rows, n_tokens in engine.shapes:
        assert n_rows == 1 or n_rows * n_tokens <= 60
    assert engine.n_rows == len(texts)


def test_logits_cut_a_text_after_the_maximum() -> None:
    scorer = Scorer(WatchedEngine(), word_tokenizer(), max_length_tokens=16)
    (row,) = scorer.logits([" ".join(["w2"] * 5_000)])
    assert row.tolist() == [2, 16, 32]


def test_logits_take_a_text_without_tokens() -> None:
    assert Scorer(WatchedEngine(), word_tokenizer()).logits([" "]).tolist() == [[0, 1, 0]]


def test_logits_of_no_texts_are_no_rows() -> None:
    assert Scorer(WatchedEngine(), word_tokenizer()).logits([]).shape == (0, 3)


@pytest.mark.parametrize(
    "row", [[1.0, 2.0], [1.0, 2.0, 3.0, 4.0], [0.0, float("nan"), 1.0], [float("inf"), 0.0, 0.0]]
)
def test_logits_find_a_broken_engine_out(row: list[float]) -> None:
    with pytest.raises(InferenceError, match="wanted 2 finite rows of 3, found shape") as caught:
        Scorer(ConstantEngine(row), word_tokenizer()).logits(["w1", "w2"])
    assert "sentiment bundle verify" in caught.value.hint


@given(st.lists(st.tuples(*[st.floats(-1e4, 1e4)] * 3), min_size=1, max_size=5))
def test_softmax_gives_probabilities_and_keeps_the_largest(
    rows: list[tuple[float, float, float]],
) -> None:
    probabilities = softmax(np.array(rows))
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (probabilities >= 0).all()
    for row, given_row in zip(probabilities, rows, strict=True):
        assert row[given_row.index(max(given_row))] == row.max()
