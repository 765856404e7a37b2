"""`sentiment synthetic`: write made-up comments as CSV. Arguments only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console


def command(
    *,
    rows: Annotated[int, typer.Option(min=0, help="Number of comments.")] = 5_000,
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds write equal files.")] = 0,
    output: Annotated[
        Path, typer.Option(help="CSV file to write: id, source, text, label.")
    ] = Path("data/raw/synthetic.csv"),
) -> None:
    """Write made-up YouTube-like comments, labelled by their template's intention."""
    from sentiment.corpora.synthetic import write_csv  # noqa: PLC0415 - keeps --help quick

    write_csv(output, rows=rows, seed=seed)
    Console(stderr=True).print(f"Wrote {rows:,} made-up comments to {output}.", highlight=False)
