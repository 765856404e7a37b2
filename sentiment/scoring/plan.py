"""Inputs to parts: the same parts whenever, wherever and by how many they are scored.

A part is scored as one unit: the model's int8 activations are scaled by batch, so that a text's
neighbours reach into the last digits of its probabilities. Fixed parts make results that are
byte for byte the same, after a kill too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq

from sentiment.delimited import columns_said, delimiter_of
from sentiment.errors import DataError
from sentiment.scoring.inputs import InputFile, Kind, open_bytes
from sentiment.scoring.options import DEFAULT_ID_COLUMN
from sentiment.scoring.records import Lines, Record, csv_records, jsonl_records

MAX_PART_BYTES = 1 << 23
"""A part ends once it holds this many bytes, so that long texts do not need much memory."""

DELIMITERS = {kind: delimiter_of(f".{kind}") for kind in (Kind.CSV, Kind.TSV)}
_LOOKED_AT_ROWS = 1000
_TEXT_TYPES = (
    *(pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
    pa.types.is_null,  # a column of nulls alone
)


@dataclass(frozen=True, slots=True)
class Source:
    """An input and how its rows are laid out.

    Attributes:
        file: the input.
        columns: names of its columns in order; empty for JSON lines, where each row has its own.
    """

    file: InputFile
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that are scored together.

    Attributes:
        index: 0 for the first part of the first input, counted through all inputs.
        source: which input, 0 for the first.
        first_row: number of its first row in its input; the input's first row is 1.
        n_rows: how many rows, > 0, those to be rejected included.
        start: where it begins: offset of a byte of the decompressed file, or of a row in Parquet.
        end: where it ends, likewise.
    """

    index: int
    source: int
    first_row: int
    n_rows: int
    start: int
    end: int


def read_layout(file: InputFile, *, text_column: str, id_column: str | None) -> Source:
    """Look at an input's columns.

    Args:
        file: the input.
        text_column: the column of comments.
        id_column: the column of the rows' ids; None takes `DEFAULT_ID_COLUMN` where there is one.

    Raises:
        DataError: the input can't be read, lacks a column, or has two of its name.
    """
    if file.kind is Kind.JSONL:
        _look_at_objects(file, (text_column, *((id_column,) if id_column else ())))
        return Source(file, ())
    is_parquet = file.kind is Kind.PARQUET
    columns = _parquet_columns(file, text_column) if is_parquet else _header(file)
    ids = (id_column or DEFAULT_ID_COLUMN, bool(id_column))
    for wanted, is_needed in ((text_column, True), ids):
        n_found = columns.count(wanted)
        if n_found > 1 or (is_needed and not n_found):
            problem = "has more than one" if n_found else "lacks the"
            # Parquet knows its names; the first line of a text may be none of them.
            said = ", ".join(map(repr, columns)) if is_parquet else columns_said(columns)
            raise DataError(
                f"{file.name} {problem} column {wanted!r}; it has {said}.",
                hint="Name the column with --text-column or --id-column.",
            )
    return Source(file, columns)


def plan_parts(sources: Sequence[Source], *, text_column: str, part_rows: int) -> Iterator[Part]:
    """Cut inputs into parts. Reads text files once, and of Parquet the footer alone.

    Args:
        sources: from `read_layout`.
        text_column: the column of comments.
        part_rows: most rows of a part, > 0.

    Raises:
        DataError: an input can't be read.
    """
    index = 0
    for number, source in enumerate(sources):
        if source.file.kind is Kind.PARQUET:
            ranges = _parquet_ranges(source.file, text_column, part_rows)
        else:
            ranges = _text_ranges(source.file, part_rows)
        row = 1
        for n_rows, start, end in ranges:
            yield Part(index, number, row, n_rows, start, end)
            index, row = index + 1, row + n_rows


def parts_to_lines(parts: Iterable[Part]) -> Iterator[bytes]:
    """Write parts as JSON lines."""
    return (json.dumps(astuple(part)).encode() + b"\n" for part in parts)


def parts_of_lines(lines: bytes) -> list[Part]:
    """Read what `parts_to_lines` wrote."""
    return [Part(*json.loads(line)) for line in lines.splitlines()]


