"""Predictions that are kept: the same ones as without, and never too many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.comments import Prediction, Status
from sentiment.inference.cache import PredictionCache
from sentiment.inference.predictor import Predictor
from sentiment.labels import Label
from tests.inference.engines import WatchedEngine, word_tokenizer

PREDICTION = Prediction(Label.NEUTRAL, (0.2, 0.6, 0.2), Status.OK)


def cache_of(max_texts: int = 100, max_characters: int = 1_000) -> PredictionCache:
    return PredictionCache(max_texts=max_texts, max_characters=max_characters)


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    cache = cache_of(max_texts=2)
    cache.keep({"a": PREDICTION, "b": PREDICTION})
    cache.find(["a"])
    cache.keep({"c": PREDICTION})
    assert cache.find("abc").keys() == {"a", "c"}


def test_characters_have_a_bound_of_their_own() -> None:
    cache = cache_of(max_characters=10)
    cache.keep({"x" * 6: PREDICTION})
    cache.keep({"y" * 5: PREDICTION})
    assert (len(cache), cache.characters) == (1, 5)
    cache.keep({"z" * 11: PREDICTION})
    assert (len(cache), cache.characters) == (0, 0)


@given(st.lists(st.lists(st.text("abc", min_size=1, max_size=4), max_size=6), max_size=20))
def test_bounds_hold_whatever_comes(rounds: list[list[str]]) -> None:
    cache = cache_of(max_texts=5, max_characters=9)
    for texts in rounds:
        cache.keep(dict.fromkeys(texts, PREDICTION))
        kept = cache.find({text for texts in rounds for text in texts})
        assert len(cache) == len(kept) <= 5
        assert cache.characters == sum(map(len, kept)) <= 9


words = st.sampled_from(["love it", "hate it", "so so", "", "LOVE\u200b it", "bad", "x" * 50])


@given(st.lists(st.lists(words, max_size=8), max_size=6))
def test_predictions_are_those_of_no_cache_in_order_and_one_a_text(
    requests: list[list[str]],
) -> None:
    plain, cached = Predictor.dummy(), Predictor.dummy(cache=cache_of(max_texts=2))
    for texts in requests:
        assert cached.predict(texts) == plain.predict(texts)


def test_kept_texts_are_not_scored_again() -> None:
    engine = WatchedEngine()
    predictor = Predictor(
        engine, word_tokenizer(), name="watched", digest="0" * 64, cache=cache_of()
    )
    first = predictor.predict(["w1", "w2"])
    assert predictor.predict(["w2", "w3", " w1 "])[::2] == first[::-1]
    assert engine.n_rows == 3


@pytest.mark.parametrize("max_texts", [1, 7, 100])
def test_many_threads_share_one_cache(max_texts: int) -> None:
    predictor = Predictor.dummy(cache=cache_of(max_texts=max_texts))
    plain = Predictor.dummy()
    requests = [
        [f"love {number % 5}" if number % 2 else f"bad {index}" for index in range(20)]
        for number in range(40)
    ]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(predictor.predict, requests))
    assert answers == [plain.predict(texts) for texts in requests]
