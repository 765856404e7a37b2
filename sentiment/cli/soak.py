"""`sentiment soak`: whether the service grows under a long load. Arguments only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sentiment.cli.options import Bundle
from sentiment.config import RAW_DIR
from sentiment.settings import load_settings, switch_off_telemetry


def command(
    bundle: Bundle = None,
    minutes: Annotated[float, typer.Option(help="How long.", min=0.05, max=600)] = 30,
    seed: Annotated[int, typer.Option(min=0, help="Chooses texts and videos.")] = 13,
    raw_dir: Annotated[Path, typer.Option(help="Folder of the raw corpora.")] = RAW_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Send the service half of what it can answer, and watch memory, handles and threads."""
    switch_off_telemetry()
    # They load the engine, and --help should be quick.
    from sentiment.benchmark.run import service_beside_replay  # noqa: PLC0415
    from sentiment.benchmark.soak import run_soak  # noqa: PLC0415
    from sentiment.benchmark.texts import load_texts  # noqa: PLC0415

    settings = load_settings()
    texts = load_texts(1_000, raw_dir=raw_dir, data_dir=settings.data_dir, seed=seed).texts
    progress = Console(stderr=True)
    with (
        progress.status("starting the service") as status,
        service_beside_replay(bundle or settings.model_dir) as service,
    ):
        soak = run_soak(
            service,
            texts,
            minutes=minutes,
            seed=seed,
            on_sample=lambda sample: status.update(
                f"{sample.at_s / 60:.1f} of {minutes:g} min: {sample.megabytes:.0f} MB, "
                f"{sample.handles} handles, {sample.threads} threads"
            ),
        )
    if as_json:
        typer.echo(json.dumps(soak.to_json(), indent=2))
        return
    table = Table(
        title=f"{soak.minutes:g} min at {soak.requests_per_s:.1f} requests/s: {soak.requests:,} "
        f"answered, {soak.analyses:,} analyses, {soak.failures:,} failures",
        title_justify="left",
    )
    for column in ("", "memory MB", "handles", "threads"):
        table.add_column(column, justify="right")
    for name, sample in (("after the warm-up", soak.before), ("at the end", soak.after)):
        table.add_row(name, f"{sample.megabytes:.0f}", str(sample.handles), str(sample.threads))
    Console().print(table)
