"""Made-up YouTube comments: seeded templates with the habits of real ones.

Owns how a comment is put together (openers, tails, emoji); the phrases are in
`sentiment.corpora.synthetic_phrases`, elongation, capitals and typos in
`sentiment.corpora.synthetic_style`. The label of a comment is the intention
of its template, not a judgement of its text. Standard library only, so that the stand-in of
the Data API can use it.

Any comment can be made alone: comment `i` of a seed depends on nothing but `i` and the seed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sentiment.comments import LabelledComment
from sentiment.corpora import slang_phrases as slang
from sentiment.corpora.synthetic_phrases import (
    EMOJI_ONLY,
    OTHER_LANGUAGES,
    REPLIES,
    SLOTS,
    TEMPLATES,
)
from sentiment.corpora.synthetic_style import Dice, fill, handle, restyle
from sentiment.files import whole_file
from sentiment.labels import LABELS, Label

SOURCE = "synthetic"
CSV_COLUMNS = ("id", "source", "text", "label")

_TAILS = {
    Label.POSITIVE: "{praise_tail}",
    Label.NEGATIVE: "{moan_tail}",
    Label.NEUTRAL: "{plain_tail}",
}
_JOINTS = (". ", ", ", " ", "\n", "... ", "! ")
_EMOJI = {Label.POSITIVE: "{joy}", Label.NEGATIVE: "{anger}", Label.NEUTRAL: "{shrug}"}

_P_OTHER_LANGUAGE = 0.04
_P_EMOJI_ONLY = 0.03
_P_OPENER = 0.3
_P_TAIL = 0.45
_P_EMOJI = 0.35
_P_MENTION_IN_REPLY = 0.4


@dataclass(frozen=True, slots=True)
class Mood:
    """How often each intention occurs; the three shares sum to 1."""

    negative: float
    neutral: float
    positive: float


EVERYDAY_MOOD = Mood(negative=0.25, neutral=0.35, positive=0.40)


def comment_at(
    index: int,
    *,
    seed: int | str,
    mood: Mood = EVERYDAY_MOOD,
    is_reply: bool = False,
    in_slang: bool = False,
) -> LabelledComment:
    """Return the comment number `index` of a seed, without making those before it.

    Args:
        index: position, >= 0.
        seed: names the series; equal seeds give equal comments on every machine.
        mood: how often each intention occurs.
        is_reply: whether it answers another comment.
        in_slang: whether it speaks as `slang_phrases` does, which the other comments never do.

    Returns:
        The comment; its label is the intention of its template.
    """
    dice = Dice(f"{seed}:{index}:{is_reply:d}")
    label = _label(dice, mood)
    return LabelledComment(
        id=f"{SOURCE}-{seed}-{index}",
        source=SOURCE,
        text=_in_slang(dice, label) if in_slang else _compose(dice, label, is_reply=is_reply),
        label=label,
    )


def generate(n: int, *, seed: int | str, mood: Mood = EVERYDAY_MOOD) -> Iterator[LabelledComment]:
    """Yield the comments 0 to `n` - 1 of a seed.

    Raises:
        ValueError: `n` is negative.
    """
    if n < 0:
        raise ValueError(f"wanted a number of comments of 0 or more, found {n}")
    return (comment_at(index, seed=seed, mood=mood) for index in range(n))


def write_csv(path: Path, *, rows: int, seed: int | str) -> None:
    """Write `rows` comments as CSV (`id,source,text,label`), whole or not at all.

    Raises:
        OutOfSpaceError: the disk is full.
        ValueError: `rows` is negative.
    """
    comments = generate(rows, seed=seed)
    with whole_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CSV_COLUMNS)
        writer.writerows(
            (comment.id, comment.source, comment.text, int(comment.label)) for comment in comments
        )


def _label(dice: Dice, mood: Mood) -> Label:
    drawn = dice.share()
    if drawn < mood.negative:
        return LABELS[0]
    return LABELS[1] if drawn < mood.negative + mood.neutral else LABELS[2]


def _in_slang(dice: Dice, label: Label) -> str:
    text = fill(dice, dice.pick(slang.TEMPLATES[label]), slang.SLOTS)
    if dice.falls(_P_OPENER):
        text = f"{dice.pick(slang.SLOTS['lead'])} {text}"
    text = restyle(dice, text)
    return f"{text} {fill(dice, slang.EMOJI[label], slang.SLOTS)}" if dice.falls(_P_EMOJI) else text


def _compose(dice: Dice, label: Label, *, is_reply: bool) -> str:
    if dice.falls(_P_OTHER_LANGUAGE):
        return fill(dice, dice.pick(OTHER_LANGUAGES[label]), SLOTS)
    if dice.falls(_P_EMOJI_ONLY):
        return dice.pick(EMOJI_ONLY[label]) * (1 + dice.below(6))
    text = fill(dice, dice.pick((REPLIES if is_reply else TEMPLATES)[label]), SLOTS).strip()
    if dice.falls(_P_OPENER):
        text = f"{dice.pick(SLOTS['opener'])} {text}"
    if dice.falls(_P_TAIL):
        text = text + dice.pick(_JOINTS) + fill(dice, _TAILS[label], SLOTS)
    text = restyle(dice, text)
    if dice.falls(_P_EMOJI):
        text = f"{text} {fill(dice, _EMOJI[label], SLOTS) * (1 + dice.below(3))}"
    if is_reply and dice.falls(_P_MENTION_IN_REPLY):
        text = f"@{handle(dice)} {text}"
    return text
