"""`sentiment purge`: remove the texts of comments that are kept too long. Arguments only."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sentiment.comments import KEPT_TEXT_DAYS


def command(
    *,
    older_than_days: Annotated[
        int, typer.Option(min=0, max=36_500, help="Days since a comment was fetched.")
    ] = KEPT_TEXT_DAYS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Remove the texts of comments fetched too long ago from the store (SENTIMENT_STORE_URL).

    YouTube's terms allow 30 days. Votes and results stay; the removal is noted in the audit.
    """
    from sentiment.settings import load_settings  # noqa: PLC0415 - keeps --help quick
    from sentiment.store import open_store  # noqa: PLC0415

    store = open_store(load_settings().store_url.get_secret_value(), create=False)
    try:
        record = store.purge(older_than=datetime.now(UTC) - timedelta(days=older_than_days))
    finally:
        store.close()
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(record), default=datetime.isoformat))
        return
    table = Table(title=f"Purge {record.id}", title_justify="left")
    table.add_column("what")
    table.add_column("removed", justify="right")
    table.add_row("texts of comments", f"{record.comments:,}")
    table.add_row("predictions", f"{record.predictions:,}")
    Console().print(table)
    if record.older_than is not None:
        typer.echo(f"Fetched before {record.older_than:%Y-%m-%d %H:%M} UTC.")
