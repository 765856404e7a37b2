"""`sentiment stream …`: watched videos are polled, queued, scored. Arguments only."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from sentiment.cli.options import Bundle
from sentiment.cli.sinks import open_sinks
from sentiment.errors import NotStoredError, QueueError
from sentiment.settings import load_settings
from sentiment.stream.options import DEFAULT_THREADS

if TYPE_CHECKING:
    from sentiment.serving.models import Model
    from sentiment.store import Store
    from sentiment.store.records import Watch

app = typer.Typer(
    help="Watch videos live: new comments are polled, queued, scored and kept.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
_METRICS_S = 5.0
_VideoIds = Annotated[list[str], typer.Argument(help="Ids or addresses of videos.")]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
_Metrics = Annotated[
    Path | None, typer.Option(help="Write Prometheus' text format to this file (.prom).")
]


@app.command()
def watch(
    videos: _VideoIds,
    *,
    interval: Annotated[
        float, typer.Option(min=1, max=86_400, help="Seconds between the first polls.")
    ] = 15.0,
) -> None:
    """Watch videos: `stream poll` asks for their new comments from now on."""
    from sentiment.youtube.video_id import parse_video_id  # noqa: PLC0415 - keeps --help quick

    with _store() as store:
        for video in videos:
            watch = store.add_watch(parse_video_id(video), interval_s=interval)
            typer.echo(f"watching {watch.video_id} since {watch.added_at:%Y-%m-%d %H:%M} UTC")


@app.command()
def unwatch(videos: _VideoIds) -> None:
    """End the watching of videos; what was fetched of them is kept, and what is queued still is."""
    from sentiment.youtube.video_id import parse_video_id  # noqa: PLC0415

    with _store() as store:
        ids = [parse_video_id(video) for video in videos]
        unknown = [id_ for id_ in ids if not store.end_watch(id_)]
    if unknown:
        raise NotStoredError(
            f"Not watched: {', '.join(unknown)}.", hint="`sentiment stream status` lists what is."
        )


@app.command()
def status(*, as_json: _AsJson = False) -> None:
    """Show what is watched, and how the queue stands."""
    from sentiment.stream import terminal  # noqa: PLC0415
    from sentiment.stream.messages import video_of  # noqa: PLC0415
    from sentiment.stream.opening import open_queue  # noqa: PLC0415

    settings = load_settings()
    with _store() as store:
        watches = store.watches()
        queue = open_queue(settings, store)
        counts, dead = queue.counts(), queue.dead_letters(5)
    if as_json:
        shown = {
            "watches": [_watch_json(one) for one in watches],
            "queue": asdict(counts),
            # Not the letter itself: it holds comments.
            "dead": [
                {"video_id": video_of(one.body), "reason": one.reason, "died_at": one.died_at}
                for one in dead
            ],
        }
        typer.echo(json.dumps(shown, indent=2, default=datetime.isoformat))
        return
    Console().print(terminal.watches_table(watches))
    typer.echo(terminal.describe_queue(counts))
    for letter in dead:
        typer.echo(terminal.describe_letter(letter))


@app.command()
def poll(
    *,
    once: Annotated[bool, typer.Option("--once", help="One round of what is due.")] = False,
    shortest: Annotated[
        float, typer.Option(min=1, help="Seconds between polls of a video with many comments.")
    ] = 15.0,
    longest: Annotated[
        float, typer.Option(min=1, help="Seconds between polls of a video without new ones.")
    ] = 1_800.0,
    quota_share: Annotated[
        float, typer.Option(min=0.01, max=1, help="Of the quota left, what watching may take.")
    ] = 0.5,
    full: Annotated[
        int, typer.Option(min=1, help="Waiting messages from which on polls are stretched.")
    ] = 200,
    metrics: _Metrics = None,
) -> None:
    """Poll what is watched until SIGTERM, more often where comments come.

    Intervals are stretched so that the day's quota lasts, and while the queue is full. Several
    pollers may share a store.
    """
    from sentiment.serving.logs import configure_logging  # noqa: PLC0415
    from sentiment.stream.metrics import write_poller_metrics  # noqa: PLC0415
    from sentiment.stream.opening import open_poller, open_queue  # noqa: PLC0415
    from sentiment.stream.pace import Pace  # noqa: PLC0415
    from sentiment.youtube.replay import stop_on_signals  # noqa: PLC0415

    settings = load_settings()
    configure_logging(settings.log_format)
    pace = Pace(
        shortest_s=shortest,
        longest_s=max(shortest, longest),
        quota_share=quota_share,
        full_messages=full,
    )
    with _store() as store, stop_on_signals() as stop:
        poller = open_poller(settings, store, open_queue(settings, store), stop=stop, pace=pace)

        def write(path: Path) -> None:
            write_poller_metrics(path, poller.done)

        writing = _Writing(metrics, write)
        if once:
            poller.poll_due()
        else:
            typer.echo("polling")
            poller.run(on_round=lambda _: writing.now_and_then())
        writing.now()
    done = poller.done
    typer.echo(f"{done.polls} polls, {done.sent:,} comments sent, {done.units:,} units")


@app.command()
def worker(
    *,
    bundle: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the bundle.", show_default="the champion, else SENTIMENT_MODEL_DIR"
        ),
    ] = None,
    visibility: Annotated[
        float, typer.Option(min=1, help="Seconds until a message of a dead worker comes again.")
    ] = 60.0,
    threads: Annotated[
        int, typer.Option(min=1, max=16, help="Batches in hand at once.")
    ] = DEFAULT_THREADS,
    until_empty: Annotated[
        bool, typer.Option("--until-empty", help="End as soon as no message waits.")
    ] = False,
    mood_threshold: Annotated[
        float, typer.Option(min=0.01, max=2, help="Turn of the mean score that is told.")
    ] = 0.3,
    mood_cooldown: Annotated[
        float, typer.Option(min=0, help="Minutes without another alert of the same video.")
    ] = 30.0,
    webhook: Annotated[
        str | None,
        typer.Option(help="Address that alerts are posted to; better SENTIMENT_ALARM_WEBHOOK."),
    ] = None,
    metrics: _Metrics = None,
) -> None:
    """Score what is queued until SIGTERM, which ends the batch in hand first.

    With SENTIMENT_RELEASES_DIR the champion does the work, and after a promotion the next one;
    SENTIMENT_MODEL_TAG is for the service alone, and refused here where nothing is released. The
    model takes all cores, so one process is enough for a machine. A turn of a video's mood
    is told to the log, and to the webhook and the topic of SENTIMENT_ALARM_SNS_TOPIC where there
    are any.
    """
    from sentiment.serving.logs import configure_logging  # noqa: PLC0415
    from sentiment.stream.champion import ChampionModel  # noqa: PLC0415
    from sentiment.stream.crew import Crew  # noqa: PLC0415
    from sentiment.stream.metrics import write_worker_metrics  # noqa: PLC0415
    from sentiment.stream.mood import MoodWatch  # noqa: PLC0415
    from sentiment.stream.opening import open_queue  # noqa: PLC0415
    from sentiment.stream.worker import Worker  # noqa: PLC0415
    from sentiment.youtube.replay import stop_on_signals  # noqa: PLC0415

    settings = load_settings()
    configure_logging(settings.log_format)
    sinks = open_sinks(webhook, settings)

    def tell(model: Model) -> None:
        typer.echo(f"working with model {model.name}, digest {model.digest}")

    champion = ChampionModel(settings, bundle=bundle, on_model=tell)
    with _store() as store, stop_on_signals() as stop:
        queue = open_queue(settings, store, visibility_s=visibility)
        mood = MoodWatch(
            store,
            sinks,
            threshold=mood_threshold,
            cooldown_s=mood_cooldown * 60,
        )
        workers = [
            Worker(queue, store, champion, stop=stop, visibility_s=visibility, on_kept=mood.look)
            for _ in range(threads)
        ]
        crew = Crew(workers, stop)

        def write(path: Path) -> None:
            write_worker_metrics(path, crew.done, queue.counts(), now=datetime.now(UTC))

        writing = _Writing(metrics, write)
        crew.run(until_empty=until_empty, on_round=lambda _: writing.now_and_then())
        writing.now()
    done = crew.done
    typer.echo(f"{done.messages:,} messages, {done.comments:,} comments kept")


@app.command()
def bench(
    *,
    comments: Annotated[int, typer.Option(min=1_000, help="Comments to queue.")] = 100_000,
    rounds: Annotated[int, typer.Option(min=1, help="Turns of queue and predictor.")] = 10,
    bundle: Bundle = None,
    as_json: _AsJson = False,
) -> None:
    """Queue many comments and drain them, in turns with the bare predictor on as many texts.

    Takes the queue of SENTIMENT_QUEUE_URL (which must be empty), else one in a store that is
    made for it; minutes for 100,000 comments.
    """
    from sentiment.benchmark.streamed import run_stream_benchmark  # noqa: PLC0415

    settings = load_settings()
    result = run_stream_benchmark(
        bundle or settings.model_dir, settings, n_comments=comments, n_rounds=rounds
    )
    if as_json:
        typer.echo(json.dumps(result.to_json(), indent=2))
        return
    Console().print(result.table())


@contextmanager
def _store() -> Iterator[Store]:
    from sentiment.store import open_store  # noqa: PLC0415 - keeps --help quick

    with closing(open_store(load_settings().store_url.get_secret_value())) as store:
        yield store


class _Writing:
    """Writes metrics where a file is named; that it can't be done is no reason to end."""

    def __init__(self, path: Path | None, write: Callable[[Path], None]) -> None:
        self._path, self._write = path, write
        self._written_s = 0.0
        self._has_failed = False

    def now_and_then(self) -> None:
        """Write, unless that was done a few seconds ago."""
        if time.monotonic() - self._written_s >= _METRICS_S:
            self.now()

    def now(self) -> None:
        """Write."""
        self._written_s = time.monotonic()
        if self._path is None:
            return
        try:
            self._write(self._path)
        except (QueueError, OSError) as error:
            if not self._has_failed:  # once, not every few seconds
                logging.getLogger(__name__).warning("no metrics: %s", error)
            self._has_failed = True
        else:
            self._has_failed = False


def _watch_json(watch: Watch) -> dict[str, object]:
    hidden = {"pending", "untold_alert"}
    return {name: value for name, value in asdict(watch).items() if name not in hidden}
