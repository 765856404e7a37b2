"""`sentiment teach`: let larger models label texts for a smaller one. Arguments only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sentiment.config import load_config


def command(
    config: Annotated[Path, typer.Option(help="The pupil's, such as configs/starter.yaml.")],
    checkpoint: Annotated[
        list[Path],
        typer.Option(help="A teacher's checkpoint directory; repeat it to average several."),
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures on stdout.")] = False,
) -> None:
    """Write soft labels: what trained larger models say of a configuration's training texts.

    The texts are prepared first where needed.

    A teacher is trained like any model, best on a GPU:
    accelerate launch -m sentiment.train --config configs/teacher.yaml

    Then: sentiment teach --config configs/starter.yaml --checkpoint outputs/teacher/checkpoint
    """
    from sentiment.teach import teach  # noqa: PLC0415 - keeps --help quick

    loaded = load_config(config)
    bar = Progress(
        TextColumn("teaching"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task("teaching", total=None)
        n_texts = teach(
            loaded,
            checkpoint,
            on_progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    path = loaded.teaching.soft_labels if loaded.teaching else ""
    if as_json:
        typer.echo(json.dumps({"soft_labels": path, "n_texts": n_texts}))
        return
    Console().print(f"{n_texts:,} texts have soft labels in {path}.", highlight=False)
