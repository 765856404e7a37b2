"""Made-up YouTube comments: seeded templates with the habits of real ones.

Owns how a comment is put together (openers, tails, emoji, elongation, capitals, typos); the
phrases are in `sentiment.corpora.synthetic_phrases`. The label of a comment is the intention
of its template, not a judgement of its text. Standard library only, so that the stand-in of
the Data API can use it.

Any comment can be made alone: comment `i` of a seed depends on nothing but `i` and the seed.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sentiment.comments import LabelledComment
from sentiment.corpora.synthetic_phrases import (
    EMOJI_ONLY,
    OTHER_LANGUAGES,
    REPLIES,
    SLOTS,
    TEMPLATES,
)
from sentiment.files import whole_file
from sentiment.labels import LABELS, Label

SOURCE = "synthetic"
CSV_COLUMNS = ("id", "source", "text", "label")

_ITEM = TypeVar("_ITEM")
_SLOT = re.compile(r"\{(\w+)\}")
_SLANG = {
    "you": "u", "are": "r", "because": "cuz", "please": "pls", "really": "rly", "your": "ur",
    "going to": "gonna", "this": "dis", "people": "ppl", "what": "wut",
}  # fmt: skip
_TAILS = {
    Label.POSITIVE: "{praise_tail}",
    Label.NEGATIVE: "{moan_tail}",
    Label.NEUTRAL: "{plain_tail}",
}
_JOINTS = (". ", ", ", " ", "\n", "... ", "! ")
_END_MARKS = ("", "", "", ".", "!", "!!", "!!!", "...", " lol", "??")
_EMOJI = {Label.POSITIVE: "{joy}", Label.NEGATIVE: "{anger}", Label.NEUTRAL: "{shrug}"}
_VOWELS = frozenset("aeiou")

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
    index: int, *, seed: int | str, mood: Mood = EVERYDAY_MOOD, is_reply: bool = False
) -> LabelledComment:
    """Return the comment number `index` of a seed, without making those before it.

    Args:
        index: position, >= 0.
        seed: names the series; equal seeds give equal comments on every machine.
        mood: how often each intention occurs.
        is_reply: whether it answers another comment.

    Returns:
        The comment; its label is the intention of its template.
    """
    dice = _Dice(f"{seed}:{index}:{is_reply:d}")
    label = dice.label(mood)
    return LabelledComment(
        id=f"{SOURCE}-{seed}-{index}",
        source=SOURCE,
        text=_compose(dice, label, is_reply=is_reply),
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


class _Dice:
    """Chances by name of the series. Uses `random()` alone, whose sequence Python guarantees."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(name)  # noqa: S311 - nothing here is secret

    def falls(self, probability: float) -> bool:
        return self._random.random() < probability

    def below(self, limit: int) -> int:
        return int(self._random.random() * limit)

    def pick(self, choices: Sequence[_ITEM]) -> _ITEM:
        return choices[self.below(len(choices))]

    def label(self, mood: Mood) -> Label:
        drawn = self._random.random()
        if drawn < mood.negative:
            return LABELS[0]
        return LABELS[1] if drawn < mood.negative + mood.neutral else LABELS[2]


def _compose(dice: _Dice, label: Label, *, is_reply: bool) -> str:
    if dice.falls(_P_OTHER_LANGUAGE):
        return _fill(dice, dice.pick(OTHER_LANGUAGES[label]))
    if dice.falls(_P_EMOJI_ONLY):
        return dice.pick(EMOJI_ONLY[label]) * (1 + dice.below(6))
    text = _fill(dice, dice.pick((REPLIES if is_reply else TEMPLATES)[label])).strip()
    if dice.falls(_P_OPENER):
        text = f"{dice.pick(SLOTS['opener'])} {text}"
    if dice.falls(_P_TAIL):
        text = text + dice.pick(_JOINTS) + _fill(dice, _TAILS[label])
    text = _restyle(dice, text)
    if dice.falls(_P_EMOJI):
        text = f"{text} {_fill(dice, _EMOJI[label]) * (1 + dice.below(3))}"
    if is_reply and dice.falls(_P_MENTION_IN_REPLY):
        text = f"@{_handle(dice)} {text}"
    return text


def _fill(dice: _Dice, template: str) -> str:
    """Fill every slot; a filling may hold slots of its own."""
    while _SLOT.search(template):
        template = _SLOT.sub(lambda match: _filling(dice, match[1]), template)
    return template


def _filling(dice: _Dice, slot: str) -> str:
    if slot == "time":
        return f"{dice.below(20)}:{dice.below(60):02d}"
    if slot == "year":
        return str(2012 + dice.below(15))
    if slot == "count":
        return str(2 + dice.below(98))
    if slot == "handle":
        return _handle(dice)
    if slot == "link":
        return f"https://example.com/{dice.pick(('watch', 'v', 'p'))}/{dice.below(9_999)}"
    return dice.pick(SLOTS[slot])


def _handle(dice: _Dice) -> str:
    return f"viewer{dice.below(10_000):04d}"


def _restyle(dice: _Dice, text: str) -> str:
    """Give the text the habits of one writer: case, slips, slang, stretching, end marks."""
    if dice.falls(0.12):
        text = _with_slang(text)
    if dice.falls(0.12):
        text = _with_slip(dice, text)
    if dice.falls(0.10):
        text = _stretched(dice, text)
    style = dice.below(10)
    if style == 0 and "http" not in text:
        text = text.upper()
    elif style <= 4:
        text = text[:1].upper() + text[1:]
    return text if text.endswith(("!", "?", ".")) else text + dice.pick(_END_MARKS)


def _with_slang(text: str) -> str:
    return " ".join(_SLANG.get(word, word) for word in text.split(" "))


def _with_slip(dice: _Dice, text: str) -> str:
    """Swap two neighbouring letters of one longer word."""
    words = text.split(" ")
    long_words = [i for i, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long_words:
        return text
    position = dice.pick(long_words)
    word = words[position]
    cut = 1 + dice.below(len(word) - 3)
    words[position] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)


def _stretched(dice: _Dice, text: str) -> str:
    """Repeat the last vowel of one word, as in "sooooo"."""
    words = text.split(" ")
    stretchable = [
        i
        for i, word in enumerate(words)
        if len(word) > 2 and word.isalpha() and _VOWELS.intersection(word)
    ]
    if not stretchable:
        return text
    position = dice.pick(stretchable)
    word = words[position]
    last_vowel = max(i for i, letter in enumerate(word) if letter in _VOWELS)
    words[position] = (
        word[:last_vowel] + word[last_vowel] * (3 + dice.below(5)) + word[last_vowel + 1 :]
    )
    return " ".join(words)
