"""The one label order, and how names and classes come from it."""

from __future__ import annotations

import pytest

from sentiment.comments import Prediction, Status
from sentiment.labels import LABEL_NAMES, LABELS, N_CLASSES, Label, label_from_word


def test_labels_have_the_wire_values_in_class_order() -> None:
    assert [int(label) for label in LABELS] == [-1, 0, 1]
    assert [label.class_index for label in LABELS] == [0, 1, 2]
    assert [label.word for label in LABELS] == list(LABEL_NAMES)
    assert N_CLASSES == 3


@pytest.mark.parametrize("word", ["Negative", "neutral", " POSITIVE "])
def test_label_from_word_ignores_case_and_space(word: str) -> None:
    assert label_from_word(word).word == word.strip().lower()


@pytest.mark.parametrize("word", ["", "mixed", "1", "pos"])
def test_label_from_word_refuses_other_words(word: str) -> None:
    with pytest.raises(ValueError, match="wanted one of negative, neutral, positive"):
        label_from_word(word)


def test_prediction_score_and_confidence_follow_from_probabilities() -> None:
    prediction = Prediction(Label.POSITIVE, (0.125, 0.25, 0.625), Status.OK)
    assert prediction.score == 0.5
    assert prediction.confidence == 0.625
