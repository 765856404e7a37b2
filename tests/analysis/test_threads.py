from __future__ import annotations

import pytest

from sentiment.analysis.summary import summarise
from sentiment.analysis.threads import compare
from sentiment.comments import Status
from sentiment.labels import Label
from tests.analysis.handmade import comment, prediction

GOOD = prediction(Label.POSITIVE)
BAD = prediction(Label.NEGATIVE)
BLANK = prediction(Label.NEUTRAL, status=Status.EMPTY)


def test_compare_sets_replies_apart_from_what_they_answer() -> None:
    comments = [comment(), comment(parent="p"), comment(parent="p"), comment()]

    compared = compare(comments, [GOOD, BAD, BLANK, GOOD])

    assert compared.top_level == summarise([GOOD, GOOD])
    assert compared.replies == summarise([BAD, BLANK])


def test_compare_without_replies_has_no_numbers_for_them() -> None:
    compared = compare([comment()], [GOOD])

    assert (compared.replies.analysed, compared.replies.score) == (0, None)


def test_compare_refuses_lists_of_different_length() -> None:
    with pytest.raises(ValueError, match="longer"):
        compare([], [GOOD])
