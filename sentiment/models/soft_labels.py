"""Soft labels: what larger models say of a text, and how a smaller one learns from it.

After Hinton et al. 2015, "Distilling the knowledge in a neural network". Owns the file of soft
labels. It names texts by digest and holds none of them, so it may travel where they may not.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sentiment.errors import TrainingError
from sentiment.files import whole_file
from sentiment.labels import N_CLASSES
from sentiment.textclean import short_digest

if TYPE_CHECKING:
    from datasets import Dataset

TARGET_COLUMN = "targets"
_COLUMNS = ("digest", "negative", "positive")
# A thousandth is far below what two teachers differ by.
_STEPS = 1000
_MIN_SHARE = 0.95

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SoftShare:
    """Of how many texts larger models said something.

    Attributes:
        n_texts: of a corpus.
        n_soft: those among them with a soft label.
    """

    n_texts: int
    n_soft: int


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
    label_only: Collection[str] = (),
) -> tuple[Dataset, dict[str, SoftShare]]:
    """Return what a pupil trains on: texts, labels, and the distribution to come near.

    A labelled row's target is the mean of its label and of its soft one. Cross-entropy is linear
    in the target, so this is the weighted sum of both losses. An unlabelled text has the soft
    label as target, and its likeliest class as label.

    Args:
        labelled: columns text, label and source.
        unlabelled: rows with a text and a source, from corpora whose labels are not used.
        soft_labels: by digest; a labelled row without one keeps its label alone.
        weight: of the soft label in a labelled row's target, in (0, 1].
        label_only: corpora whose labelled rows keep their label, whatever a soft one says.

    Returns:
        The rows, and how many texts of each other corpus have a soft label.

    Raises:
        TrainingError: fewer than half of all texts have a soft label, or of a corpus without
            labels, whose other texts would teach nothing, fewer than 95 of 100.
    """
    import datasets  # noqa: PLC0415 - takes seconds

    texts: list[str] = list(labelled["text"])
    labels: list[int] = list(labelled["label"])
    sources: list[str] = list(labelled["source"])
    targets = [
        _mixed(label, None if source in label_only else soft_labels.get(short_digest(text)), weight)
        for text, label, source in zip(texts, labels, sources, strict=True)
    ]
    rows = list(unlabelled)
    taught = _shares(((row["source"], row["text"]) for row in rows), soft_labels)
    mixed = [row for row in zip(sources, texts, strict=True) if row[0] not in label_only]
    shares = _shares(mixed, soft_labels) | taught
    _check(shares, only_taught=taught)
    found = [
        (row["text"], soft_labels[name])
        for row in rows
        if (name := short_digest(row["text"])) in soft_labels
    ]
    made = datasets.Dataset.from_dict(
        {
            "text": [*texts, *(text for text, _ in found)],
            "label": [*labels, *(int(soft.argmax()) for _, soft in found)],
            TARGET_COLUMN: [*targets, *(soft.tolist() for _, soft in found)],
        }
    )
    return made, shares


def _shares(
    rows: Iterable[tuple[str, str]], soft_labels: Mapping[str, NDArray[np.float64]]
) -> dict[str, SoftShare]:
    """Count a text once, however often it is repeated."""
    by_source: dict[str, set[str]] = {}
    for source, text in rows:
        by_source.setdefault(source, set()).add(short_digest(text))
    return {
        source: SoftShare(len(names), len(names & soft_labels.keys()))
        for source, names in by_source.items()
    }


def _check(shares: Mapping[str, SoftShare], *, only_taught: Collection[str]) -> None:
    n_texts = sum(share.n_texts for share in shares.values())
    n_soft = sum(share.n_soft for share in shares.values())
    hint = "They are of other corpora or of another cleaner: make them anew with `sentiment teach`."
    if n_soft < n_texts / 2:
        raise TrainingError(
            f"Wanted a soft label for each of {n_texts:,} texts, found {n_soft:,}.", hint=hint
        )
    for source, share in shares.items():
        if share.n_soft >= _MIN_SHARE * share.n_texts:
            continue
        said = f"{share.n_soft:,} of {share.n_texts:,} texts of {source} have a soft label"
        if source in only_taught:
            raise TrainingError(f"Only {said}, and the others have no label.", hint=hint)
        _log.warning("%s: the others are learned by their own label alone", said)


def _mixed(label: int, soft: NDArray[np.float64] | None, weight: float) -> list[float]:
    hard = np.eye(N_CLASSES)[label]
    mixed: list[float] = (hard if soft is None else (1 - weight) * hard + weight * soft).tolist()
    return mixed
