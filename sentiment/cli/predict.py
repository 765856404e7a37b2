"""`sentiment predict`: label the comments of a file. Arguments only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from sentiment.cli.options import Bundle
from sentiment.settings import load_settings


def command(
    input_path: Annotated[
        Path, typer.Option("--input", help="CSV (or TSV by its suffix) with a header.")
    ],
    *,
    output: Annotated[Path, typer.Option(help="JSON lines to write, one a row, same order.")],
    text_column: Annotated[str, typer.Option(help="The column of comments.")] = "text",
    bundle: Bundle = None,
) -> None:
    """Label every row of a file; the lines have the shape of the service's answers."""
    from sentiment.inference.predictor import Predictor  # noqa: PLC0415
    from sentiment.inference.tables import predict_file  # noqa: PLC0415 - keeps --help quick
    from sentiment.release.bundle import load_bundle  # noqa: PLC0415

    predictor = Predictor.from_bundle(load_bundle(bundle or load_settings().model_dir))
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("comments", total=None)
        n_rows = predict_file(
            predictor,
            input_path,
            text_column=text_column,
            output=output,
            on_rows=lambda n: progress.advance(task, n),
        )
    console.print(f"Wrote {n_rows:,} predictions to {output}.", highlight=False)
