"""`sentiment replay`: serve the stand-in of the YouTube Data API. Arguments only."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    *,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free port.")] = 0,
    latency_ms: Annotated[float, typer.Option(min=0, help="Milliseconds before an answer.")] = 0,
    fault_rate: Annotated[
        float, typer.Option(min=0, max=1, help="Share of requests answered with 503.")
    ] = 0,
    quota_units: Annotated[
        int, typer.Option(min=0, help="Requests before the quota counts as spent.")
    ] = 10_000,
    page_limit: Annotated[
        int, typer.Option(min=1, max=100, help="Most threads on a page, whatever is asked.")
    ] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Names the series of faults.")] = 0,
    live_per_minute: Annotated[
        float, typer.Option(min=0, help="Comments a minute that liveStream_ gets by itself.")
    ] = 0,
) -> None:
    """Serve made-up videos in the YouTube Data API's shapes, on this machine alone.

    Any id of 11 characters is a video. `size0001000` has exactly 1,000 comments, replies
    included, and so on up to `size9999999`; `plain000001` and its series have 60, `slang000001`
    and its series 60 in another register; emptyVideo_ has none. These ids answer with an
    error: noComments_, privateVid_, missingVid_, noThreads__, noChannel__, overQuota__,
    tooFastReq_, cantRead___, serverDown_; so does the key refused-key. `quota000002` says
    after 2 pages that the quota is spent.

    twentyPage_ gives 20 threads a page whatever is asked, sameToken__ the same page token for
    ever, brokenPage_ half a second page; liveStream_ is live.

    POST /replay/videos/ID/grow?n=5 lets 5 comments arrive, POST /replay/comments/ID/grow?n=5
    5 replies. POST /replay/comments/ID?text=NEW edits a comment, DELETE /replay/comments/ID
    deletes it, with its replies if it has any.
    """
    from sentiment.youtube.replay import (  # noqa: PLC0415 - keeps --help quick
        ReplayServer,
        stop_on_signals,
    )
    from sentiment.youtube.replay_app import ReplayOptions  # noqa: PLC0415

    options = ReplayOptions(
        latency_ms=latency_ms,
        fault_rate=fault_rate,
        quota_units=quota_units,
        page_limit=page_limit,
        seed=seed,
        live_per_minute=live_per_minute,
    )
    with stop_on_signals() as stop, ReplayServer(options, port=port) as server:
        print(f"replay: {server.endpoint}", flush=True)
        server.wait(stop)
