"""A text's split depends on the text alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.corpora.reddit import REDDIT
from sentiment.corpora.split import SPLITS, TEST, TRAIN, VALIDATION, split_of
from sentiment.corpora.synthetic import generate
from sentiment.labels import LABELS, Label

any_text = st.text(st.characters(exclude_categories=()), max_size=100)


@given(any_text)
def test_split_of_takes_any_text_and_never_changes_its_mind(text: str) -> None:
    assert split_of(text) in SPLITS
    assert split_of(text) == split_of(text)


@given(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=30))
def test_split_of_puts_copies_together(text: str) -> None:
    wanted = split_of(text)
    for copy in (text.upper(), f"  {text}!!!", f"<b>{text}</b>", f"{text}...\n", f"({text})"):
        assert split_of(copy) == wanted


def test_split_of_is_the_same_for_ever() -> None:
    # Computed once: a change here would move rows that models were tested on into training.
    texts = [f"comment number {number}" for number in range(24)]
    letters = "".join(split_of(text)[:2] for text in texts)
    assert letters == "trtetrtevatrtrtrtetrtrtrtrvavatrtrtetrtrvatrvatr"


def check_shares(labelled: Sequence[tuple[str, Label]]) -> None:
    splits = [split_of(text) for text, _ in labelled]
    counts = Counter(splits)
    assert counts[TEST] / len(splits) == pytest.approx(0.1, abs=0.015)
    assert counts[VALIDATION] / len(splits) == pytest.approx(0.1, abs=0.015)
    assert counts[TRAIN] / len(splits) == pytest.approx(0.8, abs=0.02)
    for label in LABELS:
        marks = [found is label for _, found in labelled]
        share = sum(marks) / len(marks)
        for split in SPLITS:
            inside = [mark for mark, found in zip(marks, splits, strict=True) if found == split]
            assert sum(inside) / len(inside) == pytest.approx(share, abs=0.05)


def test_shares_and_labels_are_even_on_made_up_text() -> None:
    # Repeated texts would lie together: only distinct ones are counted.
    comments = {comment.text: comment.label for comment in generate(15_000, seed=1)}
    check_shares(list(comments.items()))


def test_shares_and_labels_are_even_on_real_text(shared_dir: Path) -> None:
    rows = list(REDDIT.parse(shared_dir / "data/reddit"))[::5]
    check_shares([(row.text, row.label) for row in rows if row.text and row.text.strip()])


def test_adding_rows_moves_no_old_one() -> None:
    texts = [comment.text for comment in generate(600, seed=2)]
    alone = [split_of(text) for text in texts[:300]]
    among_others = [split_of(text) for text in texts]
    assert among_others[:300] == alone
