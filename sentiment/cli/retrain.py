"""`sentiment retrain`: from corrections to a challenger. Arguments only."""

from __future__ import annotations

import contextlib
import functools
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sentiment.cli.exit_codes import NOTHING_TO_DO, OK
from sentiment.config import RAW_DIR, load_config
from sentiment.settings import Settings, load_settings, switch_off_telemetry

if TYPE_CHECKING:
    from sentiment.retraining.run import Retrained


def command(
    *,
    config: Annotated[Path, typer.Option(help="A configuration, such as configs/starter.yaml.")],
    when: Annotated[
        str, typer.Option(help="corrections:N (new ones), alarm (an open drift) or always.")
    ] = "always",
    drift_state: Annotated[
        Path | None,
        typer.Option(
            help="File that `drift check` keeps, for --when alarm.",
            show_default="that of the served bundle",
        ),
    ] = None,
    raw_dir: Annotated[Path, typer.Option(help="Folder of the raw corpora.")] = RAW_DIR,
    champion_dir: Annotated[
        Path, typer.Option(help="Where the champion's bundle is fetched to.")
    ] = Path("outputs/champion"),
    report: Annotated[Path, typer.Option(help="The page; figures beside it as .json.")] = Path(
        "reports/retrain.html"
    ),
    min_voters: Annotated[int, typer.Option(min=1, help="Who must have voted on a comment.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Retrain the champion on the store's corrections, and stop at a challenger.

    Collects corrections (SENTIMENT_STORE_URL), prepares, trains from the champion's checkpoint
    where the registry has one, exports, asks the gate, registers as challenger and writes one
    page. One that was killed goes on where it was when it is called again.

    Exit code 0: there is a new challenger; 8: the gate refused; 24: nothing to do.
    """
    from sentiment.corrections.rules import Rules  # noqa: PLC0415 - keeps --help quick
    from sentiment.release.registry import ModelRegistry  # noqa: PLC0415
    from sentiment.retraining.run import Workshop, retrain  # noqa: PLC0415
    from sentiment.retraining.state import RETRAIN_DIR  # noqa: PLC0415
    from sentiment.store import open_store  # noqa: PLC0415

    switch_off_telemetry()
    settings = load_settings()
    loaded = load_config(config)
    store = open_store(settings.store_url.get_secret_value(), create=False)
    # The Trainer prints its figures as it goes: standard output belongs to the command's answer.
    with closing(store), contextlib.redirect_stdout(sys.stderr):
        shop = Workshop(
            registry=ModelRegistry(settings.tracking_uri),
            store=store,
            tracking_uri=settings.tracking_uri,
            raw_dir=raw_dir,
            champion_dir=champion_dir,
            root=RETRAIN_DIR,
            report=report,
            rules=Rules(min_voters=min_voters),
            on_step=functools.partial(typer.echo, err=True),
        )
        chosen = drift_state or (_served_drift_state(settings) if when == "alarm" else None)
        done = retrain(loaded, shop, when=when, drift_state=chosen)
    raise typer.Exit(_tell(done, report, as_json=as_json))


def _tell(done: Retrained, report: Path, *, as_json: bool) -> int:
    from sentiment.retraining.page import decision_words, report_json  # noqa: PLC0415
    from sentiment.retraining.run import decision_of  # noqa: PLC0415
    from sentiment.retraining.state import Outcome  # noqa: PLC0415

    state = done.state
    if state is None or state.outcome is None:
        found = {"outcome": "nothing to do", "why": done.why}
        typer.echo(json.dumps(found, indent=2) if as_json else f"Nothing to do: {done.why}.")
        return NOTHING_TO_DO
    if as_json:
        typer.echo(json.dumps(report_json(state, state.outcome), indent=2))
    else:
        typer.echo(f"{decision_words(state, state.outcome)}\n{report}")
    if state.outcome == Outcome.REFUSED:
        decision_of(state).raise_if_refused()
    return OK if state.outcome == Outcome.CHALLENGER else NOTHING_TO_DO


def _served_drift_state(settings: Settings) -> Path | None:
    from sentiment.drift.profile import read_bundled_profile  # noqa: PLC0415
    from sentiment.drift.state import default_state_path  # noqa: PLC0415
    from sentiment.release.bundle import load_bundle  # noqa: PLC0415
    from sentiment.rollout.plan import Releases  # noqa: PLC0415

    served = settings.model_dir
    releases = Releases(settings.releases_dir) if settings.releases_dir else None
    plan = releases.read() if releases else None
    if releases is not None and plan is not None:
        served = releases.bundle_folder(plan.champion)
    bundle = load_bundle(served)
    return default_state_path(read_bundled_profile(bundle), model_digest=bundle.digest)
