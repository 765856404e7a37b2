"""`sentiment evaluate`: how good a bundle is, on labelled sets or in the whole suite.

Arguments only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from sentiment.config import RAW_DIR, load_config
from sentiment.errors import ConfigError
from sentiment.evaluation.suite.options import (
    DEFAULT_CASES,
    DEFAULT_RESAMPLES,
    DEFAULT_RISK,
    DEFAULT_SEED,
    SuiteOptions,
)
from sentiment.settings import load_settings, switch_off_telemetry

_TEXT_COLUMN, _LABEL_COLUMN = "text", "label"
_Value = TypeVar("_Value")


def command(  # noqa: PLR0917 - options are given by name
    bundle: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the bundle.",
            show_default="that of --config, else SENTIMENT_MODEL_DIR",
        ),
    ] = None,
    corpus: Annotated[
        list[str] | None, typer.Option(help="A corpus to evaluate on; may be repeated.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="A configuration: its bundle, corpora, seed and resamples are taken."),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            help="Which split of the corpora, or `all`.", show_default="what tests this model"
        ),
    ] = None,
    input_path: Annotated[
        Path | None, typer.Option("--input", help="A labelled CSV file, beside or without corpora.")
    ] = None,
    text_column: Annotated[
        str | None, typer.Option(help="Its column of texts.", show_default=_TEXT_COLUMN)
    ] = None,
    label_column: Annotated[
        str | None, typer.Option(help="Its column of labels.", show_default=_LABEL_COLUMN)
    ] = None,
    label_map: Annotated[
        str | None, typer.Option(help="What its labels mean: 0=negative,1=neutral,2=positive.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder of the report.")] = Path(
        "reports/evaluation"
    ),
    raw_dir: Annotated[Path, typer.Option(help="Folder of the raw corpora.")] = RAW_DIR,
    seed: Annotated[
        int | None,
        typer.Option(
            help="Of the bootstrap.",
            min=0,
            show_default=f"the configuration's, else {DEFAULT_SEED}",
        ),
    ] = None,
    resamples: Annotated[
        int | None,
        typer.Option(
            help="Bootstrap samples.",
            min=200,
            show_default=f"the configuration's, else {DEFAULT_RESAMPLES}",
        ),
    ] = None,
    suite: Annotated[
        bool,
        typer.Option("--suite", help="Everything: all sets, slices, behaviour, calibration, PDF."),
    ] = False,
    champion: Annotated[
        Path | None, typer.Option(help="Suite: a bundle to compare with on the same rows.")
    ] = None,
    max_risk: Annotated[
        float | None,
        typer.Option(
            help="Suite: what share of answers may be wrong; picks the threshold.",
            show_default=str(DEFAULT_RISK),
        ),
    ] = None,
    cases: Annotated[
        int | None,
        typer.Option(
            help="Suite: sentences a behaviour test.",
            min=1,
            show_default="the configuration's, else 500",
        ),
    ] = None,
    pdf: Annotated[
        bool | None,
        typer.Option(
            "--pdf/--no-pdf", help="Suite: print the page with Chromium.", show_default="pdf"
        ),
    ] = None,
    with_texts: Annotated[
        bool, typer.Option("--with-texts", help="Suite: print the texts of the surest mistakes.")
    ] = False,
    track: Annotated[
        bool, typer.Option("--track", help="Suite: record the figures in MLflow too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Score a model on labelled sets, with 95 % intervals, as table, JSON and one HTML page.

    With --suite: every set that is there, slices, calibration, behaviour tests after CheckList,
    identity terms and sarcasm, as OUTPUT.html and OUTPUT.pdf with the figures in OUTPUT/. The
    corpora of --config are measured too, if the suite lacks them.
    """
    switch_off_telemetry()
    # They load the engine, and --help should be quick.
    from sentiment.evaluation import labelled_sets, report, run  # noqa: PLC0415
    from sentiment.release.bundle import load_bundle  # noqa: PLC0415

    of_suite = {
        "--champion": champion,
        "--max-risk": max_risk,
        "--cases": cases,
        "--pdf or --no-pdf": pdf,
        "--with-texts": with_texts or None,
        "--track": track or None,
    }
    of_input = {
        "--text-column": text_column,
        "--label-column": label_column,
        "--label-map": label_map,
    }
    if suite:
        others = {"--corpus": corpus, "--input": input_path, "--split": split, **of_input}
        _refuse(others, "The suite has its own sets.")
    else:
        _refuse(of_suite, "Only the suite has a use for it.")
    if input_path is None:
        _refuse(of_input, "It is about the file of --input, and none is given.")
    loaded = None if config is None else load_config(config)
    corpora = [*(corpus or []), *(loaded.evaluation.corpora if loaded else [])]
    if split is not None and not corpora:
        _refuse({"--split": split}, "It is about corpora, and none is given.")
    folder = bundle or (loaded.bundle_dir if loaded else load_settings().model_dir)
    measured = loaded.evaluation if loaded else None
    chosen = SuiteOptions(
        max_risk=_first(max_risk, DEFAULT_RISK),
        seed=_first(seed, loaded.seed if loaded else None, DEFAULT_SEED),
        n_resamples=_first(resamples, measured.resamples if measured else None, DEFAULT_RESAMPLES),
        n_cases=_first(cases, measured.behaviour_cases if measured else None, DEFAULT_CASES),
    )
    if suite:
        _run_suite(
            folder,
            champion,
            raw_dir=raw_dir,
            also=corpora,
            output=output,
            options=chosen,
            pdf=_first(pdf, True),
            with_texts=with_texts,
            track=track,
            as_json=as_json,
        )
        return
    if not corpora and input_path is None:
        raise ConfigError(
            "Nothing to evaluate on.",
            hint="Name a corpus with --corpus, a file with --input, or a configuration.",
        )
    verified = load_bundle(folder)
    sets = run.sets_to_test(verified, corpora, raw_dir=raw_dir, split=split)
    if input_path is not None:
        sets.append(
            labelled_sets.set_from_csv(
                input_path,
                text_column=_first(text_column, _TEXT_COLUMN),
                label_column=_first(label_column, _LABEL_COLUMN),
                label_map=labelled_sets.parse_label_map(label_map) if label_map else None,
            )
        )
    results = run.evaluate_bundle(
        verified, sets, output=output, seed=chosen.seed, n_resamples=chosen.n_resamples
    )
    if as_json:
        typer.echo(json.dumps({"results": [result.to_json() for result in results]}, indent=2))
        return
    console = Console()
    console.print(run.results_table(results))
    for result in results:
        if result.caution:
            console.print(f"{result.corpus}: {result.caution}", markup=False, highlight=False)
    console.print(f"Report: {output / report.PAGE_FILE}", markup=False, highlight=False)


