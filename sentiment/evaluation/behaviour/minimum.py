"""Minimum functionality: plain sentences that any sentiment model must get right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sentiment.evaluation.behaviour import phrases
from sentiment.evaluation.behaviour.cases import BehaviourTest, Kind, has_label
from sentiment.evaluation.behaviour.templates import sentences
from sentiment.labels import Label

_POSITIVE, _NEUTRAL, _NEGATIVE = Label.POSITIVE, Label.NEUTRAL, Label.NEGATIVE


def minimum_tests(*, n: int, rng: np.random.Generator) -> list[BehaviourTest]:
    """Return the tests of minimum functionality.

    Args:
        n: cases a test, at most.
        rng: source of randomness.
    """
    with_joy = {**phrases.SLOTS, "emoji": phrases.SLOTS["joy"]}
    with_anger = {**phrases.SLOTS, "emoji": phrases.SLOTS["anger"]}

    def made(name: str, templates: Sequence[str], *labels: Label) -> BehaviourTest:
        return _test(name, sentences(templates, n=n, rng=rng), *labels)

    return [
        made("plain praise", phrases.POSITIVE, _POSITIVE),
        made("plain complaint", phrases.NEGATIVE, _NEGATIVE),
        made("plain statement or question", phrases.NEUTRAL, _NEUTRAL),
        made("negated praise", phrases.NEGATED_PRAISE, _NEGATIVE),
        made("negated praise far apart", phrases.NEGATED_PRAISE_FAR, _NEGATIVE),
        made("not bad", phrases.NOT_BAD, _POSITIVE, _NEUTRAL),
        made("negated complaint", phrases.NEGATED_COMPLAINT, _POSITIVE, _NEUTRAL),
        made("praise in negating words", phrases.PRAISE_IN_NEGATING_WORDS, _POSITIVE),
        made("negated statement", phrases.NEGATED_NEUTRAL, _NEUTRAL),
        made("changed for the better", phrases.CHANGED_FOR_THE_BETTER, _POSITIVE),
        made("changed for the worse", phrases.CHANGED_FOR_THE_WORSE, _NEGATIVE),
        _test(
            "emoji of joy",
            sentences(phrases.FOR_EMOJI, n=n, rng=rng, slots=with_joy),
            _POSITIVE,
        ),
        _test(
            "emoji of anger",
            sentences(phrases.FOR_EMOJI, n=n, rng=rng, slots=with_anger),
            _NEGATIVE,
        ),
        _test(
            "praise in capitals",
            [text.upper() for text in sentences(phrases.POSITIVE, n=n, rng=rng)],
            _POSITIVE,
        ),
        _test(
            "complaint in capitals",
            [text.upper() for text in sentences(phrases.NEGATIVE, n=n, rng=rng)],
            _NEGATIVE,
        ),
    ]


def _test(name: str, texts: Sequence[str], *labels: Label) -> BehaviourTest:
    return BehaviourTest(
        name=name,
        kind=Kind.MINIMUM,
        expected=" or ".join(label.word for label in labels),
        cases=tuple((text,) for text in texts),
        passes=has_label(*labels),
    )
