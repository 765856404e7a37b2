"""Which rows are compared on, and how they lie in folds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sentiment.comparison.rows import deal, read_rows
from sentiment.corpora import load_rows
from sentiment.errors import ConfigError, DataError
from sentiment.textclean import clean, duplicate_key


def key(text: str) -> str:
    return duplicate_key(clean(text))


def test_folds_hold_equal_shares_of_each_label(raw_dir: Path) -> None:
    rows = read_rows(["synthetic"], raw_dir=raw_dir, n_folds=4)
    counts = np.array([np.bincount(rows.labels[rows.folds == fold]) for fold in range(4)])
    assert counts.shape == (4, 3)
    assert (counts.max(axis=0) - counts.min(axis=0)).max() <= 1


def test_no_row_is_a_test_row_or_a_copy(raw_dir: Path) -> None:
    rows = read_rows(["synthetic"], raw_dir=raw_dir, n_folds=3)
    tested = {
        key(row.text)
        for row in load_rows("synthetic", raw_dir=raw_dir)
        if row.split == "test" and row.text
    }
    keys = [key(text) for text in rows.texts]
    assert tested
    assert tested.isdisjoint(keys)
    assert len(set(keys)) == len(keys)


def test_the_parts_of_a_fold_are_apart_and_whole(raw_dir: Path) -> None:
    rows = read_rows(["synthetic"], raw_dir=raw_dir, n_folds=3)
    fold = rows.fold(1)
    held_out = {rows.texts[place] for place in fold.held_out}
    train, validation = set(fold.train.texts), set(fold.validation.texts)
    assert not held_out & train
    assert not held_out & validation
    assert not train & validation
    assert held_out | train | validation == set(rows.texts)
    assert len(validation) == pytest.approx(len(train) / 9, rel=0.1)


def test_the_kept_model_learns_from_every_row(raw_dir: Path) -> None:
    rows = read_rows(["synthetic"], raw_dir=raw_dir, n_folds=3)
    train, validation = rows.for_learning()
    assert sorted([*train.texts, *validation.texts]) == sorted(rows.texts)
    assert len(validation.texts) == pytest.approx(len(train.texts) / 9, rel=0.1)


def test_folds_do_not_depend_on_the_order_of_rows() -> None:
    texts = [f"comment number {number}" for number in range(90)]
    labels = np.arange(90) % 3
    order = np.random.default_rng(1).permutation(90)
    dealt = deal(texts, labels, n=5, salt="x")
    shuffled = deal([texts[place] for place in order], labels[order], n=5, salt="x")
    np.testing.assert_array_equal(shuffled, dealt[order])
    assert (deal(texts, labels, n=5, salt="y") != dealt).any()


def test_a_sample_keeps_the_shares_and_is_the_same_again(raw_dir: Path) -> None:
    everything = read_rows(["synthetic"], raw_dir=raw_dir, n_folds=3)
    sample, again = (
        read_rows(["synthetic"], raw_dir=raw_dir, n_folds=3, sample=150) for _ in range(2)
    )
    assert len(sample.texts) == pytest.approx(150, abs=2)
    assert sample.digest == again.digest != everything.digest
    shares, all_shares = (
        np.bincount(rows.labels) / len(rows.labels) for rows in (sample, everything)
    )
    np.testing.assert_allclose(shares, all_shares, atol=0.01)


def test_a_corpus_for_evaluation_only_is_refused(raw_dir: Path) -> None:
    with pytest.raises(ConfigError, match="youtube_gpt4o is for evaluation only"):
        read_rows(["youtube_gpt4o"], raw_dir=raw_dir, n_folds=3)


def test_too_small_a_sample_is_refused(raw_dir: Path) -> None:
    with pytest.raises(DataError, match="at least 10 rows of each label"):
        read_rows(["synthetic"], raw_dir=raw_dir, n_folds=3, sample=12)
