"""`sentiment bench`: how fast the predictor and the service are. Arguments only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sentiment.cli.options import Bundle
from sentiment.config import RAW_DIR
from sentiment.settings import load_settings, switch_off_telemetry


def command(  # noqa: PLR0917 - options are given by name
    bundle: Bundle = None,
    checkpoint: Annotated[
        Path, typer.Option(help="What the bundle was made of; the pipeline runs it.")
    ] = Path("outputs/starter/checkpoint"),
    rows: Annotated[int, typer.Option(help="Comments to read.", min=10, max=100_000)] = 2000,
    rounds: Annotated[int, typer.Option(help="Turns of each contestant.", min=1)] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the comments.")] = 13,
    raw_dir: Annotated[Path, typer.Option(help="Folder of the raw corpora.")] = RAW_DIR,
    output: Annotated[Path, typer.Option(help="The JSON report.")] = Path("reports/benchmark.json"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Race predictor and service against Hugging Face's pipeline; takes about two minutes."""
    switch_off_telemetry()
    # They load the engine, and --help should be quick.
    from sentiment.benchmark.report import result_tables  # noqa: PLC0415
    from sentiment.benchmark.run import run_benchmark  # noqa: PLC0415
    from sentiment.benchmark.texts import load_texts  # noqa: PLC0415
    from sentiment.files import write_json  # noqa: PLC0415

    settings = load_settings()
    progress = Console(stderr=True)
    with progress.status("reading the comments") as status:
        result = run_benchmark(
            bundle or settings.model_dir,
            load_texts(rows, raw_dir=raw_dir, data_dir=settings.data_dir, seed=seed),
            checkpoint=checkpoint,
            rounds=rounds,
            seed=seed,
            on_turn=status.update,
        )
    write_json(output, result.to_json())
    if as_json:
        typer.echo(json.dumps(result.to_json(), indent=2))
        return
    console = Console()
    console.print(result_tables(result))
    console.print(f"Report: {output}", markup=False, highlight=False)