def _first(*values: _Value | None) -> _Value:
    """Return what was given, else what stands in a configuration, else the default."""
    return next(value for value in values if value is not None)


def _refuse(options: Mapping[str, object], why: str) -> None:
    """Refuse options that would have no effect.

    Raises:
        ConfigError: one of them was given.
    """
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise ConfigError(why, hint=f"Leave out {', '.join(given)}.")


def _run_suite(
    bundle: Path,
    champion: Path | None,
    *,
    raw_dir: Path,
    also: list[str],
    output: Path,
    options: SuiteOptions,
    pdf: bool,
    with_texts: bool,
    track: bool,
    as_json: bool,
) -> None:
    from sentiment.evaluation.run import results_table  # noqa: PLC0415
    from sentiment.evaluation.suite import files, plan, printing, run, terminal  # noqa: PLC0415
    from sentiment.release.bundle import load_bundle  # noqa: PLC0415

    # Asked for first: nobody wants to wait minutes for "Chromium is missing".
    chromium = printing.find_chromium() if pdf else None
    progress = Console(stderr=True, highlight=False)
    settings = load_settings()
    findings = run.run_suite(
        load_bundle(bundle),
        champion=load_bundle(champion) if champion else None,
        places=plan.Places(raw_dir, settings.data_dir),
        also=also,
        options=options,
        on_step=lambda step: progress.print(step, markup=False, style="dim"),
    )
    written = files.write_suite(output, findings, chromium=chromium, with_texts=with_texts)
    if track:
        from sentiment.evaluation.suite.tracked import track_suite  # noqa: PLC0415

        track_suite(findings, written.folder, tracking_uri=settings.tracking_uri)
    if as_json:
        typer.echo(json.dumps(findings.to_json(), indent=2))
        return
    console = Console()
    console.print(results_table([part.result for part in findings.sets]))
    console.print(terminal.behaviour_table(findings))
    for line in terminal.closing_lines(findings):
        console.print(line, markup=False, highlight=False)
    for path in filter(None, (written.page, written.pdf)):
        console.print(f"Report: {path}", markup=False, highlight=False)
