"""The sentences of the behaviour tests: seeded, different, and changed as their test says."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from sentiment.corpora.synthetic_phrases import TEMPLATES
from sentiment.errors import DataError
from sentiment.evaluation.behaviour import phrases
from sentiment.evaluation.behaviour.cases import Kind
from sentiment.evaluation.behaviour.changes import swap_two_letters
from sentiment.evaluation.behaviour.run import behaviour_tests
from sentiment.evaluation.behaviour.templates import fill, sentences


def test_the_same_seed_gives_the_same_sentences() -> None:
    first, second, other = (
        [test.cases for test in behaviour_tests(seed=seed, n=20)] for seed in (1, 1, 2)
    )
    assert first == second
    assert first != other


def test_tests_are_of_all_kinds_and_have_hundreds_of_different_cases() -> None:
    tests = behaviour_tests(seed=13, n=500)
    assert {test.kind for test in tests} == set(Kind)
    assert len({test.name for test in tests}) == len(tests)
    for test in tests:
        assert len(test.cases) >= 200, test.name
        first_texts = Counter(case[0] for case in test.cases)
        assert test.name == "one typing error" or max(first_texts.values()) == 1, test.name


def test_every_slot_is_filled_and_articles_fit() -> None:
    for test in behaviour_tests(seed=13, n=300):
        for case in test.cases:
            for text in case:
                assert "{" not in text
                assert not re.search(r"\b[Aa] [aeiou]", text), text


def test_changes_change_something() -> None:
    for test in behaviour_tests(seed=13, n=100):
        if test.kind is not Kind.MINIMUM:
            changed = sum(before != after for before, after in test.cases)
            assert changed == len(test.cases), test.name


def test_no_sentence_is_one_that_the_project_trains_on() -> None:
    ours = {*phrases.POSITIVE, *phrases.NEGATIVE, *phrases.NEUTRAL, *phrases.NOT_BAD}
    theirs = {template.lower() for templates in TEMPLATES.values() for template in templates}
    assert not {template.lower() for template in ours} & theirs


def test_sentences_give_fewer_where_there_are_no_more() -> None:
    rng = np.random.default_rng(1)
    assert sentences(("This {thing}.", "No slot."), n=100, rng=rng, slots={"thing": ("cup",)}) == [
        "This cup.",
        "No slot.",
    ]


def test_fill_uses_one_word_for_a_slot_that_comes_twice() -> None:
    text = fill("{thing} {thing}", rng=np.random.default_rng(1))
    assert len(set(text.split())) == 1


def test_fill_names_an_unknown_slot() -> None:
    with pytest.raises(DataError, match="unknown slot 'thign'"):
        fill("a {thign}", rng=np.random.default_rng(1))


def test_a_typing_error_swaps_two_letters_inside_one_word() -> None:
    text = "What a great song, Tom!"
    rng = np.random.default_rng(3)
    for _ in range(50):
        typed = swap_two_letters(text, rng=rng)
        assert sorted(typed) == sorted(text)
        differing = [place for place, (a, b) in enumerate(zip(text, typed, strict=True)) if a != b]
        assert len(differing) == 2
        assert differing[1] == differing[0] + 1
        assert all(text[place - 1] != " " for place in differing)
    assert swap_two_letters("a an the", rng=rng) == "a an the"
