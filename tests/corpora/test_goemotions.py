"""Twenty-eight emotions become three labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.corpora.goemotions import (
    EMOTIONS,
    GOEMOTIONS,
    NEGATIVE_EMOTIONS,
    POSITIVE_EMOTIONS,
    label_of_emotions,
)
from sentiment.errors import DataError
from sentiment.labels import Label
from tests.corpora.handmade import write_goemotions

# Written down once more, by hand from the paper's figure 2, so that a slip in the module shows.
POSITIVE = (
    "admiration amusement approval caring desire excitement gratitude joy love optimism pride "
    "relief"
)
NEGATIVE = (
    "anger annoyance disappointment disapproval disgust embarrassment fear grief nervousness "
    "remorse sadness"
)
AMBIGUOUS = "realization surprise curiosity confusion"
WANTED: dict[str, Label | None] = {
    **dict.fromkeys(POSITIVE.split(), Label.POSITIVE),
    **dict.fromkeys(NEGATIVE.split(), Label.NEGATIVE),
    **dict.fromkeys(AMBIGUOUS.split(), None),
    "neutral": Label.NEUTRAL,
}


def test_emotions_are_the_28_of_the_paper() -> None:
    assert len(EMOTIONS) == 28
    assert set(EMOTIONS) == set(WANTED)
    assert len(POSITIVE_EMOTIONS) == 12
    assert len(NEGATIVE_EMOTIONS) == 11


def test_emotions_stand_in_the_order_of_the_corpus(shared_dir: Path) -> None:
    names = (shared_dir / "data/goemotions/emotions.txt").read_text(encoding="utf-8").split()
    assert list(EMOTIONS) == names


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_label_of_a_single_emotion(emotion: str) -> None:
    assert label_of_emotions(frozenset({emotion})) is WANTED[emotion]


@pytest.mark.parametrize(
    ("emotions", "label"),
    [
        ("joy neutral", Label.POSITIVE),
        ("anger neutral", Label.NEGATIVE),
        ("joy surprise", Label.POSITIVE),
        ("sadness confusion neutral", Label.NEGATIVE),
        ("joy love pride", Label.POSITIVE),
        ("joy anger", None),
        ("joy anger neutral", None),
        ("neutral surprise", None),
        ("neutral curiosity confusion", None),
        ("surprise realization", None),
    ],
)
def test_label_of_several_emotions(emotions: str, label: Label | None) -> None:
    assert label_of_emotions(frozenset(emotions.split())) is label


def test_parse_reads_splits_labels_and_emotions(tmp_path: Path) -> None:
    folder = write_goemotions(
        tmp_path,
        train=[("I love it", "18"), ("mixed", "2,18"), ('a "quoted start', "2,27"), ("hm", "6")],
        dev=[("is it?", "27")],
        test=[("Worst.", "9,10")],
    )
    rows = list(GOEMOTIONS.parse(folder))
    assert [(row.text, row.label, row.split, row.emotions) for row in rows] == [
        ("I love it", Label.POSITIVE, "train", (18,)),
        ('a "quoted start', Label.NEGATIVE, "train", (2, 27)),
        ("is it?", Label.NEUTRAL, "validation", (27,)),
        ("Worst.", Label.NEGATIVE, "test", (9, 10)),
    ]
    assert len({row.id for row in rows}) == 4


@pytest.mark.parametrize("line", ["only text", "text\tjoy\tid", "text\t28\tid", "a\t1\tid\tmore"])
def test_parse_refuses_foreign_lines(tmp_path: Path, line: str) -> None:
    folder = write_goemotions(tmp_path, train=[("fine", "1")])
    (folder / "dev.tsv").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"dev\.tsv is not a GoEmotions file"):
        list(GOEMOTIONS.parse(folder))


def test_parse_refuses_what_is_not_utf8(tmp_path: Path) -> None:
    folder = write_goemotions(tmp_path)
    (folder / "train.tsv").write_bytes(b"caf\xe9\t1\tid\n")
    with pytest.raises(DataError, match=r"train\.tsv is not a GoEmotions file"):
        list(GOEMOTIONS.parse(folder))