def source_as_record(source: Source) -> dict[str, object]:
    """Return the JSON object that tells whether a later run has the same input.

    The address is left out: the same results come from wherever the input lies.
    """
    record: dict[str, object] = {**asdict(source.file), "columns": list(source.columns)}
    del record["address"]
    return record


def text_records(file: InputFile, lines: Lines) -> Iterator[Record]:
    """Yield the records of a text file from where `lines` stands."""
    if file.kind is Kind.JSONL:
        return jsonl_records(lines)
    return csv_records(lines, name=file.name, delimiter=DELIMITERS[file.kind])


def _header(file: InputFile) -> tuple[str, ...]:
    with open_bytes(file) as stream:
        record = next(text_records(file, Lines(stream)), None)
    if record is None:
        return ()
    names = tuple(record.fields)
    if record.reason or not all(name.isprintable() for name in names):
        raise DataError(
            f"{file.name} can't be read as a table: its header is "
            f"{record.reason or 'not readable as UTF-8 text'}.",
            hint="Save it as UTF-8 text with a header in its first line.",
        )
    return names


def _look_at_objects(file: InputFile, wanted: Sequence[str]) -> None:
    """Refuse JSON lines of which none has a field, before all are set aside or lack their ids."""
    seen: set[str] = set()
    n_rows = 0
    with open_bytes(file) as stream:
        for record in islice(jsonl_records(Lines(stream)), _LOOKED_AT_ROWS):
            n_rows += 1
            try:
                value = json.loads(record.fields[0]) if record.fields else None
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                seen.update(value)
            if seen.issuperset(wanted):
                return
    if n_rows:
        missing = next(name for name in wanted if name not in seen)
        names = ", ".join(sorted(map(repr, seen))[:20]) or "none: they are no JSON objects"
        raise DataError(
            f"{file.name} lacks the field {missing!r} in its first {n_rows:,} rows; "
            f"they have {names}.",
            hint="Name the field with --text-column or --id-column.",
        )


def _text_ranges(file: InputFile, part_rows: int) -> Iterator[tuple[int, int, int]]:
    with open_bytes(file) as stream:
        lines = Lines(stream)
        records = text_records(file, lines)
        start = lines.offset
        if file.kind is not Kind.JSONL:
            start = next(records).end  # the header
        n_rows, end = 0, start
        for record in records:
            n_rows, end = n_rows + 1, record.end
            if n_rows == part_rows or end - start >= MAX_PART_BYTES:
                yield n_rows, start, end
                n_rows, start = 0, end
        if n_rows:
            yield n_rows, start, end


def _parquet_columns(file: InputFile, text_column: str) -> tuple[str, ...]:
    with open_bytes(file) as stream:
        try:
            schema = pq.ParquetFile(stream).schema_arrow
        except (pa.ArrowException, OSError) as error:
            raise DataError(f"{file.name} can't be read as Parquet: {error}.") from error
    for found in (field.type for field in schema if field.name == text_column):
        type_ = found.value_type if pa.types.is_dictionary(found) else found
        if not any(is_one(type_) for is_one in _TEXT_TYPES):
            raise DataError(
                f"{file.name} holds no text in the column {text_column!r} but {found}.",
                hint="Name the column of comments with --text-column.",
            )
    return tuple(schema.names)


def _parquet_ranges(
    file: InputFile, text_column: str, part_rows: int
) -> Iterator[tuple[int, int, int]]:
    with open_bytes(file) as stream:
        footer = pq.ParquetFile(stream).metadata
    row, n_rows = 0, 0
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        chunks = (group.column(index) for index in range(group.num_columns))
        n_bytes = sum(
            chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema == text_column
        )
        room = max(1, min(part_rows, MAX_PART_BYTES * group.num_rows // max(n_bytes, 1)))
        left = group.num_rows
        while left:
            if n_rows >= room:
                yield n_rows, row - n_rows, row
                n_rows = 0
            taken = min(left, room - n_rows)
            left, row, n_rows = left - taken, row + taken, n_rows + taken
    if n_rows:
        yield n_rows, row - n_rows, row
