"""Where the texts and labels of an evaluation come from: a corpus or any labelled CSV file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentiment.corpora import corpus_info, held_out_split, load_rows
from sentiment.corpora.corpus import Row
from sentiment.corpora.sentube import LABELLER as SENTUBE_LABELLER
from sentiment.corpora.sentube import load_sentube
from sentiment.corpora.split import TEST
from sentiment.corpora.tweeteval import LABELLER as TWEETEVAL_LABELLER
from sentiment.corpora.tweeteval import load_tweeteval
from sentiment.delimited import read_table
from sentiment.errors import ContractError, DataError
from sentiment.labels import LABELS_BY_NUMBER, Label, label_from_word

WHOLE = "all"
SETS_BY_PATH: Mapping[str, tuple[Callable[[Path], list[Row]], str, str]] = {
    "tweeteval": (load_tweeteval, TWEETEVAL_LABELLER, TEST),
    "sentube": (load_sentube, SENTUBE_LABELLER, WHOLE),
}
"""Name of a set that is in no catalogue -> how it is read, who labelled it, which part it is."""

_MAX_FAILURES = 20
_COLUMNS_HINT = "Name the columns with --text-column and --label-column."


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
        caution: what must be said wherever a score on this set stands; may be empty.
        replies: whether each text answers another comment; None where its source does not say.
        n_unlabelled: rows of the source that are left out because nobody labelled them.
    """

    name: str
    split: str
    labeller: str
    human_labelled: bool
    texts: tuple[str, ...]
    labels: NDArray[np.int64]
    caution: str = ""
    replies: tuple[bool, ...] | None = None
    n_unlabelled: int = 0


def held_out_set(name: str, *, raw_dir: Path, trained_on: Collection[str]) -> LabelledSet:
    """Read what a corpus has to test a model with; raises as `set_from_corpus` does.

    Args:
        name: a corpus that `sentiment corpora` lists.
        raw_dir: folder of the raw corpora.
        trained_on: the corpora that some model to be measured was trained on.
    """
    split = held_out_split(name, trained_on=trained_on)
    return set_from_corpus(name, raw_dir=raw_dir, split=split)


def set_from_corpus(name: str, *, raw_dir: Path, split: str | None) -> LabelledSet:
    """Read one split of a corpus that `sentiment download` brought.

    Rows without text are left out, as preparation drops them too.

    Args:
        name: a corpus that `sentiment corpora` lists.
        raw_dir: folder of the raw corpora.
        split: "train", "validation" or "test"; None takes the whole corpus.

    Raises:
        CorpusUnavailableError: the corpus is not there.
        DataError: there is no such corpus, or the split holds no text.
    """
    corpus = corpus_info(name)
    rows = load_rows(name, raw_dir=raw_dir)
    chosen = [row for row in rows if split in (None, row.split) and _has_text(row)]
    if not chosen:
        raise DataError(
            f"Corpus {name} has no texts in split {split!r}; "
            f"found {', '.join(sorted({str(row.split) for row in rows}))}.",
            hint="Name one of these with --split.",
        )
    return LabelledSet(
        name=name,
        split=split or WHOLE,
        labeller=corpus.labeller,
        human_labelled=corpus.human_labelled,
        caution=corpus.caution,
        texts=tuple(row.text or "" for row in chosen),
        labels=np.asarray([row.label.class_index for row in chosen], dtype=np.int64),
        replies=_replies(chosen),
    )


def set_from_folder(name: str, folder: Path) -> LabelledSet:
    """Read a human-labelled set that is in no catalogue, from a folder of somebody who has it.

    Args:
        name: one of `SETS_BY_PATH`.
        folder: where its files are.

    Raises:
        CorpusUnavailableError: its files are not there; the message says what is expected.
        DataError: they have another shape, or none has a text.
    """
    load, labeller, split = SETS_BY_PATH[name]
    rows = [row for row in load(folder) if _has_text(row)]
    if not rows:
        raise DataError(f"{name} in {folder} holds no labelled text.")
    return LabelledSet(
        name=name,
        split=split,
        labeller=labeller,
        human_labelled=True,
        texts=tuple(row.text or "" for row in rows),
        labels=np.asarray([row.label.class_index for row in rows], dtype=np.int64),
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

    Rows whose label is blank are left out, for nobody labelled them, and counted.
    A row that ends before its label is no such row: a line end in a text without quotes, or a
    quote out of place, looks the same.

    Args:
        path: as `sentiment.delimited.read_table` wants it.
        text_column: column of the texts.
        label_column: column of the labels: negative/neutral/positive or -1/0/1.
        label_map: other values -> labels, such as {"0": NEGATIVE, "1": NEUTRAL, "2": POSITIVE}.
        labeller: who gave the labels, for the report.

    Raises:
        DataError: the file can't be read, row for row, lacks a column, or holds no labelled row.
        ContractError: some labels are none; the first rows of them are named.
    """
    texts: list[str] = []
    labels: list[int] = []
    failures: list[str] = []
    n_unlabelled = 0
    known = dict(label_map) if label_map else None
    rows = read_table(path, columns=(text_column, label_column), hint=_COLUMNS_HINT)
    for number, row in enumerate(rows, start=1):
        word = row[label_column].strip()
        if not word:
            n_unlabelled += 1
            continue
        label = _label_of(word, known)
        if label is None:
            failures.append(f"row {number}: label {word[:40]!r}")
            continue
        texts.append(row[text_column])
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
        split=WHOLE,
        labeller=labeller,
        human_labelled=False,
        texts=tuple(texts),
        labels=np.asarray(labels, dtype=np.int64),
        n_unlabelled=n_unlabelled,
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
    if word in LABELS_BY_NUMBER:
        return LABELS_BY_NUMBER[word]
    try:
        return label_from_word(word)
    except ValueError:
        return None


def _has_text(row: Row) -> bool:
    return bool(row.text and row.text.strip())


def _replies(rows: Sequence[Row]) -> tuple[bool, ...] | None:
    if any(row.is_reply is None for row in rows):
        return None
    return tuple(bool(row.is_reply) for row in rows)
