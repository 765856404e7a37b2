"""A whole comparison: every enabled model on every fold, ranked, tested, one chosen."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sentiment.comparison.cells import Cell, fingerprint_of, measure_cell
from sentiment.comparison.config import CompareConfig
from sentiment.comparison.ranking import choose, neighbour_tests, ranked, rule_of
from sentiment.comparison.result import Comparison, ModelResult
from sentiment.comparison.rows import ComparedRows, read_rows
from sentiment.errors import TrainingError
from sentiment.evaluation.intervals import (
    HEADLINE_METRICS,
    PRIMARY_METRIC,
    bootstrap_intervals,
    confusion_counts,
    scores_of_confusion,
)
from sentiment.files import locked
from sentiment.models.options import ModelOptions

if TYPE_CHECKING:
    from sentiment.comparison.tracked import ComparisonRuns
    from sentiment.tracking import TrackedRun

_STATE_FILE = "runs.json"
OnCell = Callable[[str, int, bool], None]


def compare(
    config: CompareConfig,
    *,
    raw_dir: Path,
    work_dir: Path,
    tracking_uri: str | None,
    sample: int | None = None,
    fresh: bool = False,
    on_cell: OnCell = lambda _name, _fold, _was_kept: None,
) -> Comparison:
    """Compare the enabled models of a configuration on the same folds.

    A comparison that was killed goes on: what was measured under the same options, seed, rows
    and folds is taken from `work_dir`.

    Args:
        config: what is compared on what.
        raw_dir: the folder that `sentiment download` fills.
        work_dir: where finished folds are kept.
        tracking_uri: of MLflow; None records no run.
        sample: about how many rows to take; None takes all.
        fresh: measure everything anew.
        on_cell: told of each model's name, fold, and whether it had been measured before.

    Raises:
        ConfigError: a corpus may not be trained on.
        DataError: a corpus is missing, unreadable or too small.
        ModelUnavailableError: a model's base is nowhere to be had.
        TrainingError: another comparison is going on, a model can't learn, or MLflow can't be
            used.
        OutOfSpaceError: the disk is full.
    """
    rows = read_rows(config.corpora, raw_dir=raw_dir, n_folds=config.folds, sample=sample)
    digest = rows.digest
    folder = work_dir / ("all" if sample is None else f"sample-{sample}")
    going_on = TrainingError(
        f"Another comparison is going on in {folder}.",
        hint="Wait for it, or end it: the next one goes on where it was.",
    )
    with locked(folder.with_name(f".{folder.name}.lock"), refusal=going_on):
        if fresh:
            _discard(folder, tracking_uri=tracking_uri)
        with _runs(config, digest, tracking_uri=tracking_uri, folder=folder) as runs:
            results = []
            for options in config.enabled:
                with _run_of(runs, options) as run:
                    result = _measure(config, options, rows, digest, folder=folder, on_cell=on_cell)
                    if run is not None:
                        from sentiment.comparison.tracked import log_model  # noqa: PLC0415

                        log_model(run, result)
                results.append(result)
            comparison = _conclude(config, rows, digest, results)
            if runs is not None:
                runs.finish(comparison)
    return comparison


def _discard(folder: Path, *, tracking_uri: str | None) -> None:
    """Remove what was measured, and end the runs of a comparison that was cut off."""
    if tracking_uri is not None:
        from sentiment.comparison.tracked import end_left_runs  # noqa: PLC0415 - loads mlflow

        end_left_runs(folder / _STATE_FILE, tracking_uri=tracking_uri)
    shutil.rmtree(folder, ignore_errors=True)


def _runs(
    config: CompareConfig, digest: str, *, tracking_uri: str | None, folder: Path
) -> AbstractContextManager[ComparisonRuns | None]:
    if tracking_uri is None:
        return nullcontext(None)
    from sentiment.comparison.tracked import tracked_comparison  # noqa: PLC0415 - loads mlflow

    return tracked_comparison(
        config, rows_digest=digest, tracking_uri=tracking_uri, state_file=folder / _STATE_FILE
    )


def _run_of(
    runs: ComparisonRuns | None, options: ModelOptions
) -> AbstractContextManager[TrackedRun | None]:
    return nullcontext(None) if runs is None else runs.of_model(options)


def _measure(
    config: CompareConfig,
    options: ModelOptions,
    rows: ComparedRows,
    digest: str,
    *,
    folder: Path,
    on_cell: OnCell,
) -> ModelResult:
    """Measure one model on every fold and pool what it said of the held-out rows."""
    cells: list[Cell] = []
    guesses = np.zeros(len(rows.labels), dtype=np.int64)
    for fold in range(config.folds):
        cell = measure_cell(
            options,
            rows,
            fold=fold,
            seed=config.seed,
            fingerprint=fingerprint_of(options, seed=config.seed, rows_digest=digest, fold=fold),
            folder=folder / options.name / f"fold-{fold}",
        )
        guesses[rows.folds == fold] = cell.probabilities.argmax(axis=1)
        cells.append(cell)
        on_cell(options.name, fold, cell.was_kept)
    confusion = confusion_counts(rows.labels, guesses)
    scores = scores_of_confusion(confusion)
    intervals = bootstrap_intervals(
        confusion, rng=np.random.default_rng(config.seed), n_resamples=config.resamples
    )
    return ModelResult(
        name=options.name,
        kind=options.kind,
        metrics={name: float(scores[name]) for name in HEADLINE_METRICS},
        intervals={name: intervals[name] for name in HEADLINE_METRICS},
        fold_macro_f1=tuple(_macro_f1(rows, guesses, fold=fold) for fold in range(config.folds)),
        size_bytes=round(sum(cell.facts.size_bytes for cell in cells) / len(cells)),
        comments_per_s=len(guesses) / max(sum(cell.facts.predict_s for cell in cells), 1e-9),
        fit_s=sum(cell.facts.fit_s for cell in cells) / len(cells),
        n_kept=sum(cell.was_kept for cell in cells),
        guesses=guesses,
    )


def _macro_f1(rows: ComparedRows, guesses: np.ndarray, *, fold: int) -> float:
    marks = rows.folds == fold
    return float(
        scores_of_confusion(confusion_counts(rows.labels[marks], guesses[marks]))[PRIMARY_METRIC]
    )


def _conclude(
    config: CompareConfig, rows: ComparedRows, digest: str, results: list[ModelResult]
) -> Comparison:
    ranking = ranked(results)
    return Comparison(
        name=config.name,
        corpora=tuple(config.corpora),
        n_rows=len(rows.labels),
        n_folds=config.folds,
        rows_digest=digest,
        results=tuple(ranking),
        neighbours=tuple(
            neighbour_tests(
                ranking,
                rows.labels,
                rng=np.random.default_rng(config.seed),
                n_resamples=config.resamples,
            )
        ),
        choice=choose(
            ranking,
            rows.labels,
            config.choice,
            rng=np.random.default_rng(config.seed),
            n_resamples=config.resamples,
        ),
        rule=rule_of(config.choice),
    )
