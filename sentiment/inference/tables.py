"""Tables of comments in, JSON lines of predictions out, in chunks: any size fits in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from sentiment.delimited import read_table
from sentiment.errors import DataError
from sentiment.files import whole_file
from sentiment.inference.predictor import Predictor

_CHUNK_ROWS = 4096
_HINT = "Name the column with --text-column; JSON lines, .gz and Parquet are for `sentiment score`."


def predict_file(
    predictor: Predictor,
    path: Path,
    *,
    text_column: str,
    output: Path,
    on_rows: Callable[[int], None] = lambda _: None,
) -> int:
    """Label every row of a table and return how many there were.

    Args:
        predictor: the model.
        path: CSV with a header, or TSV when its suffix is `.tsv`, as `read_table` wants it.
        text_column: the column of comments; a row without text gets the status `empty`.
        output: another file than `path`: one JSON line a row, in the order of the rows; written
            whole or not at all.
        on_rows: told of each chunk that is done.

    Raises:
        DataError: the table can't be read, row for row, lacks the column, or would be replaced.
        OutOfSpaceError: the disk is full.
    """
    if path.exists() and output.exists() and output.samefile(path):
        raise DataError(
            f"{output} is the table itself, which the predictions would replace.",
            hint="Name another file with --output.",
        )
    rows = read_table(path, columns=[text_column], hint=_HINT)
    n_rows = 0
    with whole_file(output) as partial, partial.open("w", encoding="utf-8") as file:
        for chunk in _chunks(row[text_column] for row in rows):
            for prediction in predictor.predict(chunk):
                file.write(json.dumps(prediction.as_record()) + "\n")
            n_rows += len(chunk)
            on_rows(len(chunk))
    return n_rows


def _chunks(texts: Iterator[str]) -> Iterator[list[str]]:
    while chunk := list(islice(texts, _CHUNK_ROWS)):
        yield chunk
