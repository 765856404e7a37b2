"""`sentiment bundle show|verify`: what a bundle holds, and whether it is whole. Arguments only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from sentiment.release.bundle import Bundle

app = typer.Typer(help="Show or verify a bundle.", no_args_is_help=True, rich_markup_mode="rich")
_Directory = Annotated[Path, typer.Argument(help="Folder of the bundle.")]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


@app.command()
def show(directory: _Directory = Path("models/starter"), *, as_json: _AsJson = False) -> None:
    """Verify a bundle and show what its manifest says."""
    from sentiment.release.bundle import load_bundle  # noqa: PLC0415 - keeps --help quick

    print_bundle(load_bundle(directory), as_json=as_json)


@app.command()
def verify(directory: _Directory = Path("models/starter"), *, as_json: _AsJson = False) -> None:
    """Check every file of a bundle against its sha256, and load its model once."""
    from sentiment.inference.predictor import Predictor  # noqa: PLC0415
    from sentiment.release.bundle import load_bundle  # noqa: PLC0415

    bundle = load_bundle(directory)
    Predictor.from_bundle(bundle).predict(["It loads."])
    if as_json:
        typer.echo(json.dumps({"name": bundle.manifest.name, "digest": bundle.digest}))
        return
    typer.echo(f"{directory}: whole, digest {bundle.digest}")


def print_bundle(bundle: Bundle, *, as_json: bool) -> None:
    """Print a bundle's manifest and digest, as a table or as JSON."""
    manifest: dict[str, Any] = bundle.manifest.model_dump(mode="json")
    if as_json:
        typer.echo(json.dumps({"digest": bundle.digest, **manifest}, indent=2))
        return
    table = Table(title=f"{manifest['name']} · {bundle.digest[:12]}", title_justify="left")
    table.add_column("what")
    table.add_column("value", overflow="fold")
    for key in ("base_model", "quantisation", "max_length_tokens", "temperature", "unsure_below"):
        table.add_row(key, str(manifest[key]))
    for key, value in (manifest.get("unsure_risk") or {}).items():
        table.add_row(f"unsure: {key}", f"{value:,}" if key == "rows" else f"{value:.4f}")
    for corpus in manifest["corpora"]:
        table.add_row(f"trained on {corpus['name']}", f"{corpus['rows']:,} rows")
    for corpus in manifest.get("taught", ()):
        table.add_row(f"taught {corpus['name']}", f"{corpus['rows']:,} rows, without labels")
    for key, value in manifest["parity"].items():
        table.add_row(
            f"parity: {key}", f"{value:.4f}" if isinstance(value, float) else f"{value:,}"
        )
    for name, figures in manifest["metrics"].items():
        low, high = figures["macro_f1_interval"]
        labelled = "people" if figures["human_labelled"] else figures["labeller"]
        table.add_row(
            f"macro-F1 on {name}",
            f"{figures['macro_f1']:.3f} [{low:.3f}, {high:.3f}], labelled by {labelled}",
        )
    for name, digest in manifest["files"].items():
        table.add_row(name, digest[:16])
    Console().print(table)
