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
from sentiment.evaluation.intervals import HEADLINE_METRICS, PRIMARY_METRIC, Interval
from sentiment.evaluation.metrics import EvaluationResult, SliceScore
from sentiment.files import whole_file, write_json, write_text
from sentiment.labels import LABEL_NAMES

FEW_ROWS = 50
PAGE_FILE = "index.html"
RESULTS_FILE = "results.json"
METRICS_FILE = "metrics.json"
PREDICTIONS_FILE = "predictions.csv"

_WORDS = {"accuracy": "accuracy", "macro_f1": "macro-F1", "macro_recall": "macro recall"}


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
        _write_rows(directory / PREDICTIONS_FILE, rows)
    page = directory / PAGE_FILE
    write_text(page, render_page(results))
    return page


def format_score(value: float, interval: Interval, *, gap: str = " ") -> str:
    """Return a score with its interval, such as `0.742 [0.729, 0.754]`."""
    return f"{value:.3f}{gap}[{interval.low:.3f}, {interval.high:.3f}]"


def render_page(results: Sequence[EvaluationResult]) -> str:
    """Return the HTML page."""
    models = sorted({(result.model, result.digest) for result in results})
    named = ", ".join(
        f"<strong>{escape(name)}</strong> <code>{escape(digest[:12])}</code>"
        for name, digest in models
    )
    return "\n".join(
        [
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
            (
                '<meta http-equiv="Content-Security-Policy" '
                "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            ),
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>Evaluation</title><style>{CSS}</style></head><body><main>",
            (
                f"<h1>Evaluation</h1><p>Model {named}. Brackets hold 95 % bootstrap intervals: "
                "how much a score could differ with other comments of the same kind.</p>"
            ),
            _overview(results),
            interval_figure(results, metric=PRIMARY_METRIC, title=_WORDS[PRIMARY_METRIC]),
            *(_section(result) for result in results),
            "</main></body></html>\n",
        ]
    )


def _overview(results: Sequence[EvaluationResult]) -> str:
    body = []
    for result in results:
        scores = result.scores
        cells = [
            _header_cell(result.corpus),
            _cell(result.labeller),
            _number(f"{scores.n:,}"),
            *(
                _number(format_score(scores.metrics[name], scores.intervals[name]))
                for name in HEADLINE_METRICS
            ),
            _number(
                "; ".join(
                    f"{baseline.name} {baseline.metrics['accuracy']:.3f} / "
                    f"{baseline.metrics['macro_f1']:.3f}"
                    for baseline in result.baselines
                )
                or "none"
            ),
        ]
        body.append("".join(cells))
    columns = [
        "corpus",
        "labelled by",
        "rows",
        *(_WORDS[name] for name in HEADLINE_METRICS),
        "beside it (accuracy / macro-F1)",
    ]
    return _table("Overview", columns, body)


def _section(result: EvaluationResult) -> str:
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
        _classes(result),
        _confusion(result),
        "</div>",
        _slices(result.slices),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _classes(result: EvaluationResult) -> str:
    scores = result.scores
    body = [
        "".join(
            [
                _header_cell(label),
                *(
                    _number(
                        format_score(
                            scores.metrics[f"{label}_{score}"],
                            scores.intervals[f"{label}_{score}"],
                        )
                    )
                    for score in ("precision", "recall", "f1")
                ),
                _number(f"{support:,}"),
            ]
        )
        for label, support in zip(LABEL_NAMES, scores.support, strict=True)
    ]
    return _table("By class", ["class", "precision", "recall", "F1", "rows"], body)


def _confusion(result: EvaluationResult) -> str:
    body = []
    for label, counts in zip(LABEL_NAMES, result.scores.confusion, strict=True):
        total = max(sum(counts), 1)
        cells = "".join(
            f'<td class="number heat" style="--share:{count / total:.3f}">{count:,}'
            f"<small> {count / total:.0%}</small></td>"
            for count in counts
        )
        body.append(_header_cell(f"truly {label}") + cells)
    return _table(
        "Confusion (share of each row)", ["", *(f"said {name}" for name in LABEL_NAMES)], body
    )


def _slices(slices: Sequence[SliceScore]) -> str:
    if not slices:
        return ""
    body = [
        "".join(
            [
                _header_cell(part.name),
                _number(f"{part.n:,}"),
                *(
                    _number(format_score(part.metrics[name], part.intervals[name]))
                    for name in HEADLINE_METRICS
                ),
            ]
        )
        for part in slices
    ]
    columns = ["slice", "rows", *(_WORDS[name] for name in HEADLINE_METRICS)]
    return (
        _table("By property of the text", columns, body)
        + f"<p><small>Below {FEW_ROWS} rows a slice says little, whatever its interval.</small></p>"
    )


def _table(caption: str, columns: Sequence[str], body: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    rows = "".join(f"<tr>{row}</tr>" for row in body)
    return (
        f'<div class="scroll"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _header_cell(text: str) -> str:
    return f'<th scope="row">{escape(text)}</th>'


def _cell(text: str) -> str:
    return f"<td>{escape(text)}</td>"


def _number(text: str) -> str:
    return f'<td class="number">{escape(text)}</td>'


def _write_rows(path: Path, rows: Sequence[LabelledRows]) -> None:
    with whole_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["corpus", "actual", "predicted"])
        for part in rows:
            for truth, said in zip(part.references, part.predictions, strict=True):
                writer.writerow([part.corpus, LABEL_NAMES[truth], LABEL_NAMES[said]])
