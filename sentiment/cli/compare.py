"""`sentiment compare`: all kinds of models on the same folds. Arguments only."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sentiment.config import RAW_DIR
from sentiment.sections import read_config
from sentiment.settings import load_settings, switch_off_telemetry


def command(
    config: Annotated[Path, typer.Option(help="What is compared on what.")] = Path(
        "configs/compare.yaml"
    ),
    *,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="MODEL",
            help="Also run a model that the configuration describes with `enabled: false`; "
            "repeat it for more.",
        ),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(help="Take about this many rows only.", min=60)
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Measure anew what was measured before.")
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Let the chosen model learn from all rows, and save it there.",
        ),
    ] = None,
    raw_dir: Annotated[Path, typer.Option(help="Folder of the raw corpora.")] = RAW_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Compare kinds of models on the same folds, test neighbours, choose one and say why.

    Folds lie within the training and validation splits. A comparison that was killed goes on
    where it was; a changed model, seed or corpus is measured anew.
    """
    switch_off_telemetry()
    from sentiment.comparison.config import CompareConfig  # noqa: PLC0415 - keeps --help quick

    loaded = read_config(config, CompareConfig).with_enabled(also or [])
    # They load scikit-learn, and a mistake in the configuration should show at once.
    from sentiment.comparison.keeping import check_folder, keep_model  # noqa: PLC0415
    from sentiment.comparison.report import tables, write_report  # noqa: PLC0415
    from sentiment.comparison.run import compare  # noqa: PLC0415

    if keep is not None:
        check_folder(keep)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    # A Trainer prints its figures as it goes: standard output belongs to the command's answer.
    with contextlib.redirect_stdout(sys.stderr), progress:
        task = progress.add_task("comparing", total=len(loaded.enabled) * loaded.folds)

        def show(name: str, fold: int, was_kept: bool) -> None:
            how = "kept" if was_kept else "measured"
            progress.update(task, advance=1, description=f"{name}, fold {fold + 1}: {how}")

        comparison = compare(
            loaded,
            raw_dir=raw_dir,
            work_dir=loaded.work_dir,
            tracking_uri=load_settings().tracking_uri,
            sample=sample,
            fresh=fresh,
            on_cell=show,
        )
        # First of all: what follows may fail, and hours went into this.
        folder = loaded.report_dir if sample is None else loaded.report_dir / f"sample-{sample}"
        write_report(folder, comparison)
        if keep is not None:
            name = comparison.choice.name
            progress.update(task, description=f"{name}, all rows: learning")
            keep_model(loaded, name, keep, raw_dir=raw_dir, sample=sample)
    if as_json:
        typer.echo(json.dumps(comparison.to_json(), indent=2))
        return
    console = Console()
    for table in tables(comparison):
        console.print(table)
    for line in (
        f"Choice: {comparison.choice.name}. {comparison.choice.reason}",
        f"Rule: {comparison.rule}",
        f"Report: {folder}",
        *((f"Model: {keep} (sentiment.models.catalogue.load_model reads it)",) if keep else ()),
    ):
        console.print(line, markup=False, highlight=False)
