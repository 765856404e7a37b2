"""`sentiment rehearse`: play the whole loop through. Arguments only."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sentiment.errors import ConfigError
from sentiment.settings import switch_off_telemetry


def command(
    *,
    small: Annotated[
        bool, typer.Option("--small", help="Fewer epochs, days and videos; for CI.")
    ] = False,
    report: Annotated[Path, typer.Option(help="File of the page; JSON goes beside it.")] = Path(
        "reports/loop.html"
    ),
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Where to play, and to leave data, models and logs; must be empty.",
            show_default="a temporary one, removed at the end",
        ),
    ] = None,
) -> None:
    """Play the loop: drift, corrections, retraining, gate, shadow, canary, promotion, rollback.

    With --small about seven minutes on two cores, else about ten. Starts an MLflow server, a
    stand-in of YouTube and the service on this machine alone, and plays viewers whose comments
    have a known truth. Ends with 0 only if every step went as it should; nothing outside the
    folder changes but the report.
    """
    switch_off_telemetry()
    from sentiment.rehearsal.play import play  # noqa: PLC0415 - keeps --help quick
    from sentiment.rehearsal.sizes import FULL, SMALL  # noqa: PLC0415
    from sentiment.rehearsal.story import Story  # noqa: PLC0415

    if folder is not None and folder.exists() and any(folder.iterdir()):
        raise ConfigError(
            f"Wanted an empty folder to play in; {folder} holds something.",
            hint="Name another one, or leave --folder out.",
        )
    console = Console()
    with ExitStack() as cleanup:
        place = folder or Path(
            cleanup.enter_context(tempfile.TemporaryDirectory(prefix="sentiment-rehearsal-"))
        )
        place.mkdir(parents=True, exist_ok=True)
        size = SMALL if small else FULL
        play(place.resolve(), size=size, story=Story(console), report=report.resolve())
    console.print(f"[bold]{report}[/] has the story.")
