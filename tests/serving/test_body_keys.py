"""Keys are counted without parsing, never too few, and texts are seldom taken for them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.serving.body_keys import has_more_keys

_TEXTS = st.text(st.sampled_from('a":\\ \n[]{},😀'), max_size=9)
_DOCUMENTS = st.recursive(
    st.none() | st.integers() | _TEXTS,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(_TEXTS, parts, max_size=3),
    max_leaves=20,
)


def _n_keys(document: Any) -> int:
    if isinstance(document, dict):
        return len(document) + sum(map(_n_keys, document.values()))
    return sum(map(_n_keys, document)) if isinstance(document, list) else 0


def _n_texts(document: Any) -> int:
    if isinstance(document, str):
        return 1
    parts = document.values() if isinstance(document, dict) else document
    return sum(map(_n_texts, parts)) if isinstance(document, dict | list) else 0


@given(_DOCUMENTS, st.sampled_from([None, 2]), st.booleans())
def test_a_body_with_more_keys_is_always_found(
    document: object, indent: int | None, is_ascii: bool
) -> None:
    body = json.dumps(document, indent=indent, ensure_ascii=is_ascii).encode()
    n_keys = _n_keys(document)
    if n_keys:
        assert has_more_keys(body, than=n_keys - 1)
    # A key may begin with a colon as a text may.
    assert not has_more_keys(body, than=2 * n_keys + _n_texts(document))


@pytest.mark.parametrize("text", [":)", ': "a": \\', '{"a": "b"}' * 900, '\\":' * 3_000, '"' * 90])
def test_what_a_thousand_texts_may_hold_is_not_taken_for_ten_thousand_keys(text: str) -> None:
    assert not has_more_keys(json.dumps({"texts": [text] * 1_000}).encode(), than=10_000)


@pytest.mark.parametrize("body", [b"", b'":' * 3, b"\xff" * 9 + b"::::"])
def test_what_is_no_json_is_left_to_the_parser(body: bytes) -> None:
    assert not has_more_keys(body, than=3)
