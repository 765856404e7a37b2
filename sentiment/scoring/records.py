"""Bytes to records, one at a time: CSV and JSON lines of any size, whatever they hold.

Owns where a record ends, so that planning and scoring can't disagree: both read with this, and
what is read from the begin of a record does not depend on what came before it.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from sentiment.delimited import UNCLOSED
from sentiment.errors import DataError

MAX_RECORD_BYTES = 1 << 24
"""A longer record is set aside. Comments have at most 10,000 characters; this bounds memory."""

_BOM = b"\xef\xbb\xbf"
_TOO_LONG = f"longer than {MAX_RECORD_BYTES:,} bytes"
_MAX_LEFT_OPEN = 100
_FREE_BYTES = 4 * MAX_RECORD_BYTES
_QUOTING = "Write the file with quotes doubled inside quoted fields (RFC 4180)."


class Record(NamedTuple):
    """One record of a text file.

    Attributes:
        end: offset of the first byte behind it, in the decompressed file.
        fields: of a CSV row; the whole line for JSON lines. Bytes that are no UTF-8 stand as
            lone surrogates (PEP 383).
        reason: why it can't be used; None where it may be.
    """

    end: int
    fields: list[str]
    reason: str | None = None


class _TooLongError(Exception):
    """A line that is longer than a record may be; it was passed over."""


class Lines:
    """The lines of a stream with their offsets; ended as Python's text mode ends them.

    Args:
        stream: seekable; read from `offset` on.
        offset: where a line begins; 0 leaves a byte order mark unread.
    """

    def __init__(self, stream: BinaryIO, *, offset: int = 0) -> None:
        self._stream = stream
        self._ahead: deque[bytes] = deque()
        stream.seek(offset)
        if offset == 0:
            offset = len(_BOM) if stream.read(len(_BOM)) == _BOM else 0
            stream.seek(offset)
        self.offset = offset

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        line = self._ahead.popleft() if self._ahead else self._read()
        self.offset += len(line)
        return line

    def give_back(self, lines: list[bytes]) -> int:
        """Put lines that were taken last back in front; return how many bytes they are."""
        n_bytes = sum(map(len, lines))
        self._ahead.extendleft(reversed(lines))
        self.offset -= n_bytes
        return n_bytes

    def _read(self) -> bytes:
        line = self._stream.readline(MAX_RECORD_BYTES)
        if not line:
            raise StopIteration
        if len(line) == MAX_RECORD_BYTES and not line.endswith(b"\n"):
            self._pass_over(line)
        if b"\r" in line.removesuffix(b"\r\n"):
            # A lone carriage return ends a line too: old files of Macs, and `sentiment predict`.
            line, *others = line.splitlines(keepends=True)
            self._ahead.extend(others)
        return line

    def _pass_over(self, line: bytes) -> None:
        self.offset += len(line)
        while chunk := self._stream.readline(MAX_RECORD_BYTES):
            self.offset += len(chunk)
            if chunk.endswith(b"\n"):
                break
        raise _TooLongError


def jsonl_records(lines: Lines) -> Iterator[Record]:
    """Yield one record a line; a line without anything is none."""
    while True:
        try:
            for line in lines:
                if line.strip():
                    yield Record(lines.offset, [line.decode("utf-8", "surrogateescape")])
        except _TooLongError:
            yield Record(lines.offset, [], _TOO_LONG)
        else:
            return


def csv_records(lines: Lines, *, name: str, delimiter: str) -> Iterator[Record]:
    """Yield one record a CSV row; quoted fields may hold line ends.

    A line without anything is no record, as for pandas. A quote that is never closed, or only by
    one of a later row, would swallow what follows: its first line is set aside, and reading goes on
    at the next line.

    Args:
        lines: to read on from where they stand.
        name: what errors call the file.
        delimiter: between fields.

    Raises:
        DataError: quotes stay open again and again, each at the price of reading ahead.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD_BYTES))
    n_left_open = n_again = 0
    while True:
        feed = _CsvFeed(lines)
        try:
            for fields in _csv_rows(feed, delimiter):
                if fields:
                    yield Record(lines.offset, fields)
        except _TooLongError:
            yield Record(lines.offset, [], _TOO_LONG)
        except _UnclosedError:
            lines.give_back(feed.taken[1:])
            yield Record(lines.offset, [], UNCLOSED)
            n_left_open += 1
            if n_left_open > _MAX_LEFT_OPEN:
                raise DataError(
                    f"{name}: more than {_MAX_LEFT_OPEN} rows open a quote that is never closed.",
                    hint=_QUOTING,
                ) from None
        except csv.Error as error:
            n_again += lines.give_back(feed.taken[1:])
            yield Record(lines.offset, [], f"no CSV: {error}")
            # In proportion to what is read, so that the time is too, whatever the file holds.
            if n_again > lines.offset + _FREE_BYTES:
                raise DataError(
                    f"{name}: row after row opens a quote that only a far later row closes.",
                    hint=_QUOTING,
                ) from None
        else:
            return


def _csv_rows(feed: _CsvFeed, delimiter: str) -> Iterator[list[str]]:
    try:
        for fields in csv.reader(feed, delimiter=delimiter, strict=True):
            feed.taken.clear()
            yield fields
    except csv.Error as error:
        if feed.is_spent:  # more was wanted to end this row
            raise _UnclosedError from error
        raise


class _UnclosedError(Exception):
    """A row that goes on for longer than a record may."""


class _CsvFeed:
    """Hands lines to the csv module and remembers those of the row that is being read.

    Attributes:
        taken: the lines of the row that is being read.
        is_spent: whether a line was wanted where there is none.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._end_of_room = lines.offset + MAX_RECORD_BYTES
        self.taken: list[bytes] = []
        self.is_spent = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.is_spent = True
            raise
        if not self.taken:
            self._end_of_room = self._lines.offset - len(line) + MAX_RECORD_BYTES
        self.taken.append(line)
        if self._lines.offset > self._end_of_room:
            raise _UnclosedError
        return line.decode("utf-8", "surrogateescape")
