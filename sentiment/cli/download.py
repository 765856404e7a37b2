"""`sentiment download`: bring corpora to data/raw. Arguments only."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn

from sentiment.config import RAW_DIR, load_config
from sentiment.errors import ChecksumError, ConfigError, CorpusUnavailableError, DataError
from sentiment.sections import read_config
from sentiment.settings import load_settings


def command(
    names: Annotated[list[str] | None, typer.Argument(help="Corpora, see `corpora`.")] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Every corpus that can be downloaded.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="What this configuration trains, measures or compares on.")
    ] = None,
    raw_dir: Annotated[Path, typer.Option(help="Folder to fill.")] = RAW_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Bring corpora: from SENTIMENT_DATA_DIR if they are there, else from their public address.

    With several, one that can't be had, or is damaged, does not stop the others; the exit status
    tells.
    """
    from sentiment.corpora import all_corpora  # noqa: PLC0415 - keeps --help quick
    from sentiment.corpora.download import download  # noqa: PLC0415

    wanted = list(names or [])
    if everything:
        wanted += [corpus.name for corpus in all_corpora() if not corpus.collected]
    if config is not None:
        wanted += _corpora_of(config)
    if not wanted:
        raise ConfigError("No corpus is named.", hint="Name one, or give --all or --config.")
    settings, console = load_settings(), Console(stderr=True)
    done = []
    failed: list[DataError] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), DownloadColumn())
    with Progress(*columns, console=console) as progress:
        for name in dict.fromkeys(wanted):
            task = progress.add_task(name, total=None)

            def advance(n_bytes: int, task: object = task) -> None:
                progress.advance(task, n_bytes)  # type: ignore[arg-type]

            try:
                result = download(
                    name, raw_dir=raw_dir, data_dir=settings.data_dir, on_bytes=advance
                )
            except (CorpusUnavailableError, ChecksumError) as error:
                failed.append(error)
                progress.update(task, description=f"[red]{name}: failed[/red]", total=0)
                continue
            done.append(result)
            progress.update(
                task,
                description=f"{name}: {result.origin}",
                total=result.n_bytes,
                completed=result.n_bytes,
            )
    if as_json:
        typer.echo(json.dumps([asdict(result) for result in done], indent=2))
    if failed:
        _raise_together(failed)


def _corpora_of(config: Path) -> list[str]:
    from sentiment.comparison.config import CompareConfig  # noqa: PLC0415 - keeps --help quick

    try:
        pipeline = load_config(config)
    except ConfigError:
        with suppress(ConfigError):
            return read_config(config, CompareConfig).corpora
        raise
    return [*pipeline.corpora, *pipeline.taught_corpora, *pipeline.evaluation.corpora]


def _raise_together(failed: list[DataError]) -> None:
    if len(failed) == 1:
        raise failed[0]
    raise CorpusUnavailableError(
        f"{len(failed)} corpora can't be had:\n  - " + "\n  - ".join(map(str, failed))
    )
