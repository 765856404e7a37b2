"""The comments that a language model made up: whole, labelled, and apart from what measures."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from pathlib import Path

import pytest

from sentiment.corpora import corpus_info, load_rows
from sentiment.corpora.download import download
from sentiment.corpora.split import SPLITS, TRAIN
from sentiment.corpora.written import WRITTEN_PATH
from sentiment.errors import DataError
from sentiment.evaluation.behaviour.run import behaviour_tests
from sentiment.labels import LABELS
from sentiment.textclean import clean, duplicate_key
from tests.corpora.handmade import write_table


def test_every_row_is_different_and_of_a_known_label(tmp_path: Path) -> None:
    assert download("written", raw_dir=tmp_path, data_dir=None).origin == "made"
    rows = load_rows("written", raw_dir=tmp_path)
    assert len(rows) == corpus_info("written").n_rows
    assert len({duplicate_key(clean(row.text or "")) for row in rows} - {""}) > 0.99 * len(rows)
    shares = Counter(row.label for row in rows)
    assert all(shares[label] > 0.2 * len(rows) for label in LABELS)


def test_neighbours_are_of_one_split(tmp_path: Path) -> None:
    download("written", raw_dir=tmp_path, data_dir=None)
    splits = [row.split for row in load_rows("written", raw_dir=tmp_path)]
    assert set(splits) == set(SPLITS)
    assert splits.count(TRAIN) / len(splits) == pytest.approx(0.8, abs=0.01)
    borders = sum(one != other for one, other in itertools.pairwise(splits))
    assert borders < 0.1 * len(splits)


def test_no_sentence_of_the_behaviour_tests_is_among_them() -> None:
    with WRITTEN_PATH.open(encoding="utf-8", newline="") as file:
        written = {duplicate_key(clean(row["text"])) for row in csv.DictReader(file)}
    tested = {
        duplicate_key(clean(sentence))
        for test in behaviour_tests(seed=13, n=1_000)
        for case in test.cases
        for sentence in case
    }
    assert not written & tested


def test_an_older_copy_is_made_anew(tmp_path: Path) -> None:
    path = write_table(
        tmp_path / "written" / WRITTEN_PATH.name, ["text", "label"], [["an older one", "1"]]
    )
    download("written", raw_dir=tmp_path, data_dir=None)
    assert path.read_bytes() == WRITTEN_PATH.read_bytes()


def test_a_label_that_is_none_is_refused(tmp_path: Path) -> None:
    write_table(
        tmp_path / "written" / WRITTEN_PATH.name, ["text", "label"], [["a comment", "happy"]]
    )
    with pytest.raises(DataError, match="written-0: 'happy' is no label"):
        load_rows("written", raw_dir=tmp_path)
