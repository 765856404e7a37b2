"""Exact and near copies are found; short texts that differ in a word are not copies."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from sentiment.corpora.synthetic import generate
from sentiment.preparation.duplicates import mark_exact_duplicates, mark_near_duplicates
from tests.conftest import REPOSITORY

LONG = "I watched this whole documentary twice and the part about the whales made me cry again"


def near(*texts: str, min_jaccard: float = 0.85) -> list[bool]:
    return mark_near_duplicates(list(texts), min_jaccard=min_jaccard)


def test_exact_marks_later_copies_alone() -> None:
    texts = ["Great!!", "so so", "great", "GREAT.", "great 😂", "so  so"]
    assert mark_exact_duplicates(texts) == [False, False, True, True, False, True]


def test_exact_keeps_texts_of_punctuation_apart() -> None:
    assert mark_exact_duplicates(["!!!", "???", "!!!"]) == [False, False, True]


def test_near_marks_a_long_text_with_a_small_change() -> None:
    assert near(LONG, f"{LONG} !", f"{LONG} x", LONG.replace("twice", "twicee")) == [
        False,
        True,
        True,
        True,
    ]


def test_near_keeps_long_texts_that_say_other_things() -> None:
    other = "I watched this whole documentary once and fell asleep before the whales came at all"
    assert near(LONG, other) == [False, False]


@pytest.mark.parametrize(
    ("left", "right"),
    [("not bad", "so bad"), ("i love this song", "i hate this song"), ("good", "goods")],
)
def test_near_keeps_short_texts_that_differ_in_a_word(left: str, right: str) -> None:
    assert near(left, right) == [False, False]


# Each is near its neighbour; the third is far from the first.
WORDS = [f"word{number}" for number in range(40)]
CHAIN = [" ".join(WORDS[start : start + 34]) for start in (0, 3, 6)]


def test_near_compares_training_texts_with_kept_ones_only() -> None:
    assert near(*CHAIN, min_jaccard=0.8) == [False, True, False]


def test_near_compares_with_all_that_is_measured_on() -> None:
    marks = mark_near_duplicates(CHAIN, min_jaccard=0.8, n_measured=2)
    assert marks == [False, True, True]


@pytest.mark.parametrize("overlap", [0.86, 0.88, 0.9, 0.92])
def test_near_finds_nearly_all_pairs_just_above_its_limit(overlap: float) -> None:
    draw = random.Random(f"{overlap}")
    n_shared = 120
    n_own = round(n_shared * (1 - overlap) / overlap)
    originals, copies = [], []
    for _ in range(300):
        text = "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=n_shared + 4))
        originals.append(text)
        # Appended letters add one 5-gram each and take none away.
        copies.append(text + "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=n_own)))
    marks = near(*originals, *copies)
    assert not any(marks[:300])
    assert sum(marks[300:]) >= 0.98 * 300


def test_near_obeys_its_limit() -> None:
    changed = LONG.replace("whales", "dolphins")
    assert near(LONG, changed, min_jaccard=0.6) == [False, True]
    assert near(LONG, changed, min_jaccard=0.99) == [False, False]
    assert near(LONG, f"{LONG}.", f"{LONG} ok", min_jaccard=1.0) == [False, True, False]


def test_near_finds_most_copies_among_many() -> None:
    originals = [text for text in (c.text for c in generate(3_000, seed=3)) if len(text) > 60]
    unique = [
        text
        for text, mark in zip(originals, near(*originals, min_jaccard=0.85), strict=True)
        if not mark
    ][:300]
    copies = [f"{text} ok" for text in unique]
    marks = near(*unique, *copies, min_jaccard=0.85)
    assert not any(marks[: len(unique)])
    assert sum(marks[len(unique) :]) >= 0.9 * len(copies)


def test_near_tells_its_progress() -> None:
    told: list[int] = []
    mark_near_duplicates(["a", LONG], min_jaccard=0.85, on_progress=told.append)
    assert sum(told) == 2


def test_near_is_the_same_in_every_process() -> None:
    program = (
        "from sentiment.corpora.synthetic import generate\n"
        "from sentiment.preparation.duplicates import mark_near_duplicates as mark\n"
        "texts = [c.text for c in generate(800, seed=5)]\n"
        "print(''.join('01'[m] for m in mark(texts, min_jaccard=0.6)))\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert "1" in outputs[0]
