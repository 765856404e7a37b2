"""How made-up comments get the look of real ones: filled slots, slang, slips, stretched vowels.

Owns no phrase but the slang. Standard library only, as its callers are.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

Slots = Mapping[str, Sequence[str]]

_ITEM = TypeVar("_ITEM")
_SLOT = re.compile(r"\{(\w+)\}")
_SLANG = {
    "you": "u", "are": "r", "because": "cuz", "please": "pls", "really": "rly", "your": "ur",
    "going to": "gonna", "this": "dis", "people": "ppl", "what": "wut",
}  # fmt: skip
_END_MARKS = ("", "", "", ".", "!", "!!", "!!!", "...", " lol", "??")
_VOWELS = frozenset("aeiou")


class Dice:
    """Chances by name of the series: equal names fall equally.

    Uses `random()` alone, whose sequence Python guarantees.

    Args:
        name: of the series.
    """

    def __init__(self, name: str) -> None:
        self._random = random.Random(name)  # noqa: S311 - nothing here is secret

    def falls(self, probability: float) -> bool:
        """Tell whether a chance of this probability came up."""
        return self._random.random() < probability

    def share(self) -> float:
        """Return a number in [0, 1)."""
        return self._random.random()

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to `limit` - 1."""
        return int(self._random.random() * limit)

    def pick(self, choices: Sequence[_ITEM]) -> _ITEM:
        """Return one of the choices."""
        return choices[self.below(len(choices))]


def fill(dice: Dice, template: str, slots: Slots) -> str:
    """Fill every slot of a template; a filling may hold slots of its own.

    Args:
        dice: what the fillings are drawn with.
        template: with slots in braces.
        slots: what may fill each. The slots time, year, count, handle and link need no entry.

    Raises:
        KeyError: a slot is unknown.
    """
    while _SLOT.search(template):
        template = _SLOT.sub(lambda match: _filling(dice, match[1], slots), template)
    return template


def _filling(dice: Dice, slot: str, slots: Slots) -> str:
    if slot == "time":
        return f"{dice.below(20)}:{dice.below(60):02d}"
    if slot == "year":
        return str(2012 + dice.below(15))
    if slot == "count":
        return str(2 + dice.below(98))
    if slot == "handle":
        return handle(dice)
    if slot == "link":
        return f"https://example.com/{dice.pick(('watch', 'v', 'p'))}/{dice.below(9_999)}"
    return dice.pick(slots[slot])


def handle(dice: Dice) -> str:
    """Return a made-up name of an account."""
    return f"viewer{dice.below(10_000):04d}"


def restyle(dice: Dice, text: str) -> str:
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


def _with_slip(dice: Dice, text: str) -> str:
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


def _stretched(dice: Dice, text: str) -> str:
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
