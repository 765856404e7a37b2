"""`sentiment feedback`: make a corpus of what viewers corrected. Arguments only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sentiment.config import RAW_DIR


def command(
    *,
    raw_dir: Annotated[Path, typer.Option(help="Folder of the raw corpora.")] = RAW_DIR,
    min_voters: Annotated[int, typer.Option(min=1, help="Who must have voted on a comment.")] = 1,
    min_agreement: Annotated[
        float, typer.Option(min=0.51, max=1, help="Share of its voters behind a label.")
    ] = 2 / 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Collect corrections from the service's store (SENTIMENT_STORE_URL) into a corpus.

    Floods, quarrels, spam and what is not English are set aside and counted. Add `feedback` to the
    corpora of a configuration to train on the rest; it is never in a test set. YouTube's terms
    give the texts 30 days: the corpus refuses to be read after that.
    """
    from sentiment.corpora.feedback import stamp_collection  # noqa: PLC0415 - keeps --help quick
    from sentiment.corrections.collect import collect  # noqa: PLC0415 - likewise
    from sentiment.corrections.rules import Rules  # noqa: PLC0415
    from sentiment.settings import load_settings  # noqa: PLC0415
    from sentiment.store import open_store  # noqa: PLC0415

    store = open_store(load_settings().store_url.get_secret_value(), create=False)
    try:
        rules = Rules(min_voters=min_voters, min_agreement=min_agreement)
        collected = collect(store, raw_dir=raw_dir, rules=rules)
        stamp_collection(raw_dir)
    finally:
        store.close()
    corrections, set_aside = collected.decided.corrections, collected.decided.set_aside
    if as_json:
        figures = {
            "corpus": str(collected.directory),
            "votes": collected.n_votes,
            "comments": len(corrections),
            "set_aside": {reason.name.lower(): n for reason, n in set_aside.items()},
            "keep_until": collected.keep_until.isoformat(),
        }
        typer.echo(json.dumps(figures, indent=2))
        return
    table = Table(title=f"Corrections in {collected.directory}", title_justify="left")
    table.add_column("what")
    table.add_column("count", justify="right")
    table.add_row("votes in the store", f"{collected.n_votes:,}")
    table.add_row("comments to learn from", f"{len(corrections):,}")
    for reason, n in sorted(set_aside.items()):
        table.add_row(f"set aside: {reason}", f"{n:,}")
    console = Console()
    console.print(table)
    console.print(f"To be deleted by {collected.keep_until:%Y-%m-%d}.", highlight=False)
