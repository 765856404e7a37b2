"""How often a steady mood raises an alert, and how late a true turn is told: simulated videos.

    python -m tests.stream.mood_rates

Takes about five minutes. The figures in docs/live.md and in `sentiment.stream.mood` are of it.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator, Sequence

import typer

from sentiment.stream.mood import BEFORE_MOST, LEAST, NEWEST_MOST, mood_turn

SCORES = (-0.8, 0.0, 0.9)
"""Of a negative, a neutral and a positive comment, before noise."""
_NOISE = 0.05
_THRESHOLD = 0.3
_N_STEADY, _N_TURNS = 2_000, 400
_COMMENTS = 1_000
_AFTER_TURN = 200
Shares = tuple[float, float, float]
_MIXTURES: tuple[Shares, ...] = (
    (0.25, 0.25, 0.5),
    (0.4, 0.2, 0.4),
    (0.1, 0.2, 0.7),
    (0.2, 0.2, 0.6),
    (0.05, 0.05, 0.9),
    (0.1, 0.0, 0.9),
    (0.2, 0.0, 0.8),
    (0.1, 0.8, 0.1),
    (0.5, 0.0, 0.5),
)
# From the first mixture of each pair to the second.
_TURNS: tuple[tuple[Shares, Shares], ...] = (
    ((0.1, 0.2, 0.7), (0.7, 0.2, 0.1)),
    ((0.1, 0.2, 0.7), (0.5, 0.2, 0.3)),
    ((0.1, 0.2, 0.7), (0.4, 0.2, 0.4)),
    ((0.25, 0.25, 0.5), (0.5, 0.25, 0.25)),
)


def scores_of(dice: random.Random, shares: Shares, n: int) -> list[float]:
    """Return the scores of comments of a mixture of labels: negative, neutral, positive."""
    return [dice.gauss(score, _NOISE) for score in dice.choices(SCORES, shares, k=n)]


def looks(scores: Sequence[float]) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    """Yield what is held against each other as the comments after the first 240 come."""
    for end in range(BEFORE_MOST + LEAST, len(scores) + 1):
        middle = max(BEFORE_MOST, end - NEWEST_MOST)
        yield scores[middle - BEFORE_MOST : middle], scores[middle:end]


def told_after(scores: Sequence[float]) -> int | None:
    """Return after how many comments beyond the first 240 a turn is told; None where none is."""
    for number, (before, after) in enumerate(looks(scores), start=LEAST):
        if mood_turn(before, after, threshold=_THRESHOLD) is not None:
            return number
    return None


def main() -> None:
    """Print both tables."""
    dice = random.Random(13)
    for shares in _MIXTURES:
        told = sum(
            told_after(scores_of(dice, shares, BEFORE_MOST + _COMMENTS)) is not None
            for _ in range(_N_STEADY)
        )
        typer.echo(
            f"steady {shares}: {told / _N_STEADY:.1%} of videos told within {_COMMENTS} comments"
        )
    for before, after in _TURNS:
        by = sum(
            (one - other) * score for one, other, score in zip(before, after, SCORES, strict=True)
        )
        found = [
            told_after(scores_of(dice, before, BEFORE_MOST) + scores_of(dice, after, _AFTER_TURN))
            for _ in range(_N_TURNS)
        ]
        told_at = [number for number in found if number is not None]
        typer.echo(
            f"turn by {by:.2f}: {len(told_at) / _N_TURNS:.0%} told within {_AFTER_TURN} comments, "
            f"half of those within {statistics.median(told_at):.0f}"
        )


if __name__ == "__main__":
    main()
