"""Delimited text of users: what separates its fields, and what in it can't be read for certain.

Owns the rule. Fields may be quoted, with quotes inside doubled (RFC 4180), those of tab-separated
files too: pandas, csv.writer and Excel quote there as well, and a text may hold line ends that way.
Files without quoting are the same as long as no field begins with a quote; one that does is either
refused, or loses the quotes around it and nothing else. What reads in two ways is a fault of the
file, never a guess: rows and labels would be lost without a word.

One case can't be told apart: a stray quote before a text, and another one that ends a text in the
same column of a later row, are what a quoted text of several lines looks like.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sentiment.errors import DataError

# Comments of 10,000 characters are legal; the csv module's own limit is a safety net above that.
csv.field_size_limit(1 << 24)

UNCLOSED = "a quote that is opened in this row is never closed"

_TAB = "\t"
_LINE_ENDS = frozenset("\r\n")
_AT_THE_END = "unexpected end of data"
_WANTED = (
    "Wanted is UTF-8 text with a header in its first line and commas between fields (tabs in .tsv)."
)
# One word, as columns are mostly called; a comment is seldom that short, nor all of a row.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,29}")
_HINT = (
    "Write it with csv.writer or pandas: a text that holds quotes, separators or line ends is "
    "quoted, and quotes inside it are doubled."
)


def delimiter_of(suffix: str) -> str:
    """Return what separates the fields of a file: tabs for `.tsv`, in capitals too, else commas."""
    return _TAB if suffix.lower() == ".tsv" else ","


def check_columns(
    path: Path, found: Sequence[str], *, wanted: Sequence[str], hint: str = ""
) -> None:
    """Refuse a header that lacks a column, or has two of its name: either could be the one meant.

    Raises:
        DataError: one of `wanted` is not in `found`, or more than once.
    """
    for name in wanted:
        if found.count(name) > 1:
            raise DataError(
                f"{path} has more than one column {name!r}; it has {columns_said(found)}.",
                hint=f"Give each column its own name. {hint}".rstrip(),
            )
        if name not in found:
            raise DataError(
                f"{path} lacks the column {name!r}; it has {columns_said(found)}.", hint=hint
            )


def columns_said(header: Sequence[str]) -> str:
    """Return what an error may say of a file's first line, which is a comment where none is there.

    Errors hold no text: names are repeated where each is one short word.
    """
    if not header:
        return "no header at all"
    if all(_NAME.fullmatch(name) for name in header):
        return ", ".join(map(repr, header))
    return "a first line that may be a comment and is not shown here"


def fault_of(fields: Sequence[str], header: Sequence[str], *, delimiter: str) -> str | None:
    """Tell why a row that the csv module could read is not to be trusted; None where it is.

    Args:
        fields: of the row.
        header: names of the columns.
        delimiter: what separates them.
    """
    if len(fields) != len(header):
        return f"{len(fields)} fields, the header has {len(header)}"
    # Whatever a stray quote swallows down to a later row of such a file looks like this.
    if delimiter == _TAB and any(_TAB in field and _LINE_ENDS & set(field) for field in fields):
        return "a quoted field holds a tab and the end of a line, as if a stray quote had opened it"
    return None


def read_table(path: Path, *, columns: Sequence[str], hint: str = "") -> Iterator[dict[str, str]]:
    """Yield every row of a user's table; a line without anything is none.

    Args:
        path: UTF-8 with a header; its suffix tells the delimiter.
        columns: must be there.
        hint: how the user names columns, and what else takes files of other kinds; may be empty.

    Raises:
        DataError: it can't be read as UTF-8, has no header, lacks one of `columns` or has two of
            its name, or a row is not to be trusted; the message names it and the line that it
            begins in.
    """
    delimiter = delimiter_of(path.suffix)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, delimiter=delimiter, strict=True)
            header = next(lines, [])
            check_columns(path, header, wanted=columns, hint=f"{hint} {_WANTED}".lstrip())
            number, begin = 1, lines.line_num + 1
            while (fields := _next_row(lines, path, number=number, begin=begin)) is not None:
                if fields:
                    fault = fault_of(fields, header, delimiter=delimiter)
                    if fault is not None:
                        raise _refusal(path, fault, number=number, begin=begin)
                    yield dict(zip(header, fields, strict=True))
                    number += 1
                begin = lines.line_num + 1
    except OSError as error:
        raise DataError(
            f"{path} can't be read: {error.strerror or error}.",
            hint="Name a file that is there, and that you may read.",
        ) from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} can't be read as a table: it is not UTF-8 text.",
            hint=f"{_WANTED} {hint}".rstrip(),
        ) from error
    except csv.Error as error:
        raise DataError(f"{path} can't be read as a table: {error}.", hint=_HINT) from error


def _next_row(
    lines: Iterator[list[str]], path: Path, *, number: int, begin: int
) -> list[str] | None:
    try:
        return next(lines, None)
    except csv.Error as error:
        fault = UNCLOSED if str(error) == _AT_THE_END else str(error)
        raise _refusal(path, fault, number=number, begin=begin) from error


def _refusal(path: Path, fault: str, *, number: int, begin: int) -> DataError:
    return DataError(
        f"{path} can't be read as a table: row {number:,}, which begins in line {begin:,}: "
        f"{fault}.",
        hint=_HINT,
    )
