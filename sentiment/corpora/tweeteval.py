"""TweetEval's sentiment test (Barbieri et al. 2020): tweets that published models are ranked on.

The test split alone (SemEval 2017 task 4a): the training split shares its tweets with `semeval`,
the validation split shares rows with it. By path and in no catalogue, for it is no part of the
pipeline: whoever has it measures on it.
"""

from __future__ import annotations

from pathlib import Path

from sentiment.corpora.corpus import Row, label_or_error
from sentiment.errors import CorpusUnavailableError, DataError
from sentiment.labels import LABELS

LABELLER = "a crowd of people"

_TEXTS, _CLASSES = "test_text.txt", "test_labels.txt"
_SOURCE = "github.com/cardiffnlp/tweeteval, folder datasets/sentiment"


def load_tweeteval(folder: Path) -> list[Row]:
    """Read the test split: a tweet a line, and its class 0, 1 or 2 a line.

    Args:
        folder: holds `test_text.txt` and `test_labels.txt`.

    Raises:
        CorpusUnavailableError: a file is not there; the message says what is expected.
        DataError: the files don't fit each other, or hold something else.
    """
    missing = [name for name in (_TEXTS, _CLASSES) if not (folder / name).is_file()]
    if missing:
        raise CorpusUnavailableError(
            f"TweetEval's sentiment test is not in {folder}: there is no {missing[0]}.",
            hint=f"It is public ({_SOURCE}); put {_TEXTS} and {_CLASSES} into a folder tweeteval.",
        )
    return read_pair(folder, texts_file=_TEXTS, labels_file=_CLASSES)


def read_pair(folder: Path, *, texts_file: str, labels_file: str) -> list[Row]:
    """Read one split of TweetEval: a tweet a line, and its class 0, 1 or 2 a line.

    Raises:
        DataError: the files can't be read, don't fit each other, or hold something else.
    """
    labels = {str(index): label for index, label in enumerate(LABELS)}
    try:
        # Not splitlines(): a tweet may hold U+2028 or U+0085, which are no ends of lines here.
        texts = (folder / texts_file).read_text(encoding="utf-8").removesuffix("\n").split("\n")
        classes = (folder / labels_file).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"TweetEval's files in {folder} can't be read: {error}.") from error
    if len(texts) != len(classes):
        raise DataError(
            f"{folder}: {texts_file} has {len(texts):,} tweets, {labels_file} has "
            f"{len(classes):,} labels."
        )
    return [
        Row(
            str(number),
            text or None,
            label_or_error(labels, value, path=folder / labels_file, row=str(number)),
        )
        for number, (text, value) in enumerate(zip(texts, classes, strict=True))
    ]
