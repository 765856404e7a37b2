"""`sentiment export`: a trained checkpoint to a bundle. Arguments only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sentiment.cli.bundle import print_bundle
from sentiment.config import RAW_DIR, load_config


def command(
    config: Annotated[Path, typer.Option(help="The configuration that was trained.")],
    *,
    raw_dir: Annotated[Path, typer.Option(help="Folder of the raw corpora.")] = RAW_DIR,
    output: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the bundle: new, or an older bundle's, which is replaced; "
            "else outputs/NAME/bundle."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest on stdout.")] = False,
) -> None:
    """Export to ONNX, quantise, compare with the checkpoint, calibrate, evaluate and seal."""
    loaded = load_config(config)  # before torch, which takes seconds
    from sentiment.release.export import export_bundle  # noqa: PLC0415

    with Console(stderr=True).status("starting") as status:
        bundle = export_bundle(loaded, raw_dir=raw_dir, bundle_dir=output, on_step=status.update)
    print_bundle(bundle, as_json=as_json)
