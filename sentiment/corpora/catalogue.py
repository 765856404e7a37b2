"""All corpora by name, and how one becomes a `datasets.Dataset`."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sentiment.corpora.contrasts import CONTRASTS
from sentiment.corpora.corpus import Corpus, Row, SourceFile
from sentiment.corpora.feedback import FEEDBACK
from sentiment.corpora.goemotions import GOEMOTIONS
from sentiment.corpora.rated import RATED_FILMS, RATED_REVIEWS, RATED_TWEETS
from sentiment.corpora.reddit import REDDIT
from sentiment.corpora.semeval import SEMEVAL
from sentiment.corpora.split import TEST, split_of
from sentiment.corpora.synthetic_corpus import SYNTHETIC
from sentiment.corpora.written import WRITTEN
from sentiment.corpora.youtube_labels import (
    HUMAN_100,
    YOUTUBE_GPT4O,
    YOUTUBE_PRODUCT,
    YOUTUBE_SILVER,
)
from sentiment.corpora.youtube_read import YOUTUBE_READ
from sentiment.errors import CorpusUnavailableError, DataError
from sentiment.files import sha256_of_file
from sentiment.labels import LABEL_NAMES

if TYPE_CHECKING:
    from datasets import Dataset

_CORPORA = {
    corpus.name: corpus
    for corpus in (
        GOEMOTIONS,
        SEMEVAL,
        RATED_TWEETS,
        RATED_REVIEWS,
        RATED_FILMS,
        REDDIT,
        YOUTUBE_GPT4O,
        HUMAN_100,
        YOUTUBE_PRODUCT,
        YOUTUBE_SILVER,
        YOUTUBE_READ,
        SYNTHETIC,
        CONTRASTS,
        WRITTEN,
        FEEDBACK,
    )
}


def corpus_names() -> list[str]:
    """Return the names of all corpora."""
    return list(_CORPORA)


def corpus_info(name: str) -> Corpus:
    """Return what is known of a corpus.

    Raises:
        DataError: there is none of that name; the nearest is named.
    """
    try:
        return _CORPORA[name]
    except KeyError:
        nearest = difflib.get_close_matches(name, _CORPORA, n=1, cutoff=0.4)
        advice = f"Did you mean {nearest[0]!r}? " if nearest else ""
        raise DataError(
            f"There is no corpus {name!r}.", hint=f"{advice}There are: {', '.join(_CORPORA)}."
        ) from None


def load_rows(name: str, *, raw_dir: Path) -> list[Row]:
    """Read a downloaded corpus, each row with its split.

    Args:
        name: of the corpus.
        raw_dir: the folder that `sentiment download` fills.

    Raises:
        CorpusUnavailableError: it was not downloaded.
        DataError: a file is not what it should be, or holds no row.
    """
    corpus = corpus_info(name)
    folder = corpus.folder(raw_dir)
    # An interrupted download may have left the folder, or the first of several files.
    if not any(_all_present(folder, files) for files in corpus.editions):
        raise CorpusUnavailableError(
            f"The corpus {name} is not in {folder}.", hint=f"Run `sentiment download {name}`."
        )
    rows = [_with_split(row, corpus) for row in corpus.parse(folder)]
    if not rows:
        raise DataError(f"The corpus {name} in {folder} holds no row.")
    return rows


def held_out_split(name: str, *, trained_on: Collection[str]) -> str | None:
    """Return the split of a corpus that tests a model; None for the whole corpus.

    Args:
        name: of the corpus.
        trained_on: the corpora whose texts the model learnt from.

    Raises:
        DataError: there is no such corpus.
    """
    return None if corpus_info(name).whole_if_unseen and name not in trained_on else TEST


def load_corpus(name: str, *, raw_dir: Path) -> Dataset:
    """Read a downloaded corpus as a Hugging Face dataset.

    Returns:
        Columns text (string, null where the corpus has none), label (`ClassLabel` in the order
        of `LABEL_NAMES`), source, id and split (`train`, `validation` or `test`).

    Raises:
        CorpusUnavailableError: it was not downloaded.
        DataError: a file is not what it should be, or holds no row.
    """
    import datasets  # noqa: PLC0415 - takes seconds

    rows = load_rows(name, raw_dir=raw_dir)
    features = datasets.Features(
        {
            "text": datasets.Value("string"),
            "label": datasets.ClassLabel(names=list(LABEL_NAMES)),
            "source": datasets.Value("string"),
            "id": datasets.Value("string"),
            "split": datasets.Value("string"),
        }
    )
    columns = {
        "text": [row.text for row in rows],
        "label": [row.label.class_index for row in rows],
        "source": [name] * len(rows),
        "id": [row.id for row in rows],
        "split": [row.split for row in rows],
    }
    return datasets.Dataset.from_dict(columns, features=features)


def corpus_digest(name: str, *, raw_dir: Path) -> str:
    """Return the hexadecimal sha256 over the files of a downloaded corpus, names included.

    Labels that this repository holds count too.
    """
    corpus = corpus_info(name)
    folder = corpus.folder(raw_dir)
    present = [
        file.name
        for edition in corpus.editions
        for file in edition
        if (folder / file.name).exists()
    ]
    paths = [folder / file_name for file_name in sorted(present)]
    if corpus.labels_path is not None:
        paths.append(corpus.labels_path)
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.name}={sha256_of_file(path)}\n".encode())
    return digest.hexdigest()


def all_corpora() -> Iterator[Corpus]:
    """Yield every corpus, those to train on first."""
    yield from _CORPORA.values()


def _all_present(folder: Path, files: Sequence[SourceFile]) -> bool:
    return all((folder / file.name).is_file() for file in files)


def _with_split(row: Row, corpus: Corpus) -> Row:
    split = TEST if corpus.evaluation_only else row.split or split_of(row.text or "")
    return replace(row, split=split)
