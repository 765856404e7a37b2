"""The Kaggle file of Reddit comments. Its labels are a lexicon's output, not people's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sentiment.corpora.corpus import Corpus, Row, SourceFile, label_or_error, read_csv
from sentiment.labels import LABELS_BY_NUMBER

_FILE = "Reddit_Data.csv"
_SHA256 = "441cae031c856b9239091b00c683dd13d8624d09e973a91f010e3cc432455370"
_URL = (
    "https://raw.githubusercontent.com/Himanshu-1703/reddit-sentiment-analysis/main/data/reddit.csv"
)


def _parse(folder: Path) -> Iterator[Row]:
    path = folder / _FILE
    for number, row in enumerate(read_csv(path, columns=["clean_comment", "category"])):
        identity = str(number)
        label = label_or_error(LABELS_BY_NUMBER, row["category"], path=path, row=identity)
        yield Row(identity, row["clean_comment"] or None, label)


REDDIT = Corpus(
    name="reddit",
    title="Reddit comments on politics, lower-cased, without punctuation",
    labeller="TextBlob (sign of its polarity)",
    human_labelled=False,
    licence="none stated",
    n_rows=37_249,
    editions=[[SourceFile(_FILE, _SHA256, _URL, "reddit/Reddit_Data.csv")]],
    parse=_parse,
    caution="The labels are TextBlob's output, so accuracy here says nothing about people.",
)
