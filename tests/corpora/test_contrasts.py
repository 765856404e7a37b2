"""The made-up sentences for training: their labels hold, and the behaviour tests stay unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.corpora import load_rows
from sentiment.corpora.contrast_phrases import PHENOMENA
from sentiment.corpora.contrasts import N_ROWS, contrast_at
from sentiment.corpora.download import download
from sentiment.corpora.split import TRAIN
from sentiment.evaluation.behaviour import phrases
from sentiment.evaluation.behaviour.run import behaviour_tests


def bare(sentence: str) -> str:
    return sentence.casefold().strip(" .!?")


def test_every_phenomenon_occurs_with_its_label() -> None:
    seen = {contrast_at(index)[::2] for index in range(200)}
    assert seen == {(name, label) for name, (label, _) in PHENOMENA.items()}


def test_a_sentence_can_be_made_alone() -> None:
    assert contrast_at(77) == contrast_at(77)
    assert len({contrast_at(index)[1] for index in range(1_000)}) > 900


def test_no_slot_is_left_open() -> None:
    assert not [text for index in range(2_000) if "{" in (text := contrast_at(index)[1])]


@pytest.mark.parametrize("seed", [1, 13, 2026])
def test_no_sentence_of_the_behaviour_tests_is_trained_on(seed: int) -> None:
    tested = {
        bare(sentence)
        for test in behaviour_tests(seed=seed, n=1_000)
        for case in test.cases
        for sentence in case
    }
    made = {bare(contrast_at(index)[1]) for index in range(N_ROWS)}
    assert not tested & made


def test_no_template_of_the_behaviour_tests_is_trained_on() -> None:
    names = [name for name in vars(phrases) if name.isupper() and name != "SLOTS"]
    tested = {bare(template) for name in names for template in getattr(phrases, name)}
    assert len(tested) > 50
    made = {bare(template) for _, templates in PHENOMENA.values() for template in templates}
    assert not tested & made


def test_all_rows_are_for_training(tmp_path: Path) -> None:
    download("contrasts", raw_dir=tmp_path, data_dir=None)
    rows = load_rows("contrasts", raw_dir=tmp_path)
    assert len(rows) == N_ROWS
    assert {row.split for row in rows} == {TRAIN}
