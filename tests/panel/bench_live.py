"""How long a new comment takes from its arrival in the stand-in to its place in an open panel.

No test: run it by hand, `python -m tests.panel.bench_live`. Stream, service and extension are
real; the panel watches live and looks by itself once an hour, so that it has to be told.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import sync_playwright

from sentiment.store import open_store
from sentiment.youtube.replay import ReplayServer
from tests.panel.beside import panel_beside
from tests.panel.chromium import built_extension, launch_chromium, worker_of
from tests.panel.live import NEVER_BY_ITSELF, arrival_to_paint_s, watch_live
from tests.serving.running import serving
from tests.stream.running import StreamCommands, wait_until_kept

_VIDEO = "size0000045"
_COMMENTS = 45
_PROMISED_S = 2.0
_PATIENCE_S = 120.0


def main(
    bundle: Annotated[Path, typer.Option(help="Folder of the bundle.")] = Path("models/starter"),
    tries: Annotated[int, typer.Option(min=1, help="Comments that arrive, one by one.")] = 20,
    poll_s: Annotated[float, typer.Option(min=1, help="Seconds between polls.")] = 5,
    seed: Annotated[int, typer.Option(help="Of the moments at which they arrive.")] = 0,
) -> None:
    """Let comments arrive at random moments and print how long each took."""
    chromium_path, extension = built_extension()
    moments = random.Random(seed)
    with (
        tempfile.TemporaryDirectory() as name,
        ReplayServer() as replay,
        serving(bundle.resolve(), Path(name), replay) as (server, _),
        sync_playwright() as playwright,
    ):
        commands = StreamCommands(bundle.resolve(), Path(name), replay)
        commands.watch(_VIDEO, interval_s=poll_s)
        chromium = launch_chromium(playwright, chromium_path, extension, Path(name) / "profile")
        with (
            closing(open_store(commands.variables["SENTIMENT_STORE_URL"])) as store,
            commands.polling(poll_s),
            commands.working(),
        ):
            wait_until_kept(store, _VIDEO, _COMMENTS)
            opened = panel_beside(
                chromium, worker_of(chromium), _VIDEO, server.url, settings=NEVER_BY_ITSELF
            )
            with opened as beside:
                watch_live(beside)
                times = []
                for _ in range(tries):
                    beside.page.wait_for_timeout(moments.uniform(0, 1_000 * poll_s))
                    _, took_s = arrival_to_paint_s(beside, replay, _VIDEO, patience_s=_PATIENCE_S)
                    times.append(took_s)
        chromium.close()
    kept = sum(took_s <= poll_s + _PROMISED_S for took_s in times)
    typer.echo(f"{tries} comments, polls every {poll_s:g} s, {os.cpu_count()} cores,")
    typer.echo(f"load {os.getloadavg()[0]:.1f}; seconds from a comment's arrival to its paint")
    typer.echo(
        f"  median {statistics.median(times):.1f}  from {min(times):.1f} to {max(times):.1f}"
    )
    typer.echo(f"  within a poll and {_PROMISED_S:g} s: {kept} of {tries}")


if __name__ == "__main__":
    typer.run(main)
