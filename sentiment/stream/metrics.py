"""How the stream stands, as a file of Prometheus' text format for node_exporter's collector.

Poller and workers are scraped by nobody: each leaves a file. The registry is the call's own.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, write_to_textfile

from sentiment.store.records import QueueCounts
from sentiment.stream.poller import Polled
from sentiment.stream.worker import Done


def write_worker_metrics(path: Path, done: Done, counts: QueueCounts, *, now: datetime) -> None:
    """Write what a worker has done and how its queue stands, whole or not at all.

    Args:
        path: should end in `.prom`, or node_exporter does not read it.
        done: since the start.
        counts: of the queue.
        now: with time zone.

    Raises:
        OSError: the file can't be written.
    """
    registry = CollectorRegistry()
    for name, said, value in (
        ("scored_comments", "Comments that were labelled and kept.", float(done.comments)),
        ("labelled_texts", "Texts that the model was asked about.", done.labelled),
        ("dropped_comments", "Comments of videos that were deleted meanwhile.", done.dropped),
        ("buried_messages", "Messages that were set aside.", done.buried),
        ("working_seconds", "Time spent on messages, of all threads.", done.working_s),
    ):
        Counter(f"sentiment_stream_{name}", said, registry=registry).inc(value)
    oldest_s = 0.0 if counts.oldest_at is None else (now - counts.oldest_at).total_seconds()
    for name, said, value in (
        ("queue_messages", "Messages that wait.", float(counts.ready)),
        ("in_flight_messages", "Messages that workers have in hand.", counts.in_flight),
        ("dead_messages", "Messages that no worker could take.", counts.dead),
        ("oldest_message_seconds", "Age of the oldest; 0 where nobody can tell.", oldest_s),
    ):
        Gauge(f"sentiment_stream_{name}", said, registry=registry).set(value)
    _write(path, registry)


def write_poller_metrics(path: Path, polled: Polled) -> None:
    """Write what a poller has done, and by how much it is held back; as above.

    Args:
        path: should end in `.prom`.
        polled: since the start.

    Raises:
        OSError: the file can't be written.
    """
    registry = CollectorRegistry()
    for name, said, value in (
        ("polls", "Polls of videos.", float(polled.polls)),
        ("failed_polls", "Polls that failed.", polled.failed),
        ("sent_comments", "Comments that were queued.", polled.sent),
        ("spent_units", "Units of the Data API.", polled.units),
    ):
        Counter(f"sentiment_stream_{name}", said, registry=registry).inc(value)
    stretch = float("inf") if polled.stretch is None else polled.stretch
    for name, said, value in (
        ("watched_videos", "Videos that are polled.", float(polled.watched)),
        ("ready_messages", "Messages that waited at the last poll.", float(polled.ready)),
        ("poll_stretch_ratio", "By what the quota or the queue stretch intervals.", stretch),
    ):
        Gauge(f"sentiment_stream_{name}", said, registry=registry).set(value)
    _write(path, registry)


def _write(path: Path, registry: CollectorRegistry) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(path), registry)
