"""Fills templates: seeded, without repetition, every template equally often."""

from __future__ import annotations

import itertools
import string
from collections.abc import Mapping, Sequence

import numpy as np

from sentiment.errors import DataError
from sentiment.evaluation.behaviour.phrases import SLOTS

_TRIES_PER_CASE = 50


def fill(
    template: str, *, rng: np.random.Generator, slots: Mapping[str, Sequence[str]] = SLOTS
) -> str:
    """Return a template with a random word in each slot; one that comes twice gets one word.

    Raises:
        DataError: it has a slot that `slots` lacks.
    """
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    unknown = sorted(names - slots.keys())
    if unknown:
        raise DataError(f"The template {template!r} has the unknown slot {unknown[0]!r}.")
    # Sorted: a set's order differs from process to process, and the seed must decide alone.
    words = {name: slots[name][int(rng.integers(len(slots[name])))] for name in sorted(names)}
    return _with_articles(template.format(**words))


def sentences(
    templates: Sequence[str],
    *,
    n: int,
    rng: np.random.Generator,
    slots: Mapping[str, Sequence[str]] = SLOTS,
) -> list[str]:
    """Return different sentences, from each template in turn.

    Args:
        templates: at least one.
        n: how many; fewer come back where the templates have no more to give.
        rng: source of randomness.
        slots: words of each slot.

    Raises:
        DataError: a template has a slot that `slots` lacks.
    """
    found: dict[str, None] = {}
    for attempt in range(n * _TRIES_PER_CASE):
        if len(found) == n:
            break
        found[fill(templates[attempt % len(templates)], rng=rng, slots=slots)] = None
    return list(found)


def _with_articles(sentence: str) -> str:
    """Write "an" for "a" before a vowel, as a filled slot may need."""
    words = sentence.split(" ")
    for place, (word, following) in enumerate(itertools.pairwise(words)):
        if word in {"a", "A"} and following[:1].lower() in set("aeiou"):
            words[place] = word + "n"
    return " ".join(words)
