"""TweetEval's sentiment test (Barbieri et al. 2020): tweets that published models are ranked on.

The test split alone (SemEval 2017 task 4a): the training split shares its tweets with `semeval`,
the validation split shares rows with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sentiment.corpora.corpus import Corpus, Row, SourceFile, label_or_error
from sentiment.errors import DataError
from sentiment.labels import LABELS

_TEXTS, _CLASSES = "test_text.txt", "test_labels.txt"
_ADDRESS = "https://raw.githubusercontent.com/cardiffnlp/tweeteval/main/datasets/sentiment/"


def _parse(folder: Path) -> Iterator[Row]:
    labels = {str(index): label for index, label in enumerate(LABELS)}
    try:
        # Not splitlines(): a tweet may hold U+2028 or U+0085, which are no ends of lines here.
        texts = (folder / _TEXTS).read_text(encoding="utf-8").removesuffix("\n").split("\n")
        classes = (folder / _CLASSES).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"TweetEval's files can't be read in {folder}: {error}.",
            hint=f"Wanted are {_TEXTS} (a tweet a line) and {_CLASSES} (0, 1 or 2 a line).",
        ) from error
    if len(texts) != len(classes):
        raise DataError(
            f"{folder}: {_TEXTS} has {len(texts):,} tweets, {_CLASSES} has {len(classes):,} labels."
        )
    for number, (text, value) in enumerate(zip(texts, classes, strict=True)):
        label = label_or_error(labels, value, path=folder / _CLASSES, row=str(number))
        yield Row(str(number), text or None, label)


TWEETEVAL = Corpus(
    name="tweeteval",
    title="Tweets of TweetEval's sentiment test (SemEval 2017)",
    labeller="a crowd of people, five a tweet",
    human_labelled=True,
    licence="none stated; the platform's terms apply",
    n_rows=12_284,
    # No copy could be read to take digests.
    editions=[
        [
            SourceFile(name, None, _ADDRESS + name, f"tweeteval/{name}")
            for name in (_TEXTS, _CLASSES)
        ]
    ],
    parse=_parse,
    evaluation_only=True,
)
