"""The corrections that no model is trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sentiment.corpora.feedback import FEEDBACK
from sentiment.corpora.split import VALIDATION
from sentiment.evaluation.labelled_sets import LabelledSet


def held_back_corrections(processed_dir: Path) -> LabelledSet:
    """Read the validation rows of the corpus `feedback`, without the copies in other corpora.

    A text keeps its split for ever, so they were held back from every model before too.

    Args:
        processed_dir: of `sentiment prepare`.

    Returns:
        Cleaned texts; there may be none.
    """
    import pandas as pd  # noqa: PLC0415 - takes seconds

    frame = pd.read_parquet(processed_dir / f"{VALIDATION}.parquet")
    rows = frame[frame["source"] == FEEDBACK.name]
    return LabelledSet(
        name=FEEDBACK.name,
        split=VALIDATION,
        labeller=FEEDBACK.labeller,
        human_labelled=FEEDBACK.human_labelled,
        caution=FEEDBACK.caution,
        texts=tuple(rows["text"]),
        labels=rows["label"].to_numpy(dtype=np.int64),
    )
