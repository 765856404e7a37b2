"""What decides the content of results. Quick to load: the command line reads it for its help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_PART_ROWS = 4096
DEFAULT_ID_COLUMN = "id"
"""The column of ids where none is named; a table need not have it."""


class Format(StrEnum):
    """How predictions are written."""

    PARQUET = "parquet"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Options:
    """What decides the content of the results; a run can be resumed with the same ones only.

    Attributes:
        text_column: the column of comments.
        id_column: the column of ids, which every table must have; None takes
            `DEFAULT_ID_COLUMN` where there is one.
        format: of the predictions.
        part_rows: most rows that are scored and written together, > 0.
    """

    text_column: str = "text"
    id_column: str | None = None
    format: Format = Format.PARQUET
    part_rows: int = DEFAULT_PART_ROWS
