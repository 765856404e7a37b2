"""`sentiment corpora`: what there is to train and measure on. Arguments only."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sentiment.config import RAW_DIR


def command(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """List the corpora with size, licence and who labelled them."""
    from sentiment.corpora import all_corpora  # noqa: PLC0415 - keeps --help quick

    rows = [
        {
            "name": corpus.name,
            "title": corpus.title,
            "rows": corpus.n_rows,
            "labeller": corpus.labeller,
            "human_labelled": corpus.human_labelled,
            "licence": corpus.licence,
            "use": "evaluation only" if corpus.evaluation_only else "training and evaluation",
            "downloaded": (corpus.folder(RAW_DIR) / "manifest.json").is_file(),
            "caution": corpus.caution,
        }
        for corpus in all_corpora()
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table(title="Corpora", title_justify="left")
    # A name is typed again elsewhere: it is never folded.
    table.add_column("name", min_width=max(len(str(row["name"])) for row in rows), overflow="fold")
    for column in ("rows", "labelled by", "licence", "use", "here"):
        table.add_column(column, justify="right" if column == "rows" else "left", overflow="fold")
    for row in rows:
        table.add_row(
            f"{row['name']}\n[dim]{row['title']}[/dim]",
            f"{row['rows']:,}",
            str(row["labeller"])
            if row["human_labelled"]
            else f"[yellow]{row['labeller']}[/yellow]",
            str(row["licence"]),
            str(row["use"]),
            "yes" if row["downloaded"] else "no",
        )
    Console().print(table)
