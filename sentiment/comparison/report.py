"""A comparison as tables: for a terminal and as Markdown, from the same cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from sentiment.comparison.result import Comparison, ModelResult
from sentiment.evaluation.intervals import HEADLINE_METRICS
from sentiment.files import write_json, write_text

JSON_FILE, MARKDOWN_FILE = "comparison.json", "comparison.md"
_COLUMNS = (
    *("model", "accuracy", "macro-F1", "macro recall"),
    *("size, MB", "comments/s", "training, s a fold"),
)
_TEST_COLUMNS = (
    *("better", "worse", "macro-F1 difference", "95 % interval"),
    *("McNemar p", "after Holm"),
)
_BYTES_OF_A_MB = 1e6


def write_report(folder: Path, comparison: Comparison) -> None:
    """Write the figures as JSON and the tables as Markdown.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    write_json(folder / JSON_FILE, comparison.to_json())
    write_text(folder / MARKDOWN_FILE, markdown(comparison))


def markdown(comparison: Comparison) -> str:
    """Return both tables, the choice and its rule as Markdown."""
    return "\n".join(
        [
            _title(comparison) + ".",
            "",
            *_markdown_table(_COLUMNS, _cells(comparison)),
            "",
            *_markdown_table(_TEST_COLUMNS, _test_cells(comparison)),
            "",
            f"Choice: **{comparison.choice.name}**. {comparison.choice.reason}",
            "",
            f"Rule: {comparison.rule}",
            "",
        ]
    )


def tables(comparison: Comparison) -> list[Table]:
    """Return both tables for a terminal."""
    return [
        _rich_table(_title(comparison), _COLUMNS, _cells(comparison)),
        _rich_table(
            "Neighbours of the ranking, on the same rows", _TEST_COLUMNS, _test_cells(comparison)
        ),
    ]


def _title(comparison: Comparison) -> str:
    return (
        f"{comparison.n_rows:,} rows of {', '.join(comparison.corpora)}, {comparison.n_folds} "
        "folds; each row scored by a model that has not seen it; 95 % intervals"
    )


def _cells(comparison: Comparison) -> list[list[str]]:
    return [
        [
            result.name,
            *(_score(result, metric) for metric in HEADLINE_METRICS),
            f"{result.size_bytes / _BYTES_OF_A_MB:,.1f}",
            f"{result.comments_per_s:,.0f}",
            f"{result.fit_s:,.1f}",
        ]
        for result in comparison.results
    ]


def _score(result: ModelResult, metric: str) -> str:
    interval = result.intervals[metric]
    return f"{result.metrics[metric]:.3f} ({interval.low:.3f}-{interval.high:.3f})"


def _test_cells(comparison: Comparison) -> list[list[str]]:
    return [
        [
            test.better,
            test.worse,
            f"{test.macro_f1_difference:.3f}",
            f"{test.interval.low:+.3f} to {test.interval.high:+.3f}",
            _p_value(test.mcnemar_p),
            _p_value(test.holm_p),
        ]
        for test in comparison.neighbours
    ]


def _p_value(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _rich_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*row)
    return table


def _markdown_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    rule = ["---", *["---:"] * (len(columns) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in (columns, rule, *rows)]
