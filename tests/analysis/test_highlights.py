from __future__ import annotations

import pytest

from sentiment.analysis.highlights import highlights
from sentiment.comments import Status
from sentiment.labels import LABELS, Label
from tests.analysis.handmade import comment, prediction

READABLE = "a comment of a length that is comfortable to read, number "
LETTERS = ["one", "two", "three", "four", "five"]


def test_most_liked_come_first_and_need_a_like() -> None:
    comments = [comment(f"comment {word}", likes=n) for n, word in enumerate(LETTERS[:4])]
    predictions = [prediction(Label.POSITIVE)] * 4

    assert highlights(comments, predictions).most_liked[Label.POSITIVE] == [3, 2, 1]
    assert highlights(comments, predictions, per_label=1).most_liked[Label.POSITIVE] == [3]
    assert highlights(comments[:1], predictions[:1]).most_liked[Label.POSITIVE] == []


def test_equal_likes_go_to_the_more_probable() -> None:
    comments = [comment(f"comment {word}", likes=5) for word in LETTERS[:3]]
    confidences = [0.6, 0.9, 0.9]
    predictions = [prediction(Label.NEGATIVE, confidence) for confidence in confidences]

    assert highlights(comments, predictions).most_liked[Label.NEGATIVE] == [1, 2, 0]


def test_most_telling_weighs_confidence_against_length() -> None:
    comments = [
        comment("so good indeed"),
        comment(READABLE + "one"),
        comment(READABLE + "two"),
        comment("word " * 400),
        comment("great!"),
    ]
    predictions = [
        prediction(Label.POSITIVE, confidence) for confidence in (0.99, 0.7, 0.8, 0.99, 0.99)
    ]

    assert highlights(comments, predictions, 5).most_telling[Label.POSITIVE] == [2, 1, 0, 3]


def test_no_comment_is_shown_twice() -> None:
    comments = [
        comment(READABLE + "one", likes=9),
        comment(READABLE.upper() + "ONE!!!", likes=8),
        comment(READABLE + "two", likes=0),
        comment(READABLE + "two", likes=0),
    ]

    shown = highlights(comments, [prediction(Label.NEUTRAL)] * 4)

    assert shown.most_liked[Label.NEUTRAL] == [0]
    assert shown.most_telling[Label.NEUTRAL] == [2]


@pytest.mark.parametrize("status", [Status.UNSURE, Status.EMPTY, Status.NOT_ENGLISH])
def test_only_reliable_predictions_are_shown(status: Status) -> None:
    comments = [comment(READABLE + word, likes=3) for word in LETTERS]

    shown = highlights(comments, [prediction(Label.POSITIVE, 0.99, status)] * 5)

    assert shown.most_liked == {label: [] for label in LABELS}
    assert shown.most_telling == {label: [] for label in LABELS}


def test_spam_is_never_shown() -> None:
    comments = [
        comment("Love this so much! Please check out my channel for more of it", likes=900),
        comment("Love this so much, the second verse has me every time", likes=1),
    ]

    shown = highlights(comments, [prediction(Label.POSITIVE)] * 2)

    assert shown.most_liked[Label.POSITIVE] == [1]
    assert shown.most_telling[Label.POSITIVE] == []


def test_a_flood_of_one_text_hides_no_other() -> None:
    comments = [comment(READABLE + "one", likes=50)] * 500 + [comment(READABLE + "two", likes=1)]

    shown = highlights(comments, [prediction(Label.POSITIVE)] * 501)

    assert shown.most_liked[Label.POSITIVE] == [0, 500]


def test_highlights_of_nothing_are_empty() -> None:
    assert highlights([], []).most_liked == {label: [] for label in LABELS}


def test_highlights_refuse_lists_of_different_length() -> None:
    with pytest.raises(ValueError, match="got 0 for 1"):
        highlights([comment()], [])
