"""`sentiment train`: fine-tune on this machine. Arguments only."""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sentiment.config import load_config
from sentiment.settings import load_settings


def command(
    config: Annotated[Path, typer.Option(help="A configuration, such as configs/starter.yaml.")],
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew, don't resume.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures on stdout.")] = False,
) -> None:
    """Fine-tune the model of a configuration, preparing its data first where needed.

    A run that was killed goes on from its last checkpoint. On several processes or GPUs:
    accelerate launch -m sentiment.train --config configs/distilbert.yaml
    """
    from sentiment.train import train  # noqa: PLC0415 - keeps --help quick

    logging.getLogger("sentiment").setLevel(logging.INFO)
    loaded = load_config(config)
    # The Trainer prints its figures as it goes: standard output belongs to the command's answer.
    with contextlib.redirect_stdout(sys.stderr):
        trained = train(loaded, tracking_uri=load_settings().tracking_uri, fresh=fresh)
    if as_json:
        figures = {
            "checkpoint": str(trained.checkpoint_dir),
            "validation": trained.validation,
            "resumed_from_step": trained.resumed_from_step,
            "run_id": trained.run_id,
        }
        typer.echo(json.dumps(figures, indent=2))
        return
    table = Table(title=f"{loaded.name} on its validation split", title_justify="left")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in sorted(trained.validation.items()):
        table.add_row(name, f"{value:.4f}")
    console = Console()
    console.print(table)
    if trained.resumed_from_step is not None:
        console.print(f"Resumed from step {trained.resumed_from_step}.", highlight=False)
    console.print(
        f"Checkpoint: {trained.checkpoint_dir}. Next: sentiment export --config {config}",
        highlight=False,
    )
