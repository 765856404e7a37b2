"""Changes to a sentence that must change nothing, or move the score one way.

Invariance: typing errors, names, place of an emoji, politeness, case, contractions, links.
Direction: more praise never lowers the score, more complaint never raises it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sentiment.evaluation.behaviour import phrases
from sentiment.evaluation.behaviour.cases import (
    TOLERANCE,
    BehaviourTest,
    Expectation,
    Kind,
    does_not_fall,
    does_not_rise,
    stays,
)
from sentiment.evaluation.behaviour.templates import fill, sentences

Change = Callable[[str], str]

_ALL = (*phrases.POSITIVE, *phrases.NEGATIVE, *phrases.NEUTRAL)
_NAMED = tuple(template for template in _ALL if "{person}" in template)
_NEGATING = (*phrases.NEGATED_PRAISE, *phrases.NEGATED_NEUTRAL)
_CONTRACTED = {
    "isn't": "is not", "don't": "do not", "didn't": "did not", "haven't": "have not",
    "can't": "cannot", "wasn't": "was not",
}  # fmt: skip
_SHORTEST_TYPO = 4
# Adjectives alone take an intensifier; "really can't stand" and "so a waste" are no English.
_PRAISE_TO_STRENGTHEN = tuple(text for text in phrases.POSITIVE if "is {good}" in text)
_COMPLAINT_TO_STRENGTHEN = tuple(text for text in phrases.NEGATIVE if "is {bad}" in text)


def invariance_tests(*, n: int, rng: np.random.Generator) -> list[BehaviourTest]:
    """Return the tests of what must change nothing.

    Args:
        n: cases a test, at most.
        rng: source of randomness.
    """
    people = phrases.SLOTS["person"]
    emoji = (*phrases.SLOTS["joy"], *phrases.SLOTS["anger"])

    def made(name: str, templates: Sequence[str], change: Change) -> BehaviourTest:
        texts = sentences(templates, n=n, rng=rng)
        return _pairs(name, Kind.INVARIANCE, texts, change, passes=stays)

    # One template makes the emoji's pairs from both ends: what is swapped is where it stands.
    placed = [
        (f"{sign} {text}", f"{text} {sign}")
        for text in sentences(_ALL, n=n, rng=rng)
        for sign in (emoji[int(rng.integers(len(emoji)))],)
    ]
    return [
        made("one typing error", _ALL, lambda text: swap_two_letters(text, rng=rng)),
        made("another name", _NAMED, lambda text: _rename(text, people, rng=rng)),
        _of_pairs("emoji first or last", Kind.INVARIANCE, placed, passes=stays),
        made("polite opening", _ALL, lambda text: _fill_one(phrases.OPENERS, rng=rng) + text),
        made("polite closing", _ALL, lambda text: text + _fill_one(phrases.CLOSERS, rng=rng)),
        made("lower case", _ALL, str.lower),
        made("no full stop", _ALL, lambda text: text.rstrip(".!?")),
        made("a link behind it", _ALL, lambda text: f"{text} https://example.com/watch"),
        made("a mention before it", _ALL, lambda text: f"@someone {text}"),
        _pairs(
            "contraction written out",
            Kind.INVARIANCE,
            [text for text in sentences(_NEGATING, n=2 * n, rng=rng) if _write_out(text) != text],
            _write_out,
            passes=stays,
        ),
    ]


def direction_tests(*, n: int, rng: np.random.Generator) -> list[BehaviourTest]:
    """Return the tests of what must move the score one way at most.

    Args:
        n: cases a test, at most.
        rng: source of randomness.
    """

    def made(
        name: str, templates: Sequence[str], change: Change, passes: Expectation
    ) -> BehaviourTest:
        texts = sentences(templates, n=n, rng=rng)
        return _pairs(name, Kind.DIRECTION, texts, change, passes=passes)

    joy, anger = phrases.SLOTS["joy"], phrases.SLOTS["anger"]
    return [
        made("praise added", _ALL, lambda text: text + _one(phrases.PRAISES, rng), does_not_fall),
        made(
            "complaint added",
            _ALL,
            lambda text: text + _one(phrases.COMPLAINTS, rng),
            does_not_rise,
        ),
        made("emoji of joy added", _ALL, lambda text: f"{text} {_one(joy, rng)}", does_not_fall),
        made(
            "emoji of anger added", _ALL, lambda text: f"{text} {_one(anger, rng)}", does_not_rise
        ),
        made(
            "praise made stronger",
            _PRAISE_TO_STRENGTHEN,
            lambda text: _strengthen(text, rng=rng),
            does_not_fall,
        ),
        made(
            "complaint made stronger",
            _COMPLAINT_TO_STRENGTHEN,
            lambda text: _strengthen(text, rng=rng),
            does_not_rise,
        ),
    ]


def swap_two_letters(text: str, *, rng: np.random.Generator) -> str:
    """Swap two different neighbouring letters inside one word of four letters or more.

    First letters stay, as they do in most typing errors. A text without such a word comes back
    as it is.
    """
    places = [
        start + offset
        for start, word in _words(text)
        if len(word) >= _SHORTEST_TYPO
        for offset in range(1, len(word) - 1)
        if word[offset : offset + 2].isalpha() and word[offset] != word[offset + 1]
    ]
    if not places:
        return text
    place = places[int(rng.integers(len(places)))]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _words(text: str) -> list[tuple[int, str]]:
    found, start = [], 0
    for word in text.split(" "):
        found.append((start, word))
        start += len(word) + 1
    return found


def _rename(text: str, people: Sequence[str], *, rng: np.random.Generator) -> str:
    present = next(name for name in people if name in text)
    others = [name for name in people if name != present]
    return text.replace(present, _one(others, rng))


def _strengthen(text: str, *, rng: np.random.Generator) -> str:
    return text.replace(" is ", f" is {_one(phrases.INTENSIFIERS, rng)}", 1)


def _write_out(text: str) -> str:
    for short, long in _CONTRACTED.items():
        text = text.replace(short, long)
    return text


def _one(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _fill_one(options: Sequence[str], *, rng: np.random.Generator) -> str:
    return fill(_one(options, rng), rng=rng)


def _pairs(
    name: str, kind: Kind, texts: Sequence[str], change: Change, *, passes: Expectation
) -> BehaviourTest:
    return _of_pairs(name, kind, [(text, change(text)) for text in texts], passes=passes)


def _of_pairs(
    name: str, kind: Kind, pairs: Sequence[tuple[str, str]], *, passes: Expectation
) -> BehaviourTest:
    expected: dict[Expectation, str] = {
        stays: f"the label stays, or the score moves by {TOLERANCE} at most",
        does_not_fall: f"the score falls by {TOLERANCE} at most",
        does_not_rise: f"the score rises by {TOLERANCE} at most",
    }
    return BehaviourTest(
        name=name, kind=kind, expected=expected[passes], cases=tuple(pairs), passes=passes
    )
