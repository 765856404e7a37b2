"""Slices: parts of a labelled set that share a property of the raw text.

A model can be right on average and fail on, say, negation; slices show it. Predicates look at
the text as written, before cleaning. Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SHORT_MAX_WORDS = 5
LONG_MIN_WORDS = 30

_EMOJI = re.compile("[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55]")
_NEGATION = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|nor|neither|without|cannot|hardly|barely"
    r"|(?:do|does|did|is|are|was|were|has|have|had|ca|wo|could|should|would|ai)n['\u2019]?t)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"\b[^\W\d_a-z]{3,}\b")
_ELONGATION = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slice:
    """A property that a raw text has or has not.

    Attributes:
        name: short, lower case, unique.
        description: what it holds, for reports.
        holds: whether a raw text belongs to it.
    """

    name: str
    description: str
    holds: Callable[[str], bool]


def default_slices() -> tuple[Slice, ...]:
    """Return the slices that every evaluation reports, in a fixed order."""
    return (
        Slice("short", f"at most {SHORT_MAX_WORDS} words", _is_short),
        Slice("long", f"at least {LONG_MIN_WORDS} words", _is_long),
        Slice("emoji", "holds an emoji", lambda text: _EMOJI.search(text) is not None),
        Slice("negation", "holds a negating word", lambda text: _NEGATION.search(text) is not None),
        Slice("capitals", "holds a word in capitals", _has_capitals),
        Slice(
            "elongation",
            "holds a letter three times in a row",
            lambda text: _ELONGATION.search(text) is not None,
        ),
        Slice("question", "holds a question mark", lambda text: "?" in text),
    )


def slice_rows(texts: Sequence[str], slices: Sequence[Slice]) -> dict[str, list[int]]:
    """Find the rows of each slice.

    Args:
        texts: raw texts.
        slices: what to look for.

    Returns:
        Name of the slice -> indexes into `texts`, ascending, possibly none.
    """
    return {
        part.name: [index for index, text in enumerate(texts) if part.holds(text)]
        for part in slices
    }


def _is_short(text: str) -> bool:
    return len(text.split()) <= SHORT_MAX_WORDS


def _is_long(text: str) -> bool:
    return len(text.split()) >= LONG_MIN_WORDS


def _has_capitals(text: str) -> bool:
    # Scripts without case match the pattern's complement of a-z; `isupper` keeps them out.
    return any(match.group().isupper() for match in _CAPITALS.finditer(text))
