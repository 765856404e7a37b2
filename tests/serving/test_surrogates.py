from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.serving.surrogates import repair_surrogates


@pytest.mark.parametrize(
    ("body", "repaired"),
    [
        (rb'{"texts": ["a \ud83d"]}', {"texts": ["a "]}),
        (rb'{"texts": ["\udc00\ud83d", "\ud83d\ude00"]}', {"texts": ["", "😀"]}),
        (rb'{"\ud800": 1}', {"": 1}),
    ],
)
def test_repair_drops_lone_surrogates_only(body: bytes, repaired: object) -> None:
    assert json.loads(repair_surrogates(body)) == repaired


@pytest.mark.parametrize(
    "body",
    [b"", b'{"a": "\\u0041"}', b'"\\ud800', b"\xff\\ud800", b"[" * 100_000 + b'"\\ud800"'],
)
def test_repair_leaves_what_it_can_not_read(body: bytes) -> None:
    assert repair_surrogates(body) == body


def _surrogates() -> Iterator[str]:
    yield from ("\ud800", "\udbff", "\udc00", "\udfff", "\U0001f600", "é", '"', "\\", "\x00")


@given(st.lists(st.text(st.sampled_from([*_surrogates()]))))
def test_repaired_bodies_are_utf8_and_hold_the_rest(texts: list[str]) -> None:
    body = json.dumps({"texts": texts}).encode()
    found = json.loads(repair_surrogates(body).decode("utf-8"))["texts"]
    # A high half before a low half is one character once it is escaped.
    wanted = [text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore") for text in texts]
    assert found == wanted
