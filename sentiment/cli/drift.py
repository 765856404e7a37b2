"""`sentiment drift reference|check|simulate`: whether comments change. Arguments only."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from sentiment.cli.exit_codes import DRIFT, INCONCLUSIVE
from sentiment.cli.options import Bundle
from sentiment.cli.sinks import open_sinks
from sentiment.errors import AlarmError, ConfigError
from sentiment.settings import Settings, load_settings

if TYPE_CHECKING:
    from sentiment.drift.alarm import Sink
    from sentiment.drift.check import Look
    from sentiment.drift.trials import Trials
    from sentiment.store import Store

app = typer.Typer(
    help="Watch whether comments are still those that a model was made for.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
_StoreUrl = Annotated[
    str | None, typer.Option("--store", help="Address of the store; else SENTIMENT_STORE_URL.")
]
_Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day (UTC).", metavar="DAY")
]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


@app.command()
def reference(
    *,
    output: Annotated[Path, typer.Option(help="File of the reference.")] = Path(
        "data/drift/reference.json"
    ),
    store: _StoreUrl = None,
    bundle: Bundle = None,
    days: Annotated[int, typer.Option(min=1, max=29, help="Days to take.")] = 7,
    since: _Since = None,
) -> None:
    """Make a reference of the store's first full days, or of those from DAY on.

    Take it to watch a service: `check --reference FILE` tells when comments change from what they
    were. Without --reference, `check` takes the profile that the bundle carries, of the model's
    validation rows: it tells whether comments are what the model was made for. Where they never
    were, that alarm comes on the first day and stays, and says nothing of later changes.
    """
    from sentiment.drift.days import Days  # noqa: PLC0415 - keeps --help quick
    from sentiment.drift.making import first_full_day, window_of_store  # noqa: PLC0415
    from sentiment.drift.observation import Observer  # noqa: PLC0415
    from sentiment.drift.profile import profile_of_window, write_profile  # noqa: PLC0415
    from sentiment.errors import DataError  # noqa: PLC0415
    from sentiment.release.bundle import load_bundle  # noqa: PLC0415

    settings = load_settings()
    made = load_bundle(bundle or settings.model_dir)
    with closing(_open(store, settings)) as opened:
        chosen = Days.from_day(since.date() if since else first_full_day(opened), days)
        if chosen.end > datetime.now(UTC):
            raise DataError(
                f"Wanted {days} full days from {chosen.since} on, and the last is not over.",
                hint="Take fewer days with --days, an earlier one with --since, or wait.",
            )
        stored = window_of_store(
            opened, Observer.from_bundle(made), model_digest=made.digest, days=chosen
        )
    profile = profile_of_window(
        stored.window,
        model_digest=made.digest,
        since=chosen.since.isoformat(),
        until=chosen.until.isoformat(),
    )
    write_profile(output, profile)
    typer.echo(
        f"{output}: {profile.n_comments:,} comments of {stored.window.n_videos:,} videos, {chosen}"
    )


@app.command()
def check(
    *,
    store: _StoreUrl = None,
    bundle: Bundle = None,
    reference: Annotated[
        Path | None,
        typer.Option(
            help="A reference made of the store (`drift reference`).",
            show_default="the profile in the bundle",
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=29, help="Days of the window.")] = 1,
    since: _Since = None,
    state: Annotated[
        Path | None,
        typer.Option(
            help="File that remembers what was looked at and told.",
            show_default="data/drift/, one a reference",
        ),
    ] = None,
    budget: Annotated[
        float, typer.Option(min=1e-6, max=0.99, help="False alarms expected a year, in all.")
    ] = 0.05,
    webhook: Annotated[
        str | None,
        typer.Option(help="Address that alarms are posted to; better in SENTIMENT_ALARM_WEBHOOK."),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    metrics: Annotated[
        Path | None, typer.Option(help="Write Prometheus' text format to this file (.prom).")
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """Compare the last full day of the store with a reference; run it once a day.

    Ends with 0 where nothing drifts, [bold]16[/] where something does, 17 where there are too few
    comments or videos to tell, 18 where an alarm could not be told. Each drift is told once: to
    the log, and to the webhook and the topic of SENTIMENT_ALARM_SNS_TOPIC where there are any. A
    look may spend only what has gone by of the year's budget of false alarms: to look again at the
    same days changes nothing.
    """
    from sentiment.drift.check import check as look_at  # noqa: PLC0415 - keeps --help quick
    from sentiment.drift.days import Days  # noqa: PLC0415
    from sentiment.drift.profile import read_bundled_profile, read_profile  # noqa: PLC0415
    from sentiment.drift.state import default_state_path  # noqa: PLC0415
    from sentiment.release.bundle import load_bundle  # noqa: PLC0415

    settings = load_settings()
    sinks = _sinks(webhook, settings)
    made = load_bundle(bundle or settings.model_dir)
    expected = read_profile(reference) if reference else read_bundled_profile(made)
    now = datetime.now(UTC)
    chosen = Days.from_day(since.date(), days) if since else Days.last(days, now=now)
    if chosen.end > now:
        raise ConfigError(
            f"The window {chosen} is not over yet.",
            hint="Give an earlier --since, or fewer --days.",
        )
    with closing(_open(store, settings)) as opened:
        look = look_at(
            opened,
            made,
            expected,
            days=chosen,
            # Else two references that take turns would each begin anew, and tell daily.
            state_path=state or default_state_path(expected, model_digest=made.digest),
            sinks=sinks,
            budget=budget,
        )
    _write(look, report=report, metrics=metrics, now=now)
    _print(look, as_json=as_json)
    if look.failures:
        raise AlarmError(" ".join(look.failures))
    if not look.comparison.is_conclusive:
        raise typer.Exit(INCONCLUSIVE)
    if look.comparison.drifting:
        raise typer.Exit(DRIFT)


@app.command()
def simulate(
    *,
    days: Annotated[int, typer.Option(min=1, help="Days of a year without drift.")] = 365,
    years: Annotated[int, typer.Option(min=1, help="How many such years.")] = 10,
    comments_per_day: Annotated[int, typer.Option(min=1, help="Comments a day.")] = 5_000,
    videos_per_day: Annotated[int, typer.Option(min=2, help="Videos a day.")] = 100,
    correlation: Annotated[
        float, typer.Option(help="Of two comments of one video, above 0, below 1.")
    ] = 0.05,
    reference: Annotated[
        Path | None,
        typer.Option(help="Take the shares of this reference.", show_default="made-up ones"),
    ] = None,
    feature: Annotated[str, typer.Option(help="What drifts.")] = "label",
    shift: Annotated[
        float,
        typer.Option(min=0.001, max=1, help="Share of comments that move, 0.10 is 10 points."),
    ] = 0.10,
    over_days: Annotated[int, typer.Option(min=1, help="Days until it has moved as far.")] = 1,
    runs: Annotated[int, typer.Option(min=1, help="How many such drifts.")] = 100,
    budget: Annotated[
        float, typer.Option(min=1e-6, max=0.99, help="False alarms expected a year, in all.")
    ] = 0.05,
    seed: Annotated[int, typer.Option(min=0, help="Of the random numbers.")] = 13,
    as_json: _AsJson = False,
) -> None:
    """Simulate years without drift and drifts: false alarms a year, days until one is found.

    The looks are those of `check`. How many videos the comments are of, and how alike those of one
    video are, decides what can be found: give what your store has.
    """
    from sentiment.drift.features import FEATURES  # noqa: PLC0415 - keeps --help quick
    from sentiment.drift.profile import read_profile  # noqa: PLC0415
    from sentiment.drift.simulate import (  # noqa: PLC0415
        TYPICAL_SHARES,
        Scenario,
        default_change,
        shares_of,
    )
    from sentiment.drift.trials import run_trials  # noqa: PLC0415

    by_name = {known.name: known for known in FEATURES}
    if feature not in by_name:
        raise ConfigError(
            f"There is no feature {feature!r}.", hint=f"Take one of {', '.join(by_name)}."
        )
    scenario = Scenario(
        comments_per_day=comments_per_day,
        videos_per_day=videos_per_day,
        correlation=correlation,
        shares=shares_of(read_profile(reference)) if reference else TYPICAL_SHARES,
        budget=budget,
    )
    change = default_change(by_name[feature], points=shift, days=over_days)
    with Console(stderr=True).status("simulating"):
        trials = run_trials(
            scenario, change, n_years=years, days_a_year=days, n_drifts=runs, seed=seed
        )
    _print_trials(trials, as_json=as_json)


def _open(url: str | None, settings: Settings) -> Store:
    from sentiment.store import open_store  # noqa: PLC0415 - keeps --help quick

    return open_store(url or settings.store_url.get_secret_value(), create=False)


def _sinks(webhook: str | None, settings: Settings) -> list[Sink]:
    from sentiment.drift.alarm import LogSink  # noqa: PLC0415

    return [LogSink(), *open_sinks(webhook, settings)]


def _write(look: Look, *, report: Path | None, metrics: Path | None, now: datetime) -> None:
    from sentiment.drift.metrics import write_metrics  # noqa: PLC0415
    from sentiment.drift.page import render_page  # noqa: PLC0415
    from sentiment.files import write_text  # noqa: PLC0415

    if report is not None:
        write_text(report, render_page(look))
    if metrics is not None:
        write_metrics(metrics, look.comparison, now=now)


def _print(look: Look, *, as_json: bool) -> None:
    from sentiment.drift.page import notes, verdict  # noqa: PLC0415
    from sentiment.drift.terminal import look_table  # noqa: PLC0415

    if as_json:
        typer.echo(json.dumps(look.to_json(), indent=2))
        return
    console = Console()
    console.print(look_table(look))
    for line in filter(None, (notes(look), verdict(look))):
        console.print(line, markup=False, highlight=False)


def _print_trials(trials: Trials, *, as_json: bool) -> None:
    from sentiment.drift.terminal import trials_table  # noqa: PLC0415

    if as_json:
        typer.echo(json.dumps(trials.to_json(), indent=2))
        return
    Console().print(trials_table(trials))
