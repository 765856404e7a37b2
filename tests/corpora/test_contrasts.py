"""The made-up sentences for training: their labels hold, and the behaviour tests stay unseen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from sentiment.comments import Prediction, Status
from sentiment.corpora import load_rows
from sentiment.corpora.contrast_groups import GROUPS
from sentiment.corpora.contrasts import N_ROWS, PHENOMENA, contrast_at
from sentiment.corpora.download import download
from sentiment.corpora.split import TRAIN
from sentiment.evaluation.behaviour import phrases
from sentiment.evaluation.behaviour.identity import identity_groups
from sentiment.evaluation.behaviour.run import behaviour_tests, run_identity
from sentiment.labels import Label


def bare(sentence: str) -> str:
    return sentence.casefold().strip(" .!?")


@pytest.fixture(scope="module")
def made() -> list[tuple[str, str, Label]]:
    return [contrast_at(index) for index in range(N_ROWS)]


def test_every_phenomenon_occurs_with_its_label() -> None:
    seen = {contrast_at(index)[::2] for index in range(200)}
    assert seen == {(name, label) for name, (label, _) in PHENOMENA.items()}


def test_a_sentence_can_be_made_alone() -> None:
    assert contrast_at(77) == contrast_at(77)
    assert len({contrast_at(index)[1] for index in range(1_000)}) > 900


def test_no_slot_is_left_open(made: list[tuple[str, str, Label]]) -> None:
    assert not [text for _, text, _ in made if "{" in text or "[" in text]


@pytest.mark.parametrize("seed", [1, 13, 2026])
def test_no_sentence_of_the_behaviour_tests_is_trained_on(
    made: list[tuple[str, str, Label]], seed: int
) -> None:
    tested = {
        bare(sentence)
        for test in behaviour_tests(seed=seed, n=1_000)
        for case in test.cases
        for sentence in case
    }
    assert not tested & {bare(text) for _, text, _ in made}


def test_no_template_of_the_behaviour_tests_is_trained_on() -> None:
    names = [name for name in vars(phrases) if name.isupper() and name != "SLOTS"]
    tested = {bare(template) for name in names for template in getattr(phrases, name)}
    assert len(tested) > 50
    made = {bare(template) for _, templates in PHENOMENA.values() for template in templates}
    assert not tested & made


class Listener:
    """Says neutral to all, and remembers what it was asked."""

    name, digest = "listener", "ab" * 32

    def __init__(self) -> None:
        self.heard: list[str] = []

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.heard.extend(texts)
        return [Prediction(Label.NEUTRAL, (0.0, 1.0, 0.0), Status.OK) for _ in texts]


def test_no_sentence_or_template_of_the_identity_terms_is_trained_on(
    made: list[tuple[str, str, Label]],
) -> None:
    listener = Listener()
    run_identity(listener, seed=1, n_resamples=200)
    assert not {bare(sentence) for sentence in listener.heard} & {bare(text) for _, text, _ in made}

    def shape(template: str) -> str:
        return re.sub(r"\{\w+\}", "{}", bare(template))

    tested = {shape(template) for group in identity_groups() for template in group.templates}
    assert len(tested) > 20
    ours = {shape(template) for _, templates in PHENOMENA.values() for template in templates}
    assert not tested & ours


def test_a_sentence_about_a_group_keeps_its_label_whatever_the_group(
    made: list[tuple[str, str, Label]],
) -> None:
    terms = sorted({term for terms in GROUPS.values() for term in terms}, key=len, reverse=True)
    any_term = re.compile(
        rf"\ban? (?:{'|'.join(terms)})\b|\b(?:{'|'.join(terms)})\b", re.IGNORECASE
    )
    by_frame: dict[str, dict[str, Label]] = defaultdict(dict)
    for phenomenon, text, label in made:
        if "of a group" in phenomenon:
            by_frame[any_term.sub("{}", text)][text] = label
    assert all(len(set(labels.values())) == 1 for labels in by_frame.values())
    several = [frame for frame, labels in by_frame.items() if len(labels) > 1]
    assert len(several) > 0.8 * len(by_frame)


def test_all_rows_are_for_training(tmp_path: Path) -> None:
    download("contrasts", raw_dir=tmp_path, data_dir=None)
    rows = load_rows("contrasts", raw_dir=tmp_path)
    assert len(rows) == N_ROWS
    assert {row.split for row in rows} == {TRAIN}
