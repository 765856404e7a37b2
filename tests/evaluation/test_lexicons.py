from __future__ import annotations

import csv
from pathlib import Path

from sentiment.evaluation.lexicons import textblob_labels
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


def test_textblob_is_where_the_reddit_labels_come_from(shared_dir: Path) -> None:
    path = shared_dir / "data" / "reddit" / "Reddit_Data.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["clean_comment"]][::40]
    assert len(rows) > 900
    labels = textblob_labels([row["clean_comment"] for row in rows])
    assert [label.value for label in labels] == [int(row["category"]) for row in rows]
