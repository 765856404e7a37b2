"""The made-up comments of `sentiment.corpora.synthetic` as a corpus, for smoke runs and tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sentiment.corpora.corpus import Corpus, Row, SourceFile, label_or_error, read_csv
from sentiment.corpora.synthetic import write_csv
from sentiment.labels import LABELS_BY_NUMBER

N_ROWS = 2_000
SEED = 13
_FILE = "synthetic.csv"


def _fetch(folder: Path) -> None:
    write_csv(folder / _FILE, rows=N_ROWS, seed=SEED)


def _parse(folder: Path) -> Iterator[Row]:
    path = folder / _FILE
    for row in read_csv(path, columns=["id", "text", "label"]):
        label = label_or_error(LABELS_BY_NUMBER, row["label"], path=path, row=row["id"])
        yield Row(row["id"], row["text"] or None, label)


SYNTHETIC = Corpus(
    name="synthetic",
    title="Made-up YouTube comments from seeded templates",
    labeller="the template's intention",
    human_labelled=False,
    licence="Apache-2.0",
    n_rows=N_ROWS,
    editions=[[SourceFile(_FILE)]],
    parse=_parse,
    fetch=_fetch,
    caution="Made-up text: figures here prove that the pipeline runs, and nothing else.",
)
