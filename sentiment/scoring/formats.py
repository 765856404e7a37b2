"""Scored rows to the bytes of a part: the same rows always give the same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sentiment.comments import Prediction
from sentiment.labels import LABEL_NAMES
from sentiment.scoring.options import Format
from sentiment.scoring.rows import InputRow

_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("row", pa.int64()),
        ("id", pa.string()),
        ("label", pa.int8()),
        ("score", pa.float64()),
        ("probabilities", pa.struct([(name, pa.float64()) for name in LABEL_NAMES])),
        ("confidence", pa.float64()),
        ("status", pa.string()),
    ]
)


def scored_record(file: str, row: InputRow, prediction: Prediction) -> dict[str, Any]:
    """Return a row of the results: what it is a prediction of, then the prediction.

    Args:
        file: name of the input.
        row: the row of it.
        prediction: of the row's text.
    """
    return {"file": file, "row": row.number, "id": row.id, **prediction.as_record()}


def rejected_record(file: str, row: InputRow) -> dict[str, Any]:
    """Return the JSON object of a row that was set aside."""
    return {"file": file, "row": row.number, "reason": row.reason}


def encode(format_: Format, records: Sequence[dict[str, Any]]) -> bytes:
    """Return the content of a part, without any time or place of writing in it."""
    if format_ is Format.JSONL:
        return json_lines(records)
    buffer = io.BytesIO()
    table = pa.Table.from_pylist(list(records), schema=_SCHEMA)
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def json_lines(records: Iterable[dict[str, Any]]) -> bytes:
    """Return one JSON line a record."""
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def count_rows(format_: Format, content: bytes) -> int | None:
    """Return how many rows a part holds; None where it is no whole part."""
    if format_ is Format.JSONL:
        return content.count(b"\n") if not content or content.endswith(b"\n") else None
    try:
        return int(pq.read_metadata(io.BytesIO(content)).num_rows)
    except (pa.ArrowException, OSError):
        return None
