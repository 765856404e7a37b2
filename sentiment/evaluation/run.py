"""A bundle on labelled sets -> results, table and report: what `sentiment evaluate` does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from sentiment.evaluation.evaluator import evaluate_set
from sentiment.evaluation.intervals import HEADLINE_METRICS
from sentiment.evaluation.labelled_sets import (
    WHOLE,
    LabelledSet,
    held_out_set,
    set_from_corpus,
)
from sentiment.evaluation.markup import format_score
from sentiment.evaluation.metrics import EvaluationResult
from sentiment.evaluation.report import LabelledRows, write_report
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import Bundle


def sets_to_test(
    bundle: Bundle, corpora: Sequence[str], *, raw_dir: Path, split: str | None = None
) -> list[LabelledSet]:
    """Read the sets of corpora that test a bundle; raises as `set_from_corpus` does.

    Args:
        bundle: whose model is to be measured.
        corpora: their names.
        raw_dir: folder of the raw corpora.
        split: one of theirs, or `all`; None takes what `export` and the suite take.
    """
    if split is None:
        trained_on = bundle.manifest.learnt_corpora
        return [held_out_set(name, raw_dir=raw_dir, trained_on=trained_on) for name in corpora]
    part = None if split == WHOLE else split
    return [set_from_corpus(name, raw_dir=raw_dir, split=part) for name in corpora]


def evaluate_bundle(
    bundle: Bundle, sets: Sequence[LabelledSet], *, output: Path, seed: int, n_resamples: int
) -> list[EvaluationResult]:
    """Evaluate a bundle on labelled sets and write the report.

    Args:
        bundle: whose model is measured.
        sets: one or more, each with rows.
        output: folder of the report.
        seed: of the bootstrap.
        n_resamples: bootstrap samples.

    Returns:
        One result a set, in their order.

    Raises:
        BundleError: the bundle's model can't be loaded.
        DataError: a set has no row.
        OutOfSpaceError: the report does not fit on the disk.
    """
    predictor = Predictor.from_bundle(bundle)
    results: list[EvaluationResult] = []
    rows: list[LabelledRows] = []
    for labelled in sets:
        result, outcome = evaluate_set(predictor, labelled, seed=seed, n_resamples=n_resamples)
        results.append(result)
        rows.append(LabelledRows(labelled.name, labelled.labels, outcome.classes))
    write_report(output, results, rows=rows)
    return results


def results_table(results: Sequence[EvaluationResult]) -> Table:
    """Return the headline metrics of each result, its baselines below it, for the terminal."""
    table = Table(title="95 % intervals in brackets", title_justify="left")
    table.add_column("corpus", overflow="fold")
    for column in ("rows", *HEADLINE_METRICS):
        table.add_column(column.replace("_", " "), justify="right", no_wrap=True)
    for result in results:
        scores = result.scores
        table.add_row(
            escape(result.corpus),
            f"{scores.n:,}",
            *(
                # Two lines a cell, so that the table fits a terminal of 80 columns.
                escape(format_score(scores.metrics[name], scores.intervals[name], gap="\n"))
                for name in HEADLINE_METRICS
            ),
        )
        for baseline in result.baselines:
            table.add_row(
                f"  {baseline.name}",
                "",
                *(f"{baseline.metrics[name]:.3f}" for name in HEADLINE_METRICS),
                style="dim",
            )
        table.add_section()
    return table
