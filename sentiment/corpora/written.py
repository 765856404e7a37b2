"""YouTube comments that a large language model made up, with the feeling that it gave each writer.

What collections of real comments have least of: complaint without a word of complaint, irony,
praise in harsh words, plain questions in warm ones, emoji at either end, upper and lower case.
docs/writing.md has the rules that they were written by.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from sentiment.corpora.corpus import Corpus, Row, SourceFile, label_or_error, read_csv
from sentiment.corpora.split import TEST, TRAIN, VALIDATION
from sentiment.files import whole_file
from sentiment.labels import LABELS_BY_NUMBER

WRITTEN_PATH = Path(__file__).with_suffix(".csv")
_FILE = WRITTEN_PATH.name
# Neighbours may differ in one turn of phrase: stretches of them stay on one side of the split.
_STRETCH = (*(TRAIN,) * 40, *(VALIDATION,) * 5, *(TEST,) * 5)


def _fetch(folder: Path) -> None:
    with whole_file(folder / _FILE) as partial:
        shutil.copyfile(WRITTEN_PATH, partial)


def _parse(folder: Path) -> Iterator[Row]:
    path = folder / _FILE
    for number, row in enumerate(read_csv(path, columns=["text", "label"])):
        id_ = f"written-{number}"
        label = label_or_error(LABELS_BY_NUMBER, row["label"], path=path, row=id_)
        yield Row(id_, row["text"], label, split=_STRETCH[number % len(_STRETCH)])


WRITTEN = Corpus(
    name="written",
    title="Made-up YouTube comments, each thought of by itself, most of them hard to tell",
    labeller="a large language model (Claude) that wrote each to feel so",
    human_labelled=False,
    licence="Apache-2.0",
    n_rows=3_990,
    editions=[[SourceFile(_FILE)]],
    parse=_parse,
    fetch=_fetch,
    caution="Made-up comments: figures on them say what a model finds hard, not how often it errs.",
)
