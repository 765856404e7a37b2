"""Where the texts and labels of an evaluation come from: a corpus or any labelled CSV file."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentiment.errors import ContractError, DataError
from sentiment.labels import LABELS, Label, label_from_word

_MAX_FAILURES = 20
_NUMBERS = {str(label.value): label for label in LABELS}


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Texts with the labels somebody gave them.

    Attributes:
        name: the corpus, or the file's name.
        split: which part of it.
        labeller: who gave the labels.
        human_labelled: whether people did.
        texts: raw texts, in the order of the source.
        labels: class indexes 0..2, shape (len(texts),).
    """

    name: str
    split: str
    labeller: str
    human_labelled: bool
    texts: tuple[str, ...]
    labels: NDArray[np.int64]


def set_from_corpus(name: str, *, raw_dir: Path, split: str) -> LabelledSet:
    """Read one split of a corpus that `sentiment download` brought.

    Args:
        name: a corpus that `sentiment corpora` lists.
        raw_dir: folder of the raw corpora.
        split: "train", "validation" or "test".

    Raises:
        CorpusUnavailableError: the corpus is not there.
        DataError: the split holds no row.
    """
    # Loads `datasets`, which takes seconds.
    from sentiment.corpora import corpus_info, load_corpus  # noqa: PLC0415

    info = corpus_info(name)
    rows = load_corpus(name, raw_dir=raw_dir)
    splits = list(rows["split"])
    kept = [index for index, found in enumerate(splits) if found == split]
    if not kept:
        raise DataError(
            f"Corpus {name} has no rows in split {split!r}; found {_listed(set(splits))}.",
            hint="Name one of these with --split.",
        )
    chosen = rows.select(kept)
    return LabelledSet(
        name=name,
        split=split,
        labeller=info.labeller,
        human_labelled=info.human_labelled,
        texts=tuple(str(text) for text in chosen["text"]),
        labels=np.asarray(list(chosen["label"]), dtype=np.int64),
    )


def set_from_csv(
    path: Path,
    *,
    text_column: str,
    label_column: str,
    label_map: Mapping[str, Label] | None = None,
    labeller: str = "not stated",
) -> LabelledSet:
    """Read a labelled CSV file (tab-separated if its name ends in .tsv).

    Rows whose label is blank are left out: nobody labelled them.

    Args:
        path: a UTF-8 file with a header.
        text_column: column of the texts.
        label_column: column of the labels: negative/neutral/positive or -1/0/1.
        label_map: other values -> labels, such as {"0": NEGATIVE, "1": NEUTRAL, "2": POSITIVE}.
        labeller: who gave the labels, for the report.

    Raises:
        DataError: the file can't be read, lacks a column, or holds no labelled row.
        ContractError: some labels are none; each such line is named.
    """
    texts: list[str] = []
    labels: list[int] = []
    failures: list[str] = []
    known = dict(label_map) if label_map else None
    with _reading(path), path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        _require_columns(path, reader.fieldnames, (text_column, label_column))
        for row in reader:
            word = (row[label_column] or "").strip()
            if not word:
                continue
            label = _label_of(word, known)
            if label is None:
                failures.append(f"line {reader.line_num}: label {word[:40]!r}")
                continue
            texts.append(row[text_column] or "")
            labels.append(label.class_index)
    if failures:
        wanted = ", ".join(known) if known else "negative, neutral, positive, -1, 0 or 1"
        raise ContractError(
            f"{path} holds {len(failures):,} labels that are none; wanted {wanted}.",
            failures=failures[:_MAX_FAILURES],
            hint="Say what other values mean: --label-map 0=negative,1=neutral,2=positive.",
        )
    if not texts:
        raise DataError(f"{path} holds no labelled row.", hint="Check --label-column.")
    return LabelledSet(
        name=path.stem,
        split="all",
        labeller=labeller,
        human_labelled=False,
        texts=tuple(texts),
        labels=np.asarray(labels, dtype=np.int64),
    )


def parse_label_map(text: str) -> dict[str, Label]:
    """Read `0=negative,1=neutral,2=positive`.

    Raises:
        DataError: a part has no `=`, or names no label.
    """
    parsed: dict[str, Label] = {}
    for part in text.split(","):
        value, separator, word = part.partition("=")
        try:
            label = label_from_word(word)
        except ValueError:
            separator = ""
        if not separator or not value.strip():
            raise DataError(
                f"A label map is VALUE=LABEL,VALUE=LABEL,..., found {part!r}.",
                hint="For instance --label-map 0=negative,1=neutral,2=positive.",
            )
        parsed[value.strip()] = label
    return parsed


def _label_of(word: str, known: Mapping[str, Label] | None) -> Label | None:
    if known is not None:
        return known.get(word)
    if word in _NUMBERS:
        return _NUMBERS[word]
    try:
        return label_from_word(word)
    except ValueError:
        return None


def _require_columns(path: Path, found: object, wanted: tuple[str, ...]) -> None:
    columns = [str(name) for name in found] if isinstance(found, (list, tuple)) else []
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise DataError(
            f"{path} has no column {_listed(missing)}; found {_listed(columns)}.",
            hint="Name its columns with --text-column and --label-column.",
        )


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    # Comments of 10,000 characters and more are legitimate; the default limit is 131,072 bytes.
    previous_limit = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not UTF-8: {error.reason} at byte {error.start:,}.",
            hint="Save it as UTF-8.",
        ) from error
    except csv.Error as error:
        raise DataError(f"{path} is no readable CSV: {error}.") from error
    finally:
        csv.field_size_limit(previous_limit)


def _listed(names: set[str] | list[str]) -> str:
    return ", ".join(repr(name) for name in sorted(names)) or "none"
