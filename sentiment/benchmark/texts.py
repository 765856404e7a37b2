"""What a benchmark reads: real comments where the corpus is at hand, else made-up ones.

No two texts are equal once cleaned, so that the predictor, which scores equal texts of one call
once, gains nothing by that.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sentiment.corpora.catalogue import corpus_info, load_rows
from sentiment.corpora.synthetic import SOURCE, generate
from sentiment.errors import DataError
from sentiment.textclean import clean

CORPUS = "youtube_gpt4o"

_MADE_UP_PER_WANTED = 20


@dataclass(frozen=True, slots=True)
class BenchmarkTexts:
    """Texts with their origin.

    Attributes:
        source: name of the corpus.
        texts: raw, in random order, no two equal once cleaned, none empty.
    """

    source: str
    texts: tuple[str, ...]


def load_texts(
    rows: int, *, raw_dir: Path, data_dir: Path | None, seed: int = 13
) -> BenchmarkTexts:
    """Return comments of the corpus where it is at hand, else synthetic ones.

    Args:
        rows: texts wanted, > 0; a smaller corpus gives what it has.
        raw_dir: the folder that `sentiment download` fills; looked at first.
        data_dir: a folder that may hold the corpus as it came; None when there is none.
        seed: chooses the texts.

    Raises:
        DataError: the corpus is there and can't be read.
    """
    real = _real_comments(raw_dir, data_dir)
    if real is None:
        made_up = (comment.text for comment in generate(rows * _MADE_UP_PER_WANTED, seed=seed))
        return BenchmarkTexts(SOURCE, tuple(_distinct(made_up, limit=rows)))
    # Shuffled first: the corpus is sorted by topic.
    random.Random(seed).shuffle(real)  # noqa: S311 - no secret
    texts = tuple(_distinct(real, limit=rows))
    if not texts:
        raise DataError(f"The corpus {CORPUS} holds no text to read.")
    return BenchmarkTexts(CORPUS, texts)


def _real_comments(raw_dir: Path, data_dir: Path | None) -> list[str] | None:
    if (raw_dir / CORPUS).is_dir():
        return [row.text for row in load_rows(CORPUS, raw_dir=raw_dir) if row.text]
    corpus = corpus_info(CORPUS)
    for edition in corpus.editions if data_dir is not None else ():
        paths = [data_dir / file.local for file in edition if data_dir and file.local]
        if len(paths) == len(edition) and all(path.is_file() for path in paths):
            return [row.text for row in corpus.parse(paths[0].parent) if row.text]
    return None


def _distinct(texts: Iterable[str], *, limit: int) -> Iterator[str]:
    seen = {""}
    for text in texts:
        cleaned = clean(text)
        if cleaned in seen:
            continue
        seen.add(cleaned)
        yield text
        if len(seen) > limit:
            return


def sample_by_length(lengths: Sequence[int], *, size: int, seed: int) -> list[int]:
    """Choose texts whose lengths are spread like those of all texts.

    A slow contestant reads a sample; its mean length must be that of the whole, or the figures
    could not be compared. So one text is drawn from each of `size` equal strata of length.

    Args:
        lengths: tokens of each text.
        size: texts wanted; all are returned where there are not more.
        seed: draws the texts and their order.

    Returns:
        Distinct indices into `lengths`, in random order.
    """
    dice = random.Random(seed)  # noqa: S311 - no secret
    ordered = sorted(range(len(lengths)), key=lengths.__getitem__)
    size = min(size, len(ordered))
    edges = [round(number * len(ordered) / size) for number in range(size + 1)] if size else [0]
    chosen = [ordered[dice.randrange(low, high)] for low, high in pairwise(edges)]
    dice.shuffle(chosen)
    return chosen
