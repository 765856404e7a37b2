"""The rows of one part: text, id, or the reason why a row can't be scored."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from sentiment.delimited import fault_of
from sentiment.errors import DataError
from sentiment.scoring.inputs import InputFile, Kind, open_bytes
from sentiment.scoring.plan import DELIMITERS, Part, Source, text_records
from sentiment.scoring.records import Lines, Record

_NO_UTF8 = "not UTF-8"
_BATCH_ROWS = 1024


@dataclass(frozen=True, slots=True)
class InputRow:
    """A row as its input holds it.

    Attributes:
        number: of the row in its input, from 1; a header and blank lines are no rows.
        id: of the row, as text; None where there is none.
        text: None where the row has none, which is scored as `empty`.
        reason: why it is set aside; None where it is scored.
    """

    number: int
    id: str | None = None
    text: str | None = None
    reason: str | None = None


def read_rows(
    source: Source, part: Part, *, text_column: str, id_column: str | None
) -> Iterator[InputRow]:
    """Yield the rows of a part, in order.

    Raises:
        DataError: the input can't be read.
    """
    read = _parquet_rows if source.file.kind is Kind.PARQUET else _text_rows
    return read(source, part, text_column, id_column)


def _text_rows(
    source: Source, part: Part, text_column: str, id_column: str | None
) -> Iterator[InputRow]:
    is_json = source.file.kind is Kind.JSONL
    delimiter = DELIMITERS.get(source.file.kind, "")
    with _positioned(source.file) as stream:
        records = text_records(source.file, Lines(stream, offset=part.start))
        for number, record in enumerate(_until(records, part.end), part.first_row):
            if record.reason is not None:
                yield InputRow(number, reason=record.reason)
            elif is_json:
                yield _json_row(number, record.fields[0], text_column, id_column)
            elif reason := fault_of(record.fields, source.columns, delimiter=delimiter):
                yield InputRow(number, reason=reason)
            else:
                values = dict(zip(source.columns, record.fields, strict=True))
                yield _csv_row(number, values, text_column, id_column)


def _csv_row(
    number: int, values: dict[str, str], text_column: str, id_column: str | None
) -> InputRow:
    text, id_ = values[text_column], values.get(id_column) if id_column else None
    if not _is_utf8(text + (id_ or "")):
        return InputRow(number, reason=_NO_UTF8)
    return InputRow(number, id_, text)


def _until(records: Iterator[Record], end: int) -> Iterator[Record]:
    for record in records:
        if record.end > end:  # the file is another one now; the caller counts rows
            return
        yield record
        if record.end == end:
            return


def _json_row(number: int, line: str, text_column: str, id_column: str | None) -> InputRow:
    if not _is_utf8(line):
        return InputRow(number, reason=_NO_UTF8)
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return InputRow(number, reason=f"no JSON: {str(error)[:100]}")
    if not isinstance(value, dict):
        return InputRow(number, reason="no JSON object")
    if text_column not in value:
        return InputRow(number, reason=f"lacks the field {text_column!r}")
    text = value[text_column]
    if not isinstance(text, str | None):
        return InputRow(number, reason=f"the text is a {type(text).__name__}, not a string")
    id_ = value.get(id_column) if id_column else None
    return InputRow(number, _as_id(id_), text)


def _as_id(value: object) -> str | None:
    if value is None:
        return None
    # Parquet has types that JSON lacks, such as dates; JSON would quote their text.
    is_json = isinstance(value, bool | int | float | list | dict)
    text = json.dumps(value, default=str) if is_json else str(value)
    # JSON may name halves of characters, which no UTF-8 file can hold.
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _parquet_rows(
    source: Source, part: Part, text_column: str, id_column: str | None
) -> Iterator[InputRow]:
    wanted = [text_column]
    if id_column in source.columns and id_column != text_column:
        wanted.append(str(id_column))
    number = part.first_row
    with open_bytes(source.file) as stream:
        try:
            file = pq.ParquetFile(stream)
            for batch in _batches(file, wanted, part.start, part.end):
                texts = _values(batch.column(text_column))
                ids = _values(batch.column(id_column)) if id_column in source.columns else None
                for place, text in enumerate(texts):
                    yield _parquet_row(number, text, None if ids is None else ids[place])
                    number += 1
        except (pa.ArrowException, OSError) as error:
            raise DataError(f"{source.file.name} can't be read as Parquet: {error}.") from error


def _batches(file: Any, columns: list[str], start: int, end: int) -> Iterator[Any]:  # noqa: ANN401 - pyarrow has no types
    """Yield record batches of rows `start` to `end`, reading no other row groups than theirs."""
    position = skipped = 0
    groups: list[int] = []
    for number in range(file.metadata.num_row_groups):
        following = position + file.metadata.row_group(number).num_rows
        if position < end and following > start:
            if not groups:
                skipped = position
            groups.append(number)
        position = following
    position = skipped
    for batch in file.iter_batches(_BATCH_ROWS, row_groups=groups, columns=columns):
        following = position + batch.num_rows
        if following > start:
            low = max(start - position, 0)
            yield batch.slice(low, min(end, following) - position - low)
        position = following
        if position >= end:
            return


def _values(column: Any) -> list[Any]:  # noqa: ANN401 - pyarrow has no types
    """Return a column's values, those of strings as bytes: they may be no UTF-8."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type):
        column = column.cast(pa.binary())
    elif pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        column = column.cast(pa.large_binary())
    return list(column.to_pylist())


def _parquet_row(number: int, text: object, id_: object) -> InputRow:
    if not isinstance(text, bytes | None):
        return InputRow(number, reason=f"the text is a {type(text).__name__}, not a string")
    try:
        decoded = None if text is None else text.decode("utf-8")
    except UnicodeDecodeError:
        return InputRow(number, reason=_NO_UTF8)
    if isinstance(id_, bytes):
        id_ = id_.decode("utf-8", "replace")
    return InputRow(number, _as_id(id_), decoded)


@dataclass
class _Kept(threading.local):
    """A compressed file that stays open from one part to the next of the same thread.

    Only by reading from its begin can a place in it be found; parts come mostly in order, so
    each goes on where the last one ended.
    """

    file: InputFile | None = None
    stream: BinaryIO | None = None
    opened: ExitStack = field(default_factory=ExitStack)


_KEPT = _Kept()


@contextmanager
def _positioned(file: InputFile) -> Iterator[BinaryIO]:
    if not file.is_gzip:
        with open_bytes(file) as stream:
            yield stream
        return
    if _KEPT.stream is None or _KEPT.file != file:
        _KEPT.opened.close()
        _KEPT.file, _KEPT.stream = file, _KEPT.opened.enter_context(open_bytes(file))
    try:
        yield _KEPT.stream
    except BaseException:
        _KEPT.file = None
        _KEPT.opened.__exit__(*sys.exc_info())  # turns what it knows into our errors
        raise
