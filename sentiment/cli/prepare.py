"""`sentiment prepare`: raw corpora to three splits. Arguments only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from sentiment.config import RAW_DIR, load_config
from sentiment.labels import LABEL_NAMES


def command(
    config: Annotated[Path, typer.Option(help="A configuration, such as configs/quickstart.yaml.")],
    *,
    raw_dir: Annotated[Path, typer.Option(help="Folder of the raw corpora.")] = RAW_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest on stdout.")] = False,
) -> None:
    """Validate, clean, de-duplicate and split the corpora of a configuration."""
    from sentiment.preparation.prepare import prepare  # noqa: PLC0415 - pandas takes a second

    loaded = load_config(config)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("reading and cleaning", total=None)
        prepared = prepare(
            loaded,
            raw_dir=raw_dir,
            on_progress=lambda step, done, total: progress.update(
                task, description=step, completed=done, total=total
            ),
        )
    if as_json:
        typer.echo(json.dumps(prepared.manifest, indent=2))
        return
    console = Console()
    console.print(_table(prepared.manifest))
    dropped = ", ".join(
        f"{count:,} {reason}" for reason, count in prepared.manifest["dropped"].items()
    )
    console.print(f"Dropped: {dropped}. Written to {prepared.directory}.", highlight=False)


def _table(manifest: dict[str, Any]) -> Table:
    table = Table(title=f"Splits of {manifest['config']}", title_justify="left")
    table.add_column("corpus")
    table.add_column("split")
    for column in ("rows", *LABEL_NAMES):
        table.add_column(column, justify="right")
    for source, splits in manifest["rows"].items():
        for split, counts in splits.items():
            total = sum(counts.values())
            shares = [f"{counts.get(name, 0) / total:.1%}" for name in LABEL_NAMES]
            table.add_row(source, split, f"{total:,}", *shares)
    return table
