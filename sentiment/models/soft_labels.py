"""Soft labels: what larger models say of a text, and how a smaller one learns from it.

After Hinton et al. 2015, "Distilling the knowledge in a neural network". Owns the file of soft
labels. It names texts by digest and holds none of them, so it may travel where they may not.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sentiment.errors import TrainingError
from sentiment.files import whole_file
from sentiment.labels import N_CLASSES

if TYPE_CHECKING:
    from datasets import Dataset

TARGET_COLUMN = "targets"
_COLUMNS = ("digest", "negative", "positive")
# 48 bits: two of a million texts share a digest with a chance of 1 in 560.
_DIGEST_CHARACTERS = 12
# A thousandth is far below what two teachers differ by.
_STEPS = 1000


def digest_of_text(text: str) -> str:
    """Return the name of a cleaned text in a file of soft labels."""
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_CHARACTERS]


def write_soft_labels(path: Path, soft_labels: Mapping[str, NDArray[np.float64]]) -> None:
    """Write probabilities by digest, rounded to thousandths, whole or not at all.

    Args:
        path: a CSV; its rows are sorted, so that equal content gives equal bytes.
        soft_labels: digest -> probabilities of the three classes, shape (3,).

    Raises:
        OutOfSpaceError: the disk is full.
    """
    with whole_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for digest in sorted(soft_labels):
            negative, _, positive = (round(float(p) * _STEPS) for p in soft_labels[digest])
            writer.writerow((digest, negative, min(positive, _STEPS - negative)))


def read_soft_labels(path: Path) -> dict[str, NDArray[np.float64]]:
    """Read a file that `write_soft_labels` wrote.

    Raises:
        TrainingError: it can't be read, or is no such file.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            if tuple(next(rows, ())) != _COLUMNS:
                raise TrainingError(f"{path} holds no soft labels: wanted {','.join(_COLUMNS)}.")
            return {digest: _probabilities(int(low), int(high)) for digest, low, high in rows}
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"The soft labels at {path} can't be read: {error}",
            hint="Make them with `sentiment teach --config … --checkpoint …`.",
        ) from error


def _probabilities(negative: int, positive: int) -> NDArray[np.float64]:
    if not 0 <= negative <= negative + positive <= _STEPS:
        raise ValueError(f"wanted thousandths, found {negative} and {positive}")
    return np.array([negative, _STEPS - negative - positive, positive]) / _STEPS


def with_targets(
    labelled: Dataset,
    unlabelled: Iterable[Mapping[str, Any]],
    *,
    soft_labels: Mapping[str, NDArray[np.float64]],
    weight: float,
) -> Dataset:
    """Return what a pupil trains on: texts, labels, and the distribution to come near.

    A labelled row's target is the mean of its label and of its soft one. Cross-entropy is linear
    in the target, so this is the weighted sum of both losses. An unlabelled text has the soft
    label as target, and its likeliest class as label.

    Args:
        labelled: columns text and label.
        unlabelled: rows with a text, from corpora whose labels are not used.
        soft_labels: by digest; a labelled row without one keeps its label alone.
        weight: of the soft label in a labelled row's target, in (0, 1].

    Raises:
        TrainingError: fewer than half of all texts have a soft label.
    """
    import datasets  # noqa: PLC0415 - takes seconds

    texts: list[str] = list(labelled["text"])
    labels: list[int] = list(labelled["label"])
    targets = [
        _mixed(label, soft_labels.get(digest_of_text(text)), weight)
        for text, label in zip(texts, labels, strict=True)
    ]
    wanted = [row["text"] for row in unlabelled]
    found = [
        (text, soft_labels[name])
        for text in wanted
        if (name := digest_of_text(text)) in soft_labels
    ]
    n_soft = len(found) + sum(digest_of_text(text) in soft_labels for text in texts)
    n_texts = len(texts) + len(wanted)
    if n_soft < n_texts / 2:
        raise TrainingError(
            f"Wanted a soft label for each of {n_texts:,} texts, found {n_soft:,}.",
            hint="They are of other corpora or of another cleaner: make them anew with "
            "`sentiment teach`.",
        )
    return datasets.Dataset.from_dict(
        {
            "text": [*texts, *(text for text, _ in found)],
            "label": [*labels, *(int(soft.argmax()) for _, soft in found)],
            TARGET_COLUMN: [*targets, *(soft.tolist() for _, soft in found)],
        }
    )


def _mixed(label: int, soft: NDArray[np.float64] | None, weight: float) -> list[float]:
    hard = np.eye(N_CLASSES)[label]
    mixed: list[float] = (hard if soft is None else (1 - weight) * hard + weight * soft).tolist()
    return mixed
