"""`sentiment score`: label the comments of files of any size. Arguments only."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from sentiment.cli.options import Bundle
from sentiment.errors import DataError
from sentiment.scoring.options import DEFAULT_PART_ROWS, Format, Options
from sentiment.settings import load_settings, switch_off_telemetry

if TYPE_CHECKING:
    from sentiment.scoring.cluster import Workers


class _Bar:
    """Shows how far a run is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("reading the inputs", total=None)

    def planned(self, rows: int, done: int) -> None:
        """Note how many rows there are, and how many an earlier run has done."""
        self._progress.update(self._task, description="comments", total=rows, completed=done)

    def advanced(self, rows: int) -> None:
        """Note that so many more rows are done."""
        self._progress.advance(self._task, rows)


def command(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT…",
            help="CSV, TSV, JSON lines (.jsonl, .ndjson; all also .gz) or Parquet: files, folders "
            "or quoted patterns, local or s3://BUCKET/KEY.",
        ),
    ],
    *,
    output: Annotated[
        str, typer.Option(metavar="DIR", help="Folder of results: new, empty, or of a killed run.")
    ],
    text_column: Annotated[str, typer.Option(help="The column or field of comments.")] = "text",
    id_column: Annotated[
        str | None, typer.Option(help="The column of ids; else `id` where there is one.")
    ] = None,
    bundle: Bundle = None,
    format_: Annotated[
        Format, typer.Option("--format", help="How predictions are written.")
    ] = Format.PARQUET,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, help="Processes on this machine, a core each; else one for every core."
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Use the workers of this Dask scheduler instead, such as tls://HOST:8786. They "
            "must see inputs, bundle and output at the same paths. Dask's processes send each "
            "other code: anyone who can reach a tcp:// scheduler can run programs on its "
            "workers, so use tls:// or your own closed network.",
        ),
    ] = None,
    part_rows: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Rows that are scored and written together.")
    ] = DEFAULT_PART_ROWS,
    price_per_hour: Annotated[
        float | None, typer.Option(min=0, help="What the machines cost: shows the cost a million.")
    ] = None,
    fail_on_rejected: Annotated[
        bool, typer.Option("--fail-on-rejected", help="End with 3 if any row was set aside.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON on stdout.")
    ] = False,
) -> None:
    """Label every row of files of any size; go on after a kill with the same command.

    Example:
    [bold]sentiment score 'comments/*.csv' --text-column body --output scored[/bold]

    DIR/predictions has a row for each input row: file, row (from 1), id,
    label, score, probabilities, confidence, status. DIR/rejected.jsonl has
    the rows that can't be read, with the reason. The results are the same,
    byte for byte, with any number of workers and after any kill.

    Ends with 0 when every row is accounted for, 2 for options that do not
    fit the folder, 3 for an input that can't be read, 7 for the model, 12
    for a full disk, 15 when workers or scheduler are gone or an input was
    changed meanwhile.
    """
    if scheduler and workers:
        raise typer.BadParameter("a --scheduler has its own workers: leave --workers out")
    switch_off_telemetry()
    from sentiment.scoring.run import score_files  # noqa: PLC0415 - keeps --help quick

    def crew() -> AbstractContextManager[Workers]:
        from sentiment.scoring import cluster  # noqa: PLC0415 - loads Dask

        if scheduler:
            return cluster.remote(scheduler)
        return cluster.embedded(n_workers=workers)

    console = Console(stderr=True)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )
    with progress:
        summary = score_files(
            inputs,
            output,
            bundle_dir=bundle or load_settings().model_dir,
            options=Options(text_column, id_column, format_, part_rows),
            workers=crew,
            watcher=_Bar(progress),
        )
    for line in summary.lines(price_per_hour=price_per_hour):
        console.print(line, markup=False, highlight=False)
    if as_json:
        typer.echo(json.dumps(summary.as_record(price_per_hour=price_per_hour), indent=2))
    if fail_on_rejected and summary.rejected:
        raise DataError(
            f"{summary.rejected:,} rows were set aside.",
            hint=f"{output}/rejected.jsonl names them with the reason.",
        )
