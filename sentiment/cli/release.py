"""`sentiment release …`: a new model beside the champion, step by step. Arguments only."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from sentiment.cli.exit_codes import BROKEN_CHAIN, OK, READY, ROLLED_BACK
from sentiment.errors import ConfigError
from sentiment.rollout.verdict import Limits
from sentiment.settings import Settings, load_settings, switch_off_telemetry

if TYPE_CHECKING:
    from sentiment.release.rollout import Desk
    from sentiment.release.rollout_end import Checked
    from sentiment.rollout.plan import Releases

app = typer.Typer(
    help="Bring a new model into service beside the champion, and back.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
_USUAL = Limits()
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
_Reason = Annotated[str, typer.Option(help="Why; kept in store and registry.")]


@app.command()
def init(
    bundle: Annotated[
        Path | None,
        typer.Option(
            help="Where there is no champion yet: a bundle to make one, unjudged.",
            show_default="the registry's champion",
        ),
    ] = None,
) -> None:
    """Begin a folder of releases (SENTIMENT_RELEASES_DIR) with the champion."""
    from sentiment.release.rollout import first_release  # noqa: PLC0415 - keeps --help quick

    with _desk() as desk:
        _say(f"Services run {first_release(desk, bundle).champion[:12]} from now on.")


@app.command()
def status(
    *,
    service: Annotated[
        str | None,
        typer.Option(help="Address of a service.", show_default="http://127.0.0.1:$PORT"),
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """Follow the chain from the registry's aliases to the process that answers.

    Says where it breaks and what to do; then the exit code is 21. Works without the registry,
    the store or the service, and shows the rest.
    """
    from sentiment.release import chain, running  # noqa: PLC0415 - keeps --help quick
    from sentiment.release.registry import ModelRegistry  # noqa: PLC0415
    from sentiment.store import open_store  # noqa: PLC0415

    switch_off_telemetry()
    settings = load_settings()
    address = service or f"http://127.0.0.1:{settings.port}"
    found = chain.follow(
        _releases(settings),
        versions=lambda: ModelRegistry(settings.tracking_uri).history(),
        store=lambda: open_store(settings.store_url.get_secret_value(), create=False),
        running=lambda: running.ask_service(address),
    )
    if as_json:
        typer.echo(json.dumps(found.to_json(), indent=2))
    else:
        for link in found.links:
            _say(f"{'ok    ' if link.is_whole else 'BROKEN'}  {link.name}: {link.detail}")
            if link.advice:
                _say(f"        {link.advice}")
        for line in _rollout_lines(found.rollout or {}):
            _say(line)
    raise typer.Exit(OK if found.is_whole else BROKEN_CHAIN)


@app.command()
def history(*, as_json: _AsJson = False) -> None:
    """List every version of the registry with its aliases, the newest first."""
    from sentiment.release.registry import ModelRegistry  # noqa: PLC0415 - keeps --help quick

    switch_off_telemetry()
    known = ModelRegistry(load_settings().tracking_uri).history()
    if as_json:
        rows = [
            {
                "version": one.version,
                "digest": one.digest,
                "aliases": sorted(one.aliases),
                "tags": dict(one.tags),
            }
            for one in known
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    for one in known:
        said = [one.version, one.digest[:12], one.tags.get("config", ""), *sorted(one.aliases)]
        said += [one.tags.get("rollout.state", ""), one.tags.get("rollout.reason", "")]
        _say("  ".join(filter(None, said)))


@app.command()
def shadow(
    *,
    version: Annotated[str, typer.Option(help="Number or alias.")] = "challenger",
    share: Annotated[float, typer.Option(min=0, max=1, help="Of the videos.")] = 1.0,
    more_failures: Annotated[
        float,
        typer.Option(min=0.001, max=1, help="Share of calls that fail, above the champion's."),
    ] = _USUAL.more_failures,
    more_slow: Annotated[
        float, typer.Option(min=0.001, max=1, help="Share of slow calls, above the champion's.")
    ] = _USUAL.more_slow,
    more_corrected: Annotated[
        float,
        typer.Option(min=0.001, max=1, help="Share of videos with corrections, above its too."),
    ] = _USUAL.more_corrected,
    differing: Annotated[
        float, typer.Option(min=0.001, max=1, help="Share of texts with another label.")
    ] = _USUAL.differing,
    slow_ms_a_text: Annotated[
        float, typer.Option(min=0.001, help="A call is slow above so many ms for each text.")
    ] = _USUAL.slow_ms_a_text,
) -> None:
    """Try a version beside the champion, unseen: both label, only the champion answers.

    The limits hold for the whole try, canary included. After a drift the right model differs much:
    then allow it with --differing.
    """
    from sentiment.release import rollout  # noqa: PLC0415 - keeps --help quick

    limits = Limits(
        more_failures=more_failures,
        more_slow=more_slow,
        more_corrected=more_corrected,
        differing=differing,
        slow_ms_a_text=slow_ms_a_text,
    )
    with _desk() as desk:
        tried = rollout.shadow(desk, version, share=share, limits=limits)
    _say(f"{tried.digest[:12]} is tried in the shadow of {tried.shadow_share:.0%} of the videos.")


@app.command()
def canary(
    share: Annotated[float, typer.Option(min=0.001, max=1, help="Of the videos.")] = 0.1,
) -> None:
    """Have the model that is tried answer for a share of the videos."""
    from sentiment.release import rollout  # noqa: PLC0415 - keeps --help quick

    with _desk() as desk:
        tried = rollout.canary(desk, share=share)
    _say(f"{tried.digest[:12]} answers for {tried.canary_share:.1%} of the videos.")


@app.command()
def promote(
    force: Annotated[
        bool, typer.Option("--force", help="Even where the counts don't say yet that it is good.")
    ] = False,
) -> None:
    """Make the model that is tried the champion, once the counts say that it is good enough."""
    from sentiment.release import rollout_end  # noqa: PLC0415 - keeps --help quick

    with _desk() as desk:
        plan = rollout_end.promote(desk, force=force)
    _say(f"{plan.champion[:12]} is the champion.")


@app.command()
def rollback(reason: _Reason = "by hand") -> None:
    """Go back to the champion of before."""
    from sentiment.release import rollout_end  # noqa: PLC0415 - keeps --help quick

    with _desk() as desk:
        plan = rollout_end.roll_back(desk, reason=reason)
    _say(f"{plan.champion[:12]} is the champion again.")


@app.command()
def abort(reason: _Reason) -> None:
    """Take away the model that is tried."""
    from sentiment.release import rollout_end  # noqa: PLC0415 - keeps --help quick

    with _desk() as desk:
        end = rollout_end.abort(desk, reason=reason)
    _say(f"{end.digest[:12]}: {end.kind}, {end.reason}")


@app.command()
def check(
    *,
    watch: Annotated[
        float | None,
        typer.Option(min=0.1, help="Look again every so many seconds until there is a decision."),
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """Judge the model that is tried by what was counted, and clear away one that is worse.

    So goes one that a service can't load. Exit code 0: go on, or nothing is tried; 19: it may be
    promoted; 20: it was rolled back, refused or aborted, here or by a service, and is cleared away.
    """
    from sentiment.release.rollout_end import State  # noqa: PLC0415 - keeps --help quick
    from sentiment.release.rollout_end import check as look  # noqa: PLC0415

    with _desk() as desk:
        found = look(desk)
        while watch is not None and found.state == State.GO_ON:
            time.sleep(watch)
            found = look(desk)
    if as_json:
        typer.echo(json.dumps(_checked_json(found), indent=2))
    else:
        _say(f"{found.state}" + (f": {found.end.reason}" if found.end else ""))
        for finding in found.verdict.findings if found.verdict else ():
            _say(f"  {finding.decision}: {finding}")
    codes = {State.READY: READY, State.REFUSED: ROLLED_BACK, State.ENDED: ROLLED_BACK}
    raise typer.Exit(codes.get(found.state, OK))


def _releases(settings: Settings) -> Releases:
    from sentiment.rollout.plan import Releases  # noqa: PLC0415 - keeps --help quick

    if settings.releases_dir is None:
        raise ConfigError(
            "Wanted a folder of releases, found none named.",
            hint="Name it in SENTIMENT_RELEASES_DIR, for the service and for these commands.",
        )
    return Releases(settings.releases_dir)


@contextmanager
def _desk() -> Iterator[Desk]:
    from sentiment.release.registry import ModelRegistry  # noqa: PLC0415 - keeps --help quick
    from sentiment.release.rollout import Desk  # noqa: PLC0415
    from sentiment.store import open_store  # noqa: PLC0415

    switch_off_telemetry()
    settings = load_settings()
    releases = _releases(settings)
    store = open_store(settings.store_url.get_secret_value())
    try:
        yield Desk(ModelRegistry(settings.tracking_uri), releases, store)
    finally:
        store.close()


def _checked_json(found: Checked) -> dict[str, Any]:
    verdict, end = found.verdict, found.end
    return {
        "state": found.state.value,
        "rollout_id": found.candidate.rollout_id if found.candidate else None,
        "digest": found.candidate.digest if found.candidate else None,
        "findings": [str(finding) for finding in verdict.findings] if verdict else [],
        "end": {"kind": end.kind.value, "reason": end.reason} if end else None,
    }


def _rollout_lines(rollout: Mapping[str, Any]) -> Iterator[str]:
    for finding in rollout.get("findings", ()):
        yield f"        {finding}"
    for arm in rollout.get("counts", ()):
        yield (
            f"        {arm['arm']}: {arm['n_videos']:,} videos, {arm['n_calls']:,} calls, "
            f"{arm['n_texts']:,} texts compared, {arm['corrected']:,} videos corrected"
        )


def _say(line: str) -> None:
    Console(soft_wrap=True).print(line, markup=False, highlight=False)
