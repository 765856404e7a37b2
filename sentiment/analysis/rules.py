"""What a rule is, by which an intent is told: words that give a cue, and a pattern.

A pattern is tried only on a comment that holds one of the cue words of its row, so that most
comments cost a look into a set. The patterns see what `sentiment.analysis.wording.plain` gives:
lower case, straight quotes, `http` for a link, `MAX_CHARACTERS` at most. They hold no repeat
within an unbounded repeat, so that none is slow on a hostile text. The tables stand in
`rules_of_asking`, `rules_of_judging` and `rules_of_spam`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table.

    Attributes:
        cues: words; the pattern is tried only on a comment that holds one of them.
        pattern: what has to be found.
        not_after: what spoils a find when the text before it ends so; None when nothing does.
    """

    cues: frozenset[str]
    pattern: re.Pattern[str]
    not_after: re.Pattern[str] | None


def table(*rows: tuple[str, str], not_after: str | None = None) -> tuple[Rule, ...]:
    """Return the rules of a table.

    Args:
        rows: cue words apart by spaces, and the pattern.
        not_after: a pattern for all rows, anchored at its end.
    """
    spoils = re.compile(not_after) if not_after else None
    return tuple(
        Rule(frozenset(cues.split()), re.compile(pattern), spoils) for cues, pattern in rows
    )
