"""Which bin a comment falls into, whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from sentiment.comments import Prediction, Status
from sentiment.drift.features import FEATURES, NOT_COUNTED
from sentiment.drift.observation import Observer
from sentiment.errors import BundleError
from sentiment.labels import LABELS, Label
from tests.drift.made import word_tokenizer

SURE = Prediction(Label.POSITIVE, (0.1, 0.2, 0.7), Status.OK)


def names_of(text: str, prediction: Prediction = SURE) -> Mapping[str, str | None]:
    """The name of the bin that a comment falls into, by feature; None where it does not count."""
    observer = Observer(word_tokenizer(), max_length_tokens=128)
    places = observer.places([text], [prediction])
    found: dict[str, str | None] = {}
    for feature in FEATURES:
        place = int(places[feature.name][0])
        found[feature.name] = None if place == NOT_COUNTED else feature.bins[place]
    return found


def test_a_comment_counts_in_every_feature() -> None:
    assert names_of("w1 w2 what 😂 👍🏽") == {
        "label": "positive",
        "unsure": "sure",
        "confidence": "0.7 to 0.8",
        "length": "4 to 6",
        "emoji": "2",
        "language": "unclear",
        "unknown": "50 % and more",
    }


def test_an_unsure_comment_is_told_apart() -> None:
    unsure = Prediction(Label.NEGATIVE, (0.36, 0.34, 0.3), Status.UNSURE)
    found = names_of("w1", unsure)
    assert (found["label"], found["unsure"]) == ("negative", "unsure")
    assert (found["confidence"], found["unknown"]) == ("below 0.4", "none")


def test_a_foreign_comment_counts_for_what_its_text_says_alone() -> None:
    foreign = Prediction(Label.NEUTRAL, (0.2, 0.6, 0.2), Status.NOT_ENGLISH)
    found = names_of("очень хорошо", foreign)
    assert (found["label"], found["unsure"], found["confidence"]) == (None, None, None)
    assert (found["language"], found["unknown"]) == ("cyrillic", "50 % and more")


@pytest.mark.parametrize("text", ["", "  ", "\x00", "\u200b", "<br>", "\u3164"])
def test_an_empty_comment_counts_nowhere(text: str) -> None:
    empty = Prediction(Label.NEUTRAL, (1 / 3, 1 / 3, 1 / 3), Status.EMPTY)
    assert set(names_of(text, empty).values()) == {None}


def test_a_long_comment_is_cut_where_the_model_cuts_it() -> None:
    observer = Observer(word_tokenizer(), max_length_tokens=8)
    (place,) = observer.places(["w1 " * 100_000], [SURE])["length"]
    assert FEATURES[3].bins[place] == "8 to 12"


@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=6))
def test_any_text_has_its_place(texts: list[str]) -> None:
    observer = Observer(word_tokenizer(), max_length_tokens=16)
    places = observer.places(texts, [SURE] * len(texts))
    for feature in FEATURES:
        found = places[feature.name]
        assert found.shape == (len(texts),)
        assert ((found >= NOT_COUNTED) & (found < len(feature.bins))).all()


@given(st.lists(st.sampled_from(list(LABELS)), min_size=1))
def test_labels_keep_their_order(labels: list[Label]) -> None:
    observer = Observer(word_tokenizer(), max_length_tokens=16)
    said = [Prediction(label, (0.2, 0.2, 0.6), Status.OK) for label in labels]
    found = observer.places(["w1"] * len(labels), said)["label"]
    np.testing.assert_array_equal(found, [label.class_index for label in labels])


def test_a_file_that_is_no_tokenizer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BundleError, match=r"tokenizer\.json can't be loaded"):
        Observer.from_file(tmp_path / "tokenizer.json", max_length_tokens=16)
