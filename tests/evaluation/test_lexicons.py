from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sentiment.errors import DataError
from sentiment.evaluation.lexicons import textblob_agreement, textblob_labels
from sentiment.labels import Label


def test_textblob_labels_by_the_sign_of_polarity() -> None:
    texts = ["this is great", "this is terrible", "a table", "", "😀"]
    assert textblob_labels(texts) == [
        Label.POSITIVE,
        Label.NEGATIVE,
        Label.NEUTRAL,
        Label.NEUTRAL,
        Label.NEUTRAL,
    ]


def test_agreement_counts_equal_labels() -> None:
    labels = [Label.POSITIVE, Label.POSITIVE, Label.NEUTRAL, Label.NEUTRAL]
    share = textblob_agreement(["great", "terrible", "a table", "so good"], labels)
    assert (share.held, share.n) == (2, 4)


@pytest.mark.parametrize(("texts", "labels"), [([], []), (["good"], [])])
def test_agreement_wants_one_label_a_text(texts: list[str], labels: list[Label]) -> None:
    with pytest.raises(DataError, match=f"found 0 labels for {len(texts)} texts"):
        textblob_agreement(texts, labels)


def test_textblob_is_where_the_reddit_labels_come_from(shared_dir: Path) -> None:
    path = shared_dir / "data" / "reddit" / "Reddit_Data.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["clean_comment"]][::40]
    assert len(rows) > 900
    labels = [Label(int(row["category"])) for row in rows]
    share = textblob_agreement([row["clean_comment"] for row in rows], labels)
    assert share.held == share.n == len(rows)
