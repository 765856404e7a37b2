"""GoEmotions (Demszky et al. 2020): Reddit comments, 28 emotions by three or more people.

Owns the mapping of 28 emotions to three labels: the polarity groups of the paper's figure 2.
`neutral` beside an emotion of either polarity gives way to it. Dropped are comments with
emotions of both polarities and those whose only emotions are ambiguous (realization, surprise,
curiosity, confusion), also where somebody else said neutral.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from sentiment.corpora.corpus import Corpus, Row, SourceFile
from sentiment.errors import DataError
from sentiment.labels import Label

# In the order of the corpus's own emotions.txt: a file names an emotion by its place here.
EMOTIONS = (
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion",
    "curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment",
    "excitement", "fear", "gratitude", "grief", "joy", "love", "nervousness", "optimism",
    "pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral",
)  # fmt: skip
POSITIVE_EMOTIONS = frozenset({
    "admiration", "amusement", "approval", "caring", "desire", "excitement", "gratitude", "joy",
    "love", "optimism", "pride", "relief",
})  # fmt: skip
NEGATIVE_EMOTIONS = frozenset({
    "anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment", "fear",
    "grief", "nervousness", "remorse", "sadness",
})  # fmt: skip

_ADDRESS = (
    "https://raw.githubusercontent.com/google-research/google-research/master/goemotions/data/"
)
_SPLITS = {"train.tsv": "train", "dev.tsv": "validation", "test.tsv": "test"}
_SHA256 = {
    "train.tsv": "1c254a142be5c00e80d819b9ae1bbd36d94b2eeb8f4b1271846508d57e57d9c5",
    "dev.tsv": "575489c079c9de1097062a01738f998590d6b7ead66dd1c9fd1d2ba01fd8bc62",
    "test.tsv": "0587b2dd8b27b97352adbfc3fb083d46005c8946657fdc2b1ca8b1cc7f1f8be4",
}


def label_of_emotions(emotions: frozenset[str]) -> Label | None:
    """Return the three-way label of a comment's emotions; None when it has no clear one."""
    positive, negative = emotions & POSITIVE_EMOTIONS, emotions & NEGATIVE_EMOTIONS
    if positive and negative:
        return None
    if positive or negative:
        return Label.POSITIVE if positive else Label.NEGATIVE
    return Label.NEUTRAL if emotions == {"neutral"} else None


def _parse(folder: Path) -> Iterator[Row]:
    for name, split in _SPLITS.items():
        yield from _parse_file(folder / name, split)


def _parse_file(path: Path, split: str) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for number, fields in enumerate(csv.reader(file, "excel-tab", quoting=csv.QUOTE_NONE)):
                text, indices, identity = fields
                emotions = tuple(int(index) for index in indices.split(","))
                label = label_of_emotions(frozenset(EMOTIONS[index] for index in emotions))
                if label is not None:
                    yield Row(f"{split}/{number}/{identity}", text, label, split, emotions)
    except (OSError, UnicodeDecodeError, ValueError, IndexError, csv.Error) as error:
        raise DataError(
            f"{path} is not a GoEmotions file (text, emotion indices, id by tabs): {error}."
        ) from error


GOEMOTIONS = Corpus(
    name="goemotions",
    title="Reddit comments, raw, official splits",
    labeller="people, three or more a comment",
    human_labelled=True,
    licence="Apache-2.0",
    n_rows=48_050,
    editions=[
        [
            SourceFile(name, sha256, _ADDRESS + name, f"goemotions/{name}")
            for name, sha256 in _SHA256.items()
        ]
    ],
    parse=_parse,
)
