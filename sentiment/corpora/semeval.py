"""SemEval 2013-2016 task 4: tweets labelled by a crowd.

Two editions of the same tweets: the task files merged into one table, or TweetEval's training
split. Both share rows with TweetEval's validation split: never train on one and test on that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sentiment.corpora.corpus import Corpus, Row, SourceFile, label_or_error, read_csv
from sentiment.corpora.tweeteval import read_pair
from sentiment.labels import LABELS_BY_NUMBER

_MERGED = "semeval_2013_2016.csv"
_TEXTS, _CLASSES = "train_text.txt", "train_labels.txt"
_ADDRESS = "https://raw.githubusercontent.com/cardiffnlp/tweeteval/main/datasets/sentiment/"


def _parse(folder: Path) -> Iterator[Row]:
    if (folder / _MERGED).exists():
        yield from _parse_merged(folder / _MERGED)
    else:
        yield from read_pair(folder, texts_file=_TEXTS, labels_file=_CLASSES)


def _parse_merged(path: Path) -> Iterator[Row]:
    # Several task files repeat a tweet under one id: the row number keeps ids unique.
    for number, row in enumerate(read_csv(path, columns=["id", "text", "label"])):
        label = label_or_error(LABELS_BY_NUMBER, row["label"], path=path, row=str(number))
        yield Row(f"{number}/{row['id']}", row["text"] or None, label)


SEMEVAL = Corpus(
    name="semeval",
    title="Tweets of SemEval 2013-2016",
    labeller="a crowd of people",
    human_labelled=True,
    licence="'without restrictions'; the platform's terms apply",
    n_rows=49_570,
    editions=[
        [
            SourceFile(
                _MERGED,
                "464e0e6cc1fc74db8c543d121152a0b0abfdf2fd4bd76b10f1a68522722ae6b9",
                local=f"semeval/{_MERGED}",
            )
        ],
        [
            SourceFile(_TEXTS, None, _ADDRESS + _TEXTS, f"semeval/{_TEXTS}"),
            SourceFile(
                _CLASSES,
                "122bfb1732fb6995b0e5c5f726c0ba457c469c3b6e60513007ce5037f23e65d4",
                _ADDRESS + _CLASSES,
                f"semeval/{_CLASSES}",
            ),
        ],
    ],
    parse=_parse,
)
