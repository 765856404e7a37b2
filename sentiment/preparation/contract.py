"""The contract of labelled data, checked with pandera; every failure is listed, not the first."""

from __future__ import annotations

import pandas as pd
import pandera.errors
import pandera.pandas as pa

from sentiment.corpora.goemotions import EMOTIONS
from sentiment.corpora.split import SPLITS
from sentiment.errors import ContractError
from sentiment.labels import N_CLASSES

COLUMNS = ("id", "source", "text", "label", "split", "emotions")
_MAX_LISTED = 20


def _are_emotions(value: object) -> bool:
    return isinstance(value, tuple) and all(index in range(len(EMOTIONS)) for index in value)


_CONTRACT = pa.DataFrameSchema(
    {
        "id": pa.Column(str, nullable=False),
        "source": pa.Column(str, pa.Check.str_length(min_value=1), nullable=False),
        # Blank and absent texts occur in real corpora: `prepare` drops and counts them.
        "text": pa.Column(str, nullable=True),
        "label": pa.Column(int, pa.Check.isin(range(N_CLASSES)), nullable=False),
        "split": pa.Column(str, pa.Check.isin(SPLITS), nullable=False),
        "emotions": pa.Column(object, pa.Check(_are_emotions, element_wise=True), nullable=False),
    },
    unique=["source", "id"],
    strict=True,
)


def validate(frame: pd.DataFrame) -> None:
    """Check labelled rows against the contract.

    Args:
        frame: columns `COLUMNS`; label as class index 0..2.

    Raises:
        ContractError: at least one row breaks it; all failures are listed by row, at most 20 in
            words. An empty frame breaks it too.
    """
    if frame.empty:
        raise ContractError("Wanted labelled comments, found none.", hint="Check the corpora.")
    try:
        _CONTRACT.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        failures = [_describe(case, frame) for case in cases.head(_MAX_LISTED).to_dict("records")]
        if len(cases) > _MAX_LISTED:
            failures.append(f"… and {len(cases) - _MAX_LISTED} more")
        raise ContractError(
            f"{len(cases)} values break the data contract:",
            failures=failures,
            hint="Correct the corpus or its loader.",
        ) from None


def _describe(case: dict[object, object], frame: pd.DataFrame) -> str:
    index = case["index"]
    where = "the table"
    if isinstance(index, int) and index in frame.index:
        row = frame.loc[index]
        where = f"row {index} ({row.get('source')}/{row.get('id')})"
    return (
        f"{where}: column {case['column']!r} fails {case['check']}, found {case['failure_case']!r}"
    )
