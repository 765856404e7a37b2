"""The one face of all models that a comparison knows, and what every implementation checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from sentiment.errors import InferenceError, TrainingError
from sentiment.labels import LABEL_NAMES, N_CLASSES


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """Texts with their labels.

    Attributes:
        texts: raw texts.
        labels: class indexes 0..2, shape (n_texts,).
    """

    texts: Sequence[str]
    labels: NDArray[np.int64]


class SentimentModel(Protocol):
    """A way of telling negative, neutral and positive texts apart."""

    @property
    def name(self) -> str:
        """As its options name it."""
        ...

    @property
    def size_bytes(self) -> int:
        """What must be shipped to predict: parameters and vocabulary, a frozen base included.

        Raises:
            InferenceError: it was not fitted.
        """
        ...

    def fit(
        self,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        *,
        validation: LabelledTexts | None = None,
    ) -> None:
        """Learn from labelled texts; the same seed and rows give the same model.

        Args:
            texts: raw texts.
            labels: class indexes 0..2, shape (n_texts,).
            validation: rows that only decide when to stop; most models ignore them.

        Raises:
            TrainingError: the rows can't be learnt from.
        """
        ...

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return probabilities of shape (n_texts, 3), in the order of `LABELS`.

        Raises:
            InferenceError: it was not fitted.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write the model as JSON, safetensors or plain text, whole or not at all.

        Raises:
            InferenceError: it was not fitted.
            OutOfSpaceError: the disk is full.
        """
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            BundleError: the folder is corrupt or holds something else.
            ModelUnavailableError: a frozen base that it needs is nowhere to be had.
        """
        ...


def check_rows(texts: Sequence[str], labels: NDArray[np.int64]) -> None:
    """Refuse rows that no model can learn three labels from.

    Raises:
        TrainingError: texts and labels differ in number, or a label is unknown or missing.
    """
    if labels.shape != (len(texts),):
        raise TrainingError(
            f"Wanted one label a text, found {len(texts):,} texts and labels of shape "
            f"{labels.shape}."
        )
    found = set(np.unique(labels).tolist())
    if found != set(range(N_CLASSES)):
        raise TrainingError(
            f"Wanted rows of each label ({', '.join(LABEL_NAMES)} as 0..{N_CLASSES - 1}), found "
            f"the class indexes {sorted(found)}.",
            hint="Add rows of the missing label.",
        )


def not_fitted(name: str) -> InferenceError:
    """Return the error of a model that is asked before it has learnt."""
    return InferenceError(f"The model {name} was not fitted.", hint="Call fit, or load a folder.")


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities over the last axis."""
    shifted: NDArray[np.float64] = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float64] = shifted / shifted.sum(axis=-1, keepdims=True)
    return probabilities
