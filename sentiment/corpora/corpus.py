"""What a corpus is: where its files are, who labelled it, how a file becomes rows.

One module a corpus fills these in; `sentiment.corpora.catalogue` collects them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sentiment.delimited import check_columns
from sentiment.errors import DataError
from sentiment.labels import Label


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled text as its corpus holds it.

    Attributes:
        id: unique within the corpus.
        text: None where the corpus has no text.
        label: the three-way label.
        split: `train`, `validation` or `test` where the corpus fixes it; None leaves it to the
            hash of the text.
        emotions: indices into `sentiment.corpora.goemotions.EMOTIONS` where people named any.
        is_reply: whether it answers another comment; None where the corpus does not say.
    """

    id: str
    text: str | None
    label: Label
    split: str | None = None
    emotions: tuple[int, ...] = ()
    is_reply: bool | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a corpus.

    Attributes:
        name: its name in `data/raw/<corpus>/`.
        sha256: of the content; None where no copy could be read to take it.
        url: its public address; None when it has none of its own.
        local: its path below `SENTIMENT_DATA_DIR`; None when it is only public.
    """

    name: str
    sha256: str | None = None
    url: str | None = None
    local: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus and all that is known of it.

    Attributes:
        name: as configurations and commands name it.
        title: one line on what the texts are.
        labeller: who gave the labels.
        human_labelled: whether people did.
        evaluation_only: never trained on; all its rows are test rows.
        whole_if_unseen: whether all of it, and not its test rows alone, tests a model that never
            saw any of it; for corpora without an official split.
        licence: as its source states it.
        n_rows: rows with a three-way label, as far as known.
        editions: sets of files that each make the corpus, tried in order, the fullest first.
        parse: turns the folder of files into rows.
        fetch: how to get files that have no address of their own; takes the folder to fill.
        collected: whether it is made from this installation's own use, and so never downloaded.
        labels_path: a file of this repository that holds its labels; None where its own files do.
        refuse: raises `DataError` where its folder may not be used any more.
        caution: what must be said wherever a figure on this corpus stands; may be empty.
    """

    name: str
    title: str
    labeller: str
    human_labelled: bool
    licence: str
    n_rows: int
    editions: Sequence[Sequence[SourceFile]]
    parse: Callable[[Path], Iterator[Row]]
    evaluation_only: bool = False
    whole_if_unseen: bool = False
    fetch: Callable[[Path], None] | None = None
    collected: bool = False
    labels_path: Path | None = None
    refuse: Callable[[Path], None] = lambda _: None
    caution: str = ""

    @property
    def is_made(self) -> bool:
        """Whether this repository makes it, from its own code and files, which may change."""
        files = [file for edition in self.editions for file in edition]
        has_source = self.collected or any(file.sha256 for file in files)
        return self.fetch is not None and not has_source

    def folder(self, raw_dir: Path) -> Path:
        """Return where its files lie.

        What was collected here lies beside the raw folder and not in it: DVC keeps copies of that
        one, and these texts have to go some day.
        """
        return (raw_dir.parent if self.collected else raw_dir) / self.name


def read_csv(
    path: Path, *, columns: Sequence[str], delimiter: str = ","
) -> Iterator[dict[str, str]]:
    """Yield the rows of a corpus's file as its publisher wrote it, quotes in odd places included.

    A user's file is read by `sentiment.delimited.read_table`, which guesses nothing.

    Raises:
        DataError: it can't be read as UTF-8, has no header, or lacks one of `columns`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # A short row reads as empty values, which the callers refuse or drop like any others.
            reader = csv.DictReader(file, delimiter=delimiter, restval="")
            check_columns(path, reader.fieldnames or (), wanted=columns)
            yield from reader
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} can't be read as a table: {error}.") from error


def label_or_error(table: Mapping[str, Label], value: str, *, path: Path, row: str) -> Label:
    """Look a label up.

    Raises:
        DataError: `value` is none of the keys of `table`; the message names file and row.
    """
    try:
        return table[value.strip().lower()]
    except KeyError:
        raise DataError(
            f"{path}, row {row}: {value!r} is no label; wanted one of {', '.join(table)}."
        ) from None
