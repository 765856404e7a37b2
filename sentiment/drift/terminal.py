"""What `sentiment drift` prints: tables for a terminal."""

from __future__ import annotations

from rich.table import Table

from sentiment.drift.check import Look
from sentiment.drift.page import COLUMNS, reference_words, row_texts
from sentiment.drift.trials import Trials

_WORDS = frozenset(("feature", "drifts"))


def look_table(look: Look) -> Table:
    """Return the features of a look, one a row."""
    seen = look.comparison
    table = Table(
        title=f"{look.days}: {seen.n_comments:,} comments of {seen.n_videos:,} videos against "
        f"{reference_words(look)}",
        title_justify="left",
    )
    for column in COLUMNS:
        table.add_column(column, justify="left" if column in _WORDS else "right")
    for part in seen.judged:
        table.add_row(*row_texts(part))
    return table


def trials_table(trials: Trials) -> Table:
    """Return what simulated years and drifts came to."""
    table = Table(title="Simulated", title_justify="left")
    table.add_column("what")
    table.add_column("value", justify="right")
    for what, value in trials.rows():
        table.add_row(what, value)
    return table
