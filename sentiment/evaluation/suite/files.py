"""The suite's findings as files: page and PDF for people, JSON and CSV for machines.

For an output `reports/evaluation`: `reports/evaluation.html` and `.pdf` beside the folder
`reports/evaluation/`, which holds what DVC and MLflow read. All come from the same findings.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sentiment.evaluation.report import METRICS_FILE, PREDICTIONS_FILE, write_rows
from sentiment.evaluation.suite.findings import SuiteFindings
from sentiment.evaluation.suite.page import render_suite_page
from sentiment.evaluation.suite.printing import print_pdf
from sentiment.files import whole_file, write_json, write_text

FIGURES_FILE = "figures.json"
CURVES_FILE = "curves.csv"
RELIABILITY_FILE = "reliability.csv"
RISK_FILE = "risk_coverage.csv"


@dataclass(frozen=True, slots=True)
class Written:
    """Where the report is.

    Attributes:
        page: the HTML file.
        pdf: None where none was asked for.
        folder: of the files for machines.
    """

    page: Path
    pdf: Path | None
    folder: Path


def write_suite(
    output: Path, findings: SuiteFindings, *, chromium: Path | None, with_texts: bool = False
) -> Written:
    """Write the report.

    An older PDF goes first: it must not stand for another model's beside the new page, whether none
    is asked for this time or the printing fails.

    Args:
        output: folder of the files for machines; the page goes beside it.
        findings: of one run.
        chromium: prints the PDF; None leaves it out.
        with_texts: whether the page holds the texts of the surest mistakes.

    Raises:
        ConfigError: the PDF can't be printed.
        OutOfSpaceError: the disk is full.
    """
    page, pdf = output.with_name(f"{output.name}.html"), output.with_name(f"{output.name}.pdf")
    pdf.unlink(missing_ok=True)
    write_json(output / FIGURES_FILE, findings.to_json())
    write_json(output / METRICS_FILE, findings.flat())
    write_rows(output / PREDICTIONS_FILE, [part.rows for part in findings.sets])
    _write_plots(output, findings)
    write_text(page, render_suite_page(findings, with_texts=with_texts))
    if chromium is None:
        return Written(page, None, output)
    print_pdf(page, pdf, chromium=chromium)
    return Written(page, pdf, output)


def _write_plots(output: Path, findings: SuiteFindings) -> None:
    _write_csv(
        output / CURVES_FILE,
        ("corpus", "curve", "label", "x", "y"),
        (
            (part.result.corpus, name, curve.label, x, y)
            for part in findings.sets
            for curve in part.curves
            for name, points in (("roc", curve.roc), ("precision_recall", curve.precision_recall))
            for x, y in points
        ),
    )
    _write_csv(
        output / RELIABILITY_FILE,
        ("corpus", "confidence", "accuracy", "n"),
        (
            (part.result.corpus, found.confidence, found.accuracy, found.n)
            for part in findings.sets
            for found in part.confidence.bins
        ),
    )
    _write_csv(
        output / RISK_FILE,
        ("corpus", "coverage", "risk"),
        (
            (part.result.corpus, coverage, risk)
            for part in findings.sets
            for coverage, risk in part.confidence.risk_coverage
        ),
    )


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with whole_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
