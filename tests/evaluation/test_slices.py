from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.evaluation.slices import (
    REPLY,
    default_slices,
    describe_slices,
    rows_by_slice,
    slice_rows,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("first!", {"short"}),
        ("", {"short"}),
        ("I love this so much today 😍", {"emoji"}),
        ("not bad", {"short", "negation"}),
        ("it doesn't work", {"short", "negation"}),
        ("i dont like it", {"short", "negation"}),
        ("it can’t be", {"short", "negation"}),
        ("nothing to knot, notable", {"short", "negation"}),
        ("notable knots", {"short"}),
        ("THIS IS great", {"short", "capitals"}),
        ("I am OK", {"short"}),
        ("这个视频很好", {"short", "not English"}),
        ("oh great, again that advert which nobody wants", {"sarcasm mark", "negation"}),
        ("what a lovely way to lose a whole day /s", {"sarcasm mark"}),
        ("hiking/surfing and the other/same things he does", set()),
        ("@someone is this the same place as before?", {"answer", "question"}),
        ("the best part begins at 12:34 i think", {"time stamp"}),
        ("das ist leider ein sehr langweiliges und schlechtes Video", {"not English"}),
        ("sooo good", {"short", "elongation"}),
        ("1000 likes!!!", {"short"}),
        ("why?", {"short", "question"}),
        ("word " * 30, {"long"}),
    ],
)
def test_slices_hold_what_they_say(text: str, names: set[str]) -> None:
    found = {name for name, rows in slice_rows([text], default_slices()).items() if rows}
    assert found == names


def test_slice_rows_keep_the_order_and_every_name() -> None:
    rows = slice_rows(["why?", "fine", "who?"], default_slices())
    assert rows["question"] == [0, 2]
    assert rows["emoji"] == []
    assert list(rows) == [part.name for part in default_slices()]


@given(st.text())
def test_slices_take_any_text(text: str) -> None:
    for rows in slice_rows([text], default_slices()).values():
        assert rows in ([], [0])


def test_replies_are_what_the_corpus_says() -> None:
    rows = rows_by_slice(["a", "@b c", "d"], replies=[False, False, True])
    assert (rows[REPLY], rows["answer"]) == ([2], [1])
    assert REPLY not in rows_by_slice(["a"])
    assert set(rows) == set(describe_slices())


def test_the_gate_does_not_judge_what_the_model_claims_nothing_about() -> None:
    names = set(rows_by_slice(["a"], judged_only=True))
    assert "not English" not in names
    assert {"negation", "emoji", "answer"} <= names
