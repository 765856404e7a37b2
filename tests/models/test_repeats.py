from __future__ import annotations

import datasets

from sentiment.models.repeats import with_repeats


def test_rows_of_a_corpus_stand_as_often_as_wanted() -> None:
    split = datasets.Dataset.from_dict(
        {"source": ["goemotions", "feedback", "goemotions"], "text": ["a", "b", "c"]}
    )
    assert list(with_repeats(split, {"feedback": 3})["text"]) == ["a", "b", "b", "b", "c"]
    assert with_repeats(split, {}) is split
