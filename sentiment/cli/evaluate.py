"""`sentiment evaluate`: how good a bundle is, on labelled sets or in the whole suite.

Arguments only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sentiment.config import RAW_DIR, load_config
from sentiment.errors import ConfigError
from sentiment.evaluation.suite.options import DEFAULT_CASES, SuiteOptions
from sentiment.settings import load_settings, switch_off_telemetry


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
    split: Annotated[str, typer.Option(help="Which split of the corpora.")] = "test",
    input_path: Annotated[
        Path | None, typer.Option("--input", help="A labelled CSV file, beside or without corpora.")
    ] = None,
    text_column: Annotated[str, typer.Option(help="Its column of texts.")] = "text",
    label_column: Annotated[str, typer.Option(help="Its column of labels.")] = "label",
    label_map: Annotated[
        str | None, typer.Option(help="What its labels mean: 0=negative,1=neutral,2=positive.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder of the report.")] = Path(
        "reports/evaluation"
    ),
    raw_dir: Annotated[Path, typer.Option(help="Folder of the raw corpora.")] = RAW_DIR,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 13,
    resamples: Annotated[int, typer.Option(help="Bootstrap samples.", min=200)] = 5000,
    suite: Annotated[
        bool,
        typer.Option("--suite", help="Everything: all sets, slices, behaviour, calibration, PDF."),
    ] = False,
    champion: Annotated[
        Path | None, typer.Option(help="Suite: a bundle to compare with on the same rows.")
    ] = None,
    max_risk: Annotated[
        float,
        typer.Option(help="Suite: what share of answers may be wrong; picks the threshold."),
    ] = 0.2,
    cases: Annotated[
        int | None,
        typer.Option(
            help="Suite: sentences a behaviour test.",
            min=1,
            show_default="the configuration's, else 500",
        ),
    ] = None,
    pdf: Annotated[bool, typer.Option(help="Suite: print the page with Chromium.")] = True,
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

    if suite and (corpus or input_path is not None):
        raise ConfigError(
            "The suite has its own sets.", hint="Leave out --corpus and --input, or --suite."
        )
    if config is not None:
        loaded = load_config(config)
        corpus = [*(corpus or []), *loaded.evaluation.corpora]
        bundle, seed, resamples = (
            bundle or loaded.bundle_dir,
            loaded.seed,
            loaded.evaluation.resamples,
        )
        cases = cases or loaded.evaluation.behaviour_cases
    if suite:
        _run_suite(
            bundle or load_settings().model_dir,
            champion,
            raw_dir=raw_dir,
            also=corpus or [],
            output=output,
            options=SuiteOptions(
                max_risk=max_risk,
                seed=seed,
                n_resamples=resamples,
                n_cases=cases or DEFAULT_CASES,
            ),
            pdf=pdf,
            with_texts=with_texts,
            track=track,
            as_json=as_json,
        )
        return
    if not corpus and input_path is None:
        raise ConfigError(
            "Nothing to evaluate on.",
            hint="Name a corpus with --corpus, a file with --input, or a configuration.",
        )
    folder = bundle or load_settings().model_dir
    sets = [
        labelled_sets.set_from_corpus(name, raw_dir=raw_dir, split=split) for name in corpus or []
    ]
    if input_path is not None:
        sets.append(
            labelled_sets.set_from_csv(
                input_path,
                text_column=text_column,
                label_column=label_column,
                label_map=labelled_sets.parse_label_map(label_map) if label_map else None,
            )
        )
    results = run.evaluate_bundle(folder, sets, output=output, seed=seed, n_resamples=resamples)
    if as_json:
        typer.echo(json.dumps({"results": [result.to_json() for result in results]}, indent=2))
        return
    console = Console()
    console.print(run.results_table(results))
    for result in results:
        if result.caution:
            console.print(f"{result.corpus}: {result.caution}", markup=False, highlight=False)
    console.print(f"Report: {output / report.PAGE_FILE}", markup=False, highlight=False)


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
