"""The last look as a file of Prometheus' text format, for node_exporter's textfile collector.

A check is a short process that nobody scrapes, so that it leaves a file. The registry is the
call's own: nothing of the service's is in it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from sentiment.drift.compare import Comparison


def write_metrics(path: Path, comparison: Comparison, *, now: datetime) -> None:
    """Write the metrics, whole or not at all.

    Args:
        path: should end in `.prom`, or node_exporter does not read it.
        comparison: of the last look.
        now: with time zone.

    Raises:
        OSError: the file can't be written.
    """
    registry = CollectorRegistry()
    drifting = Gauge(
        "sentiment_drift",
        "Whether a feature drifts (1) or not (0).",
        ["feature"],
        registry=registry,
    )
    effect = Gauge(
        "sentiment_drift_effect_ratio",
        "Share of comments that moved, or Cliff's delta of an ordered feature.",
        ["feature"],
        registry=registry,
    )
    for part in comparison.judged:
        drifting.labels(part.finding.feature).set(part.drifts)
        effect.labels(part.finding.feature).set(part.finding.effect)
    comments = Gauge("sentiment_drift_comments", "Comments of the window.", registry=registry)
    comments.set(comparison.n_comments)
    looked = Gauge("sentiment_drift_looked_timestamp_seconds", "Last look.", registry=registry)
    looked.set(now.timestamp())
    path.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(path), registry)
