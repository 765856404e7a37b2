"""The rows that are compared on, and the folds they lie in: functions of the texts alone.

Rows come from the training and validation splits; a copy of a comment counts once, and one that
is also a test row not at all. Within each label the texts are ordered by their hash and dealt
out to the folds in turn: exact strata, the same whatever order the rows are read in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentiment.corpora import corpus_info, load_rows
from sentiment.corpora.split import TEST
from sentiment.errors import ConfigError, DataError
from sentiment.labels import LABEL_NAMES, N_CLASSES
from sentiment.models.face import LabelledTexts
from sentiment.textclean import clean, duplicate_key

_FOLD_SALT, _SAMPLE_SALT, _VALIDATION_SALT = "fold-1:", "sample-1:", "stop-1:"
_VALIDATION_PART = 10


@dataclass(frozen=True, slots=True)
class FoldRows:
    """What one fold is measured with; all models get the same.

    Attributes:
        train: rows to learn from.
        validation: a tenth of the other folds' rows, which only decides when to stop.
        held_out: places of the fold's own rows, shape (n,).
    """

    train: LabelledTexts
    validation: LabelledTexts
    held_out: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ComparedRows:
    """All rows with their folds.

    Attributes:
        texts: raw texts, no two of them copies.
        keys: what each shares with its copies, see `duplicate_key`.
        labels: class indexes 0..2, shape (n,).
        folds: number of the fold of each row, shape (n,).
    """

    texts: list[str]
    keys: list[str]
    labels: NDArray[np.int64]
    folds: NDArray[np.int64]

    @property
    def digest(self) -> str:
        """Hexadecimal sha256 of texts, labels and folds."""
        digest = hashlib.sha256()
        for text, label, fold in zip(self.texts, self.labels, self.folds, strict=True):
            encoded = text.encode("utf-8", "surrogatepass")
            digest.update(f"{label},{fold},{len(encoded)},".encode() + encoded)
        return digest.hexdigest()

    def fold(self, number: int) -> FoldRows:
        """Return the rows of one fold, 0..n_folds - 1."""
        train, validation = self._for_learning(np.flatnonzero(self.folds != number))
        return FoldRows(train, validation, held_out=np.flatnonzero(self.folds == number))

    def for_learning(self) -> tuple[LabelledTexts, LabelledTexts]:
        """Return every row: nine tenths to learn from, a tenth that only decides when to stop."""
        return self._for_learning(np.arange(len(self.texts)))

    def _for_learning(self, places: NDArray[np.int64]) -> tuple[LabelledTexts, LabelledTexts]:
        texts, labels = [self.texts[place] for place in places], self.labels[places]
        keys = [self.keys[place] for place in places]
        stop = deal(keys, labels, n=_VALIDATION_PART, salt=_VALIDATION_SALT) == 0
        return (
            LabelledTexts(_chosen(texts, ~stop), labels[~stop]),
            LabelledTexts(_chosen(texts, stop), labels[stop]),
        )


def read_rows(
    corpora: Sequence[str], *, raw_dir: Path, n_folds: int, sample: int | None = None
) -> ComparedRows:
    """Read the rows of a comparison.

    Args:
        corpora: names of corpora that may be trained on.
        raw_dir: the folder that `sentiment download` fills.
        n_folds: >= 2.
        sample: take about this many rows, in the shares of the labels; None takes all.

    Raises:
        ConfigError: a corpus is for evaluation only.
        CorpusUnavailableError: a corpus was not downloaded.
        DataError: a label has fewer rows than there are folds.
    """
    for name in corpora:
        if corpus_info(name).evaluation_only:
            raise ConfigError(
                f"The corpus {name} is for evaluation only and can't be compared on.",
                hint="Folds are trained on: name corpora such as goemotions or semeval.",
            )
    rows = [row for name in corpora for row in load_rows(name, raw_dir=raw_dir) if row.text]
    seen = {_key(row.text) for row in rows if row.text and row.split == TEST}
    texts, keys, classes = [], [], []
    for row in rows:
        key = _key(row.text or "")
        if row.split == TEST or not key or key in seen or row.text is None:
            continue
        seen.add(key)
        texts.append(row.text)
        keys.append(key)
        classes.append(row.label.class_index)
    labels = np.asarray(classes, dtype=np.int64)
    if sample is not None and sample < len(texts):
        kept = _sample(keys, labels, sample)
        texts, keys, labels = _chosen(texts, kept), _chosen(keys, kept), labels[kept]
    counts = np.bincount(labels, minlength=N_CLASSES)
    if counts.min() < _VALIDATION_PART:
        found = ", ".join(f"{n:,} {name}" for name, n in zip(LABEL_NAMES, counts, strict=True))
        raise DataError(
            f"A comparison needs at least {_VALIDATION_PART} rows of each label, found {found}.",
            hint="Take a larger sample, or more corpora.",
        )
    return ComparedRows(texts, keys, labels, deal(keys, labels, n=n_folds, salt=_FOLD_SALT))


def deal(keys: Sequence[str], labels: NDArray[np.int64], *, n: int, salt: str) -> NDArray[np.int64]:
    """Deal texts out to `n` parts so that each part has the same share of each label.

    Args:
        keys: of the texts, no two alike.
        labels: class indexes, shape (n_texts,).
        n: number of parts.
        salt: another one gives another dealing.

    Returns:
        Number of the part of each text, 0..n - 1.
    """
    hashes = [_hash(key, salt) for key in keys]
    parts = np.zeros(len(keys), dtype=np.int64)
    for label in range(N_CLASSES):
        members = sorted(np.flatnonzero(labels == label).tolist(), key=hashes.__getitem__)
        parts[members] = np.arange(len(members)) % n
    return parts


def _sample(keys: Sequence[str], labels: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Mark about `size` texts, those of the lowest hashes of each label."""
    hashes = [_hash(key, _SAMPLE_SALT) for key in keys]
    marks = np.zeros(len(keys), dtype=np.bool_)
    for label in range(N_CLASSES):
        members = sorted(np.flatnonzero(labels == label).tolist(), key=hashes.__getitem__)
        marks[members[: round(size * len(members) / len(keys))]] = True
    return marks


def _chosen(texts: Sequence[str], marks: NDArray[np.bool_]) -> list[str]:
    return [text for text, mark in zip(texts, marks, strict=True) if mark]


def _key(text: str) -> str:
    return duplicate_key(clean(text))


def _hash(key: str, salt: str) -> bytes:
    return hashlib.sha256((salt + key).encode("utf-8", "surrogatepass")).digest()
