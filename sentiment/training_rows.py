"""The rows that are trained on: prepared where they are missing, read, repeated and taught."""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from sentiment.config import RAW_DIR, PipelineConfig
from sentiment.errors import TrainingError

if TYPE_CHECKING:
    from datasets import Dataset

    from sentiment.models.soft_labels import SoftShare

_log = logging.getLogger(__name__)


def prepared_folder(config: PipelineConfig, *, may_prepare: bool = True) -> Path:
    """Return the folder of a configuration's splits, made first where missing or stale.

    Args:
        config: names the folder and what belongs into it.
        may_prepare: whether this process makes them; of several one does.

    Raises:
        DataError: they have to be prepared and can't be.
    """
    from sentiment.preparation.prepare import is_prepared, prepare  # noqa: PLC0415

    if may_prepare and not is_prepared(config, raw_dir=RAW_DIR):
        _log.warning("%s is missing or stale: preparing it", config.processed_dir)
        prepare(config, raw_dir=RAW_DIR)
    return config.processed_dir


def read_split(folder: Path, name: str, *, columns: Collection[str] = ("text", "label")) -> Dataset:
    """Return one file of prepared rows.

    Args:
        folder: of `sentiment prepare`.
        name: such as `train`.
        columns: must be there.

    Raises:
        TrainingError: it is missing, or lacks a column.
    """
    import datasets  # noqa: PLC0415 - takes seconds
    import pyarrow.parquet as pq  # noqa: PLC0415 - likewise

    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise TrainingError(
            f"Wanted the {name} split at {path}, found no such file.",
            hint="Run `sentiment prepare --config …` first.",
        )
    # Not `from_parquet`: it, and each `map` after it, leave copies of viewers' comments in the
    # cache of Hugging Face, which nobody clears.
    split = datasets.Dataset(pq.read_table(path, partitioning=None))
    missing = set(columns) - set(split.column_names)
    if missing:
        raise TrainingError(
            f"{path} lacks {', '.join(sorted(missing))}; it has {', '.join(split.column_names)}."
        )
    return split


def training_split(config: PipelineConfig, folder: Path) -> tuple[Dataset, dict[str, SoftShare]]:
    """Return the rows to train on, repeated and taught as configured.

    Args:
        config: what is repeated, and what larger models said.
        folder: of `sentiment prepare`.

    Returns:
        The rows, with those that have soft labels alone; and by corpus how many texts have one.

    Raises:
        TrainingError: rows or soft labels can't be read.
    """
    from sentiment.models.repeats import with_repeats  # noqa: PLC0415

    split = with_repeats(read_split(folder, "train"), config.training.repeats)
    if config.teaching is None:
        return split, {}
    from sentiment.models.soft_labels import read_soft_labels, with_targets  # noqa: PLC0415

    # Where no texts alone are taught the file is empty, or was never prepared.
    taught = config.taught_corpora
    unlabelled = read_split(folder, "unlabelled", columns={"source", "text"}) if taught else ()
    return with_targets(
        split,
        unlabelled,
        soft_labels=read_soft_labels(Path(config.teaching.soft_labels)),
        weight=config.teaching.weight,
        label_only=config.teaching.label_only,
    )
