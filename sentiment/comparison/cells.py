"""One model on one fold: measured once, kept whole, taken up again after a kill.

A cell's folder appears by one rename when all of it is written. It counts only where model,
seed, rows and folds are the same; anything else is measured anew.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentiment.comparison.rows import ComparedRows
from sentiment.files import digests_of_files, whole_directory, write_json
from sentiment.labels import N_CLASSES
from sentiment.models.catalogue import make_model
from sentiment.models.options import (
    EmbeddingsOptions,
    FineTunedOptions,
    ModelOptions,
    ZeroShotOptions,
)
from sentiment.textclean import CLEANER_VERSION

_FACTS_FILE, _PROBABILITIES_FILE = "cell.json", "probabilities.npy"
# Raised whenever the same options would now give another model.
_METHOD_VERSION = 1


@dataclass(frozen=True, slots=True)
class CellFacts:
    """What a cell cost.

    Attributes:
        fingerprint: of all that it depends on.
        fit_s: seconds of learning.
        predict_s: seconds of predicting the held-out rows.
        size_bytes: see `SentimentModel.size_bytes`.
        n_train: rows learnt from.
    """

    fingerprint: str
    fit_s: float
    predict_s: float
    size_bytes: int
    n_train: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A measured cell.

    Attributes:
        facts: what it cost.
        probabilities: of the fold's held-out rows in their order, shape (n, 3).
        was_kept: whether an earlier run had measured it.
    """

    facts: CellFacts
    probabilities: NDArray[np.float64]
    was_kept: bool


def fingerprint_of(options: ModelOptions, *, seed: int, rows_digest: str, fold: int) -> str:
    """Return what must be equal for a kept cell to count."""
    depends_on = {
        "method": _METHOD_VERSION,
        "cleaner": CLEANER_VERSION,
        "options": options.model_dump(mode="json", exclude={"name", "enabled"}),
        "seed": seed,
        "rows": rows_digest,
        "fold": fold,
    }
    if base := _digests_of_base(options):
        depends_on["base"] = base
    return hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()


def _digests_of_base(options: ModelOptions) -> dict[str, str]:
    """Return what the files of a local base model are; empty where there is none."""
    if isinstance(options, FineTunedOptions):
        return digests_of_files(Path(options.model.base))
    if isinstance(options, EmbeddingsOptions | ZeroShotOptions):
        return digests_of_files(Path(options.base))
    return {}


def measure_cell(
    options: ModelOptions,
    rows: ComparedRows,
    *,
    fold: int,
    seed: int,
    fingerprint: str,
    folder: Path,
) -> Cell:
    """Return a kept cell, or measure it and keep it.

    Args:
        options: of the model.
        rows: of the comparison.
        fold: number of the fold that is held out.
        seed: of the model.
        fingerprint: see `fingerprint_of`.
        folder: where the cell is kept.

    Raises:
        TrainingError: the model can't learn from the rows.
        ModelUnavailableError: its base is nowhere to be had.
        OutOfSpaceError: the disk is full.
    """
    kept = _read(folder, fingerprint, n_rows=int((rows.folds == fold).sum()))
    if kept is not None:
        return kept
    of_fold = rows.fold(fold)
    texts = [rows.texts[place] for place in of_fold.held_out]
    model = make_model(options, seed=seed)
    started = time.perf_counter()
    model.fit(of_fold.train.texts, of_fold.train.labels, validation=of_fold.validation)
    fitted = time.perf_counter()
    probabilities = model.predict_proba(texts)
    predicted = time.perf_counter()
    facts = CellFacts(
        fingerprint=fingerprint,
        fit_s=fitted - started,
        predict_s=predicted - fitted,
        size_bytes=model.size_bytes,
        n_train=len(of_fold.train.texts),
    )
    with whole_directory(folder) as partial:
        np.save(partial / _PROBABILITIES_FILE, probabilities, allow_pickle=False)
        write_json(partial / _FACTS_FILE, asdict(facts))
    return Cell(facts, probabilities, was_kept=False)


def _read(folder: Path, fingerprint: str, *, n_rows: int) -> Cell | None:
    """Return a kept cell; None where there is none, or one of something else."""
    try:
        facts = CellFacts(**json.loads((folder / _FACTS_FILE).read_text(encoding="utf-8")))
        probabilities = np.load(folder / _PROBABILITIES_FILE, allow_pickle=False)
    except (OSError, ValueError, TypeError):
        return None
    if facts.fingerprint != fingerprint or probabilities.shape != (n_rows, N_CLASSES):
        return None
    return Cell(facts, probabilities, was_kept=True)
