"""Soft labels: what a file of them keeps, and what a pupil trains on."""

from __future__ import annotations

from pathlib import Path

import datasets
import numpy as np
import pytest

from sentiment.errors import TrainingError
from sentiment.models.soft_labels import (
    TARGET_COLUMN,
    SoftShare,
    read_soft_labels,
    with_targets,
    write_soft_labels,
)
from sentiment.textclean import short_digest

GOOD, BAD, OTHER = "so good", "so bad", "not asked"
SOFT = {
    short_digest(GOOD): np.array([0.1, 0.2, 0.7]),
    short_digest(BAD): np.array([0.9005, 0.0995, 0.0]),
}


def labelled(*rows: tuple[str, int]) -> datasets.Dataset:
    return datasets.Dataset.from_dict(
        {
            "text": [text for text, _ in rows],
            "label": [label for _, label in rows],
            "source": ["people"] * len(rows),
        }
    )


def test_a_file_gives_back_the_probabilities_to_a_thousandth(tmp_path: Path) -> None:
    path = tmp_path / "soft.csv"
    write_soft_labels(path, SOFT)
    read = read_soft_labels(path)
    assert read.keys() == SOFT.keys()
    for digest, probabilities in read.items():
        assert probabilities.sum() == pytest.approx(1)
        assert np.abs(probabilities - SOFT[digest]).max() <= 0.001


def test_a_file_names_no_text_and_does_not_depend_on_the_order(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    write_soft_labels(one, SOFT)
    write_soft_labels(other, dict(reversed(SOFT.items())))
    assert one.read_bytes() == other.read_bytes()
    assert "good" not in one.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content",
    [
        "text,label\nso good,1\n",
        "digest,negative,positive\nabc,700,700\n",
        "digest,negative,positive\nabc,-1,3\n",
        "digest,negative,positive\nabc,x,3\n",
        "digest,negative,positive\nabc,1\n",
        "",
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "soft.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TrainingError, match="soft labels"):
        read_soft_labels(path)


def test_an_absent_file_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(TrainingError) as caught:
        read_soft_labels(tmp_path / "none.csv")
    assert "sentiment teach" in str(caught.value.hint)


def test_a_labelled_row_comes_near_both_its_labels() -> None:
    rows, _ = with_targets(labelled((GOOD, 2), (BAD, 0)), [], soft_labels=SOFT, weight=0.25)
    assert rows["label"] == [2, 0]
    assert rows[TARGET_COLUMN][0] == pytest.approx([0.025, 0.05, 0.925])


def test_a_row_without_soft_label_keeps_its_own() -> None:
    rows, _ = with_targets(
        labelled((GOOD, 2), (BAD, 0), (OTHER, 1)), [], soft_labels=SOFT, weight=0.5
    )
    assert rows[TARGET_COLUMN][2] == [0.0, 1.0, 0.0]


def test_a_corpus_that_is_trusted_keeps_its_labels() -> None:
    rows, shares = with_targets(
        labelled((GOOD, 0), (OTHER, 1)), [], soft_labels=SOFT, weight=0.5, label_only=["people"]
    )
    assert rows[TARGET_COLUMN] == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    assert shares == {}


def test_an_unlabelled_text_has_the_soft_label_alone() -> None:
    rows, _ = with_targets(
        labelled((GOOD, 0)), [{"text": BAD, "source": "web"}], soft_labels=SOFT, weight=1.0
    )
    assert rows["text"] == [GOOD, BAD]
    assert rows["label"] == [0, 0]
    assert rows[TARGET_COLUMN][1] == pytest.approx([0.9005, 0.0995, 0.0])


def test_unlabelled_texts_that_nobody_has_an_opinion_on_are_missed() -> None:
    texts = [{"text": f"text {number}", "source": "web"} for number in range(100)]
    soft = {short_digest(row["text"]): SOFT[short_digest(BAD)] for row in texts[:95]} | SOFT
    rows, shares = with_targets(labelled((GOOD, 2)), texts, soft_labels=soft, weight=0.5)
    assert shares == {"people": SoftShare(1, 1), "web": SoftShare(100, 95)}
    assert len(rows) == 96
    del soft[short_digest("text 0")]
    with pytest.raises(TrainingError, match="Only 94 of 100 texts of web have a soft label"):
        with_targets(labelled((GOOD, 2)), texts, soft_labels=soft, weight=0.5)


def test_labelled_texts_without_soft_labels_are_told_of(caplog: pytest.LogCaptureFixture) -> None:
    twice = labelled((GOOD, 2), (GOOD, 2), (OTHER, 1))
    _, shares = with_targets(twice, [], soft_labels=SOFT, weight=0.5)
    assert shares == {"people": SoftShare(2, 1)}  # a repeated text counts once
    assert "1 of 2 texts of people have a soft label" in caplog.text


def test_soft_labels_of_other_texts_are_refused() -> None:
    with pytest.raises(TrainingError, match="each of 3 texts, found 1"):
        with_targets(
            labelled((GOOD, 2), (OTHER, 1), (OTHER + "!", 1)), [], soft_labels=SOFT, weight=0.5
        )
