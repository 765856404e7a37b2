"""Every breach of the data contract is named, not the first alone."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sentiment.errors import ContractError
from sentiment.preparation.contract import COLUMNS, validate

GOOD: tuple[dict[str, Any], ...] = (
    {"id": "1", "source": "a", "text": "fine", "label": 1, "split": "train", "emotions": ()},
    {"id": "2", "source": "a", "text": None, "label": 0, "split": "test", "emotions": (27, 3)},
    {"id": "1", "source": "b", "text": "", "label": 2, "split": "validation", "emotions": ()},
)


def frame_with(**changes: object) -> pd.DataFrame:
    """Return good rows, the second of them changed."""
    first, second, third = (dict(row) for row in GOOD)
    return pd.DataFrame([first, second | changes, third], columns=list(COLUMNS))


def failures_of(frame: pd.DataFrame) -> str:
    with pytest.raises(ContractError) as caught:
        validate(frame)
    return str(caught.value)


def test_validate_takes_good_rows_with_null_and_blank_texts() -> None:
    validate(frame_with())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("label", 3),
        ("label", -1),
        ("split", "dev"),
        ("split", None),
        ("source", ""),
        ("source", None),
        ("id", None),
        ("text", 5),
        ("emotions", (28,)),
        ("emotions", "joy"),
    ],
)
def test_validate_names_row_and_column_of_a_breach(column: str, value: object) -> None:
    said = failures_of(frame_with(**{column: value}))
    assert "row 1 (" in said
    assert f"column '{column}' fails" in said
    assert ("not_nullable" if value is None else f"found {value!r}") in said


def test_validate_lists_all_breaches_at_once() -> None:
    frame = frame_with(label=7, split="dev")
    frame.loc[0, "source"] = ""
    with pytest.raises(ContractError) as caught:
        validate(frame)
    columns = [failure.split("column ")[1].split(" ")[0] for failure in caught.value.failures]
    assert sorted(columns) == ["'label'", "'source'", "'split'"]
    lines = str(caught.value).splitlines()
    assert lines[0] == "3 values break the data contract:"
    assert lines[-1] == "Correct the corpus or its loader."


def test_validate_refuses_a_missing_column() -> None:
    said = failures_of(frame_with().drop(columns="label"))
    assert "'label'" in said
    assert "column_in_dataframe" in said


def test_validate_refuses_an_unknown_column() -> None:
    assert "'author'" in failures_of(frame_with().assign(author="somebody"))


def test_validate_refuses_an_id_that_comes_twice_in_a_source() -> None:
    said = failures_of(frame_with(id="1"))
    assert "row 0 (a/1)" in said
    assert "row 1 (a/1)" in said


def test_validate_refuses_words_for_labels() -> None:
    frame = frame_with().astype({"label": object})
    frame.loc[1, "label"] = "positive"
    assert "column 'label'" in failures_of(frame)


def test_validate_counts_what_it_does_not_list() -> None:
    rows = [dict(GOOD[0], id=str(number), label=9) for number in range(50)]
    with pytest.raises(ContractError) as caught:
        validate(pd.DataFrame(rows, columns=list(COLUMNS)))
    assert caught.value.message == "50 values break the data contract:"
    assert len(caught.value.failures) == 21
    assert caught.value.failures[-1] == "… and 30 more"


def test_validate_refuses_an_empty_table() -> None:
    with pytest.raises(ContractError, match="Wanted labelled comments, found none"):
        validate(pd.DataFrame(columns=list(COLUMNS)))
