"""`sentiment publish`: through the gate, into the registry and the Bento store. Arguments only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sentiment.config import RAW_DIR
from sentiment.settings import load_settings, switch_off_telemetry


def command(  # noqa: PLR0917 - options are given by name
    bundle: Annotated[Path, typer.Option(help="Folder of the bundle to publish.")],
    corpus: Annotated[
        str, typer.Option(help="The human-labelled corpus that decides.")
    ] = "goemotions",
    raw_dir: Annotated[Path, typer.Option(help="Folder of the raw corpora.")] = RAW_DIR,
    champion_dir: Annotated[
        Path, typer.Option(help="Where the champion's bundle is fetched to.")
    ] = Path("outputs/champion"),
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="What it was exported from, kept beside it for `sentiment retrain`."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge, publish nothing.")] = False,
    challenger: Annotated[
        bool,
        typer.Option("--challenger", help="Make it the challenger, to be tried by `release`."),
    ] = False,
    not_worse: Annotated[
        bool,
        typer.Option(
            "--not-worse", help="It need not be better, only not worse: retrained, or smaller."
        ),
    ] = False,
    build: Annotated[bool, typer.Option("--build", help="Run `bentoml build` at the end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Publish a bundle if it is better than the champion by more than chance.

    With --not-worse it need only be surely no more than 0.01 of macro-F1 below.

    With SENTIMENT_RELEASES_DIR a new champion is served from there too.
    """
    switch_off_telemetry()
    # They load MLflow and BentoML, and --help should be quick.
    from sentiment.evaluation.labelled_sets import set_from_corpus  # noqa: PLC0415
    from sentiment.release import bento_store, publication, registry  # noqa: PLC0415
    from sentiment.rollout.plan import Releases  # noqa: PLC0415

    settings = load_settings()
    published = publication.publish(
        bundle,
        set_from_corpus(corpus, raw_dir=raw_dir, split="test"),
        registry=registry.ModelRegistry(settings.tracking_uri),
        champion_dir=champion_dir,
        checkpoint_dir=checkpoint,
        dry_run=dry_run,
        as_challenger=challenger,
        not_worse=not_worse,
        releases=Releases(settings.releases_dir) if settings.releases_dir else None,
    )
    if build and published.model_tag is not None:
        bento_store.build_bento(Path.cwd(), model_tag=published.model_tag)
    if as_json:
        typer.echo(json.dumps(published.to_json(), indent=2))
        return
    console = Console()
    for line in publication.describe(published, built=build):
        console.print(line, markup=False, highlight=False)
