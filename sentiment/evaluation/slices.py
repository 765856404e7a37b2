"""Slices: parts of a labelled set that share a property of the raw text.

A model can be right on average and fail on, say, negation; slices show it. Predicates look at
the text as written, before cleaning; what a text can't tell (whether it is a reply) comes from
its corpus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sentiment.inference.language import is_english
from sentiment.textclean import TIME_STAMP, clean

SHORT_MAX_WORDS = 5
LONG_MIN_WORDS = 30
REPLY = "reply"

_EMOJI = re.compile("[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55]")
_NEGATION = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|nor|neither|without|cannot|hardly|barely"
    r"|(?:do|does|did|is|are|was|were|has|have|had|ca|wo|could|should|would|ai)n['\u2019]?t)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"\b[^\W\d_a-z]{3,}\b")
_ELONGATION = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
# How writers mark it themselves; unmarked sarcasm can't be seen in the text.
_SARCASM_MARK = re.compile(
    r"(?<!\S)/s(?![\w/])|#(?:sarcasm|sarcastic|irony|ironic|not)\b|\boh (?:great|joy)\b"
    r"|\byeah,? right\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"\s*@\w")


@dataclass(frozen=True, slots=True)
class Slice:
    """A property that a raw text has or has not.

    Attributes:
        name: short, lower case, unique.
        description: what it holds, for reports.
        holds: whether a raw text belongs to it.
        judged: whether the gate asks for it; not where the model claims nothing.
    """

    name: str
    description: str
    holds: Callable[[str], bool]
    judged: bool = True


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
        Slice(
            "sarcasm mark",
            "marked as sarcastic by its writer, such as /s or #irony",
            lambda text: _SARCASM_MARK.search(text) is not None,
        ),
        Slice("answer", "opens by naming another user", lambda text: bool(_ANSWER.match(text))),
        Slice("time stamp", "names a moment of the video", _names_a_moment),
        Slice("not English", "not read as English", _is_foreign, judged=False),
    )


def describe_slices() -> dict[str, str]:
    """Return the name of every slice that a report may hold -> what it holds."""
    described = {part.name: part.description for part in default_slices()}
    return {**described, REPLY: "answers another comment, by its corpus"}


def rows_by_slice(
    texts: Sequence[str], *, replies: Sequence[bool] | None = None, judged_only: bool = False
) -> dict[str, list[int]]:
    """Find the rows of every slice of a labelled set.

    Args:
        texts: raw texts.
        replies: whether each answers another comment; None where the corpus does not say.
        judged_only: leave out what the gate does not ask for.

    Returns:
        Name of the slice -> indexes into `texts`, ascending, possibly none.
    """
    chosen = [part for part in default_slices() if part.judged or not judged_only]
    rows = slice_rows(texts, chosen)
    if replies is not None:
        rows[REPLY] = [index for index, is_reply in enumerate(replies) if is_reply]
    return rows


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


def _names_a_moment(text: str) -> bool:
    return TIME_STAMP in clean(text)


def _is_foreign(text: str) -> bool:
    return not is_english(clean(text))
