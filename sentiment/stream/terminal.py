"""How watches and a queue are shown on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from sentiment.store.records import DeadLetter, QueueCounts, Watch
from sentiment.stream.messages import video_of


def watches_table(watches: Sequence[Watch]) -> Table:
    """Return watches as a table."""
    table = Table(title="Watched videos", title_justify="left")
    for name in ("video", "polled", "every", "next", "problem"):
        table.add_column(name)
    for one in watches:
        table.add_row(
            one.video_id,
            f"{one.polled_at:%m-%d %H:%M:%S}" if one.polled_at else "never",
            f"{one.interval_s:.0f} s",
            f"{one.due_at:%m-%d %H:%M:%S}" if one.due_at else "ended",
            one.problem or "",
        )
    return table


def describe_queue(counts: QueueCounts) -> str:
    """Say how a queue stands, in a line."""
    oldest = f", the oldest since {counts.oldest_at:%m-%d %H:%M:%S}" if counts.oldest_at else ""
    return (
        f"queue: {counts.ready:,} messages wait, {counts.in_flight:,} are in hand, "
        f"{counts.dead:,} were set aside{oldest} (UTC)"
    )


def describe_letter(letter: DeadLetter) -> str:
    """Say of a message that was set aside when, of which video and why; not what it says."""
    video_id = video_of(letter.body) or "unknown"
    return f"set aside {letter.died_at:%Y-%m-%d %H:%M} UTC, video {video_id}: {letter.reason}"
