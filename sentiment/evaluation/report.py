"""Evaluation results as files: a page for people, JSON for machines, rows for plots.

The page is one file that loads nothing: styles and figures are inline, there is no script, and
every word that comes from data is escaped. Nothing here holds the text of a comment.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentiment.evaluation.figures import CSS, interval_figure
from sentiment.evaluation.intervals import PRIMARY_METRIC
from sentiment.evaluation.markup import page
from sentiment.evaluation.metrics import EvaluationResult
from sentiment.evaluation.tables import (
    METRIC_WORDS,
    class_table,
    confusion_table,
    overview_table,
    slice_table,
)
from sentiment.files import whole_file, write_json, write_text
from sentiment.labels import LABEL_NAMES

PAGE_FILE = "index.html"
RESULTS_FILE = "results.json"
METRICS_FILE = "metrics.json"
PREDICTIONS_FILE = "predictions.csv"


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """True and predicted classes of one corpus, for plots.

    Attributes:
        corpus: its name.
        references: true class indexes, shape (n,).
        predictions: predicted class indexes, same shape.
    """

    corpus: str
    references: NDArray[np.int64]
    predictions: NDArray[np.int64]


def write_report(
    directory: Path, results: Sequence[EvaluationResult], *, rows: Sequence[LabelledRows] = ()
) -> Path:
    """Write the page, the results, flat metrics and the labels of each row.

    Each file is written under a temporary name and renamed, so that none is ever half there.

    Args:
        directory: made if it is missing.
        results: one or more.
        rows: what `predictions.csv` holds, for confusion plots; none writes no such file.

    Returns:
        Path of the page.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    write_json(directory / RESULTS_FILE, {"results": [result.to_json() for result in results]})
    write_json(
        directory / METRICS_FILE, {result.corpus: dict(result.scores.metrics) for result in results}
    )
    if rows:
        write_rows(directory / PREDICTIONS_FILE, rows)
    path = directory / PAGE_FILE
    write_text(path, render_page(results))
    return path


def render_page(results: Sequence[EvaluationResult]) -> str:
    """Return the HTML page."""
    models = sorted({(result.model, result.digest) for result in results})
    named = ", ".join(
        f"<strong>{escape(name)}</strong> <code>{escape(digest[:12])}</code>"
        for name, digest in models
    )
    return page(
        "Evaluation",
        css=CSS,
        body=[
            (
                f"<h1>Evaluation</h1><p>Model {named}. Brackets hold 95 % bootstrap intervals: "
                "how much a score could differ with other comments of the same kind.</p>"
            ),
            overview_table(results),
            interval_figure(results, metric=PRIMARY_METRIC, title=METRIC_WORDS[PRIMARY_METRIC]),
            *(result_section(result) for result in results),
        ],
    )


def result_section(result: EvaluationResult) -> str:
    """Return what is said of one labelled set: by class, confusion, slices."""
    statuses = ", ".join(
        f"{count:,} {escape(status)}" for status, count in sorted(result.statuses.items())
    )
    parts = [
        (
            f"<section><h2>{escape(result.corpus)} <small>{escape(result.split)}, "
            f"{result.scores.n:,} rows, {escape(result.model)}</small></h2>"
        ),
        f"<p>Labelled by {escape(result.labeller)}.</p>",
        f'<p class="caution">{escape(result.caution)}</p>' if result.caution else "",
        f"<p>Predictions: {statuses}. All count with their label.</p>" if statuses else "",
        '<div class="pair">',
        class_table(result),
        confusion_table(result),
        "</div>",
        slice_table(result.slices),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def write_rows(path: Path, rows: Sequence[LabelledRows]) -> None:
    """Write true and predicted label of every row, for confusion plots.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    with whole_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["corpus", "actual", "predicted"])
        for part in rows:
            for truth, said in zip(part.references, part.predictions, strict=True):
                writer.writerow([part.corpus, LABEL_NAMES[truth], LABEL_NAMES[said]])
