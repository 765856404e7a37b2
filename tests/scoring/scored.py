"""Runs scoring within this process, and reads what it left."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from sentiment.scoring.options import Format, Options
from sentiment.scoring.run import score_files
from sentiment.scoring.summary import Summary
from sentiment.scoring.work import Counts, Task

TEXTS = ("I love this", "so bad, I hate it", "It is a video", "two\nlines", 'she said "no"', "")


class Inline:
    """Workers that are this process.

    Args:
        limit: tasks after which the run is cut off, as a kill would.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self.done: list[Task] = []

    def run(self, function: Callable[[Task], Counts], tasks: Iterable[Task], /) -> Iterator[Counts]:
        for task in tasks:
            if self.limit is not None and len(self.done) == self.limit:
                raise CutOffError
            counts = function(task)
            self.done.append(task)
            yield counts


class CutOffError(Exception):
    """The run ends here."""


class Heard:
    """Remembers what a watcher is told."""

    def __init__(self) -> None:
        self.totals: list[tuple[int, int]] = []
        self.rows: list[int] = []

    def planned(self, rows: int, done: int) -> None:
        self.totals.append((rows, done))

    def advanced(self, rows: int) -> None:
        self.rows.append(rows)


def score(
    *inputs: str | Path,
    output: str | Path,
    bundle: Path,
    crew: Inline | None = None,
    heard: Heard | None = None,
    **options: Any,
) -> Summary:
    """Score within this process."""
    crew = Inline() if crew is None else crew

    @contextmanager
    def workers() -> Iterator[Inline]:
        yield crew

    return score_files(
        [str(one) for one in inputs],
        str(output),
        bundle_dir=bundle,
        options=Options(**options),
        workers=workers,
        watcher=heard or Heard(),
    )


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(header), *map(list, rows)])
    return text.getvalue().encode()


def numbered_csv(path: Path, n_rows: int) -> Path:
    """Write a table of ids and texts, some of several lines, no two neighbours alike."""
    rows = ((f"c{n}", f"{TEXTS[n % 5]} {n}") for n in range(n_rows))
    path.write_bytes(csv_bytes(["id", "text"], rows))
    return path


def read_results(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of all parts in order, whatever their format."""
    records: list[dict[str, Any]] = []
    for path in sorted((folder / "predictions").iterdir()):
        if path.suffix == f".{Format.PARQUET}":
            records += pq.read_table(path).to_pylist()
        else:
            records += read_json_lines(path)
    return records


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_rejected(folder: Path) -> list[tuple[int, str]]:
    """Return number and reason of each row that was set aside."""
    return [(row["row"], row["reason"]) for row in read_json_lines(folder / "rejected.jsonl")]


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
