"""Contestants in turn: A B C A B C, so that what slows the machine slows each of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Contestant:
    """Something that labels texts.

    Attributes:
        key: its name in the JSON report.
        title: its name in the table.
        texts: what it reads in each round.
        tokens_per_text: mean over `texts`.
        label: labels texts and returns how many it labelled.
    """

    key: str
    title: str
    texts: Sequence[str]
    tokens_per_text: float
    label: Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a contestant was.

    Attributes:
        key: of the contestant.
        title: of the contestant.
        texts_per_round: how many it read in each round.
        tokens_per_text: their mean length.
        rates: texts a second, one a round, in order.
    """

    key: str
    title: str
    texts_per_round: int
    tokens_per_text: float
    rates: tuple[float, ...]

    @property
    def median(self) -> float:
        """Texts a second, the median of the rounds."""
        return statistics.median(self.rates)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "title": self.title,
            "texts_per_round": self.texts_per_round,
            "tokens_per_text": round(self.tokens_per_text, 2),
            "texts_per_s": self.median,
            "low": min(self.rates),
            "high": max(self.rates),
            "rounds": list(self.rates),
        }


def run_rounds(
    contestants: Sequence[Contestant],
    *,
    rounds: int,
    warm_up_texts: int,
    on_turn: Callable[[str], None] = lambda _: None,
) -> dict[str, Pace]:
    """Let each contestant warm up, then let them take turns.

    Args:
        contestants: with distinct keys.
        rounds: turns of each, > 0.
        warm_up_texts: texts that each reads before the first round.
        on_turn: told the title before each turn, warm-up included.

    Returns:
        One pace a contestant, by its key, in the order of `contestants`.
    """
    for contestant in contestants:
        on_turn(f"warm-up: {contestant.title}")
        contestant.label(contestant.texts[:warm_up_texts])
    rates: dict[str, list[float]] = {contestant.key: [] for contestant in contestants}
    for number in range(1, rounds + 1):
        for contestant in contestants:
            on_turn(f"round {number} of {rounds}: {contestant.title}")
            started_s = time.perf_counter()
            labelled = contestant.label(contestant.texts)
            rates[contestant.key].append(labelled / (time.perf_counter() - started_s))
    return {
        contestant.key: Pace(
            contestant.key,
            contestant.title,
            len(contestant.texts),
            contestant.tokens_per_text,
            tuple(rates[contestant.key]),
        )
        for contestant in contestants
    }
