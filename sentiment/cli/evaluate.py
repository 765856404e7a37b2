"""`sentiment evaluate`: how good a bundle is on labelled sets. Arguments only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sentiment.config import RAW_DIR, load_config
from sentiment.errors import ConfigError
from sentiment.settings import load_settings, switch_off_telemetry


def command(  # noqa: PLR0917 - options are given by name
    bundle: Annotated[
        Path | None, typer.Option(help="Folder of the bundle.", show_default="the served model")
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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Score a model on labelled sets, with 95 % intervals, as table, JSON and one HTML page."""
    switch_off_telemetry()
    # They load the engine, and --help should be quick.
    from sentiment.evaluation import labelled_sets, report, run  # noqa: PLC0415

    if config is not None:
        loaded = load_config(config)
        corpus = [*(corpus or []), *loaded.evaluation.corpora]
        bundle, seed, resamples = (
            bundle or loaded.bundle_dir,
            loaded.seed,
            loaded.evaluation.resamples,
        )
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
