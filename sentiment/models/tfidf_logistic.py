"""TF-IDF of word and character n-grams, then logistic regression; all kept as plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sentiment.models.face import LabelledTexts, check_rows, not_fitted
from sentiment.models.linear import LinearHead, fit_head, head_of_arrays
from sentiment.models.options import TfidfOptions
from sentiment.models.saved import Saved, read_saved, write_saved
from sentiment.models.tfidf import TfidfFeatures


class TfidfLogistic:
    """See `SentimentModel`.

    Args:
        options: its settings.
        seed: kept for the common form; neither step knows chance.
    """

    def __init__(self, options: TfidfOptions, *, seed: int) -> None:
        self._options = options
        self._seed = seed
        self._parts: tuple[TfidfFeatures, LinearHead] | None = None

    @property
    def name(self) -> str:
        """See `SentimentModel.name`."""
        return self._options.name

    @property
    def size_bytes(self) -> int:
        """Bytes of the terms, their weights and the regression; see `SentimentModel`."""
        features, head = self._fitted()
        return features.size_bytes + head.size_bytes

    def fit(
        self,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        *,
        validation: LabelledTexts | None = None,  # noqa: ARG002 - of the common face
    ) -> None:
        """See `SentimentModel.fit`; the validation rows are not used."""
        check_rows(texts, labels)
        features = TfidfFeatures.fitted(self._options, texts)
        self._parts = features, fit_head(features.of(texts), labels, self._options)

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """See `SentimentModel.predict_proba`."""
        features, head = self._fitted()
        return head.probabilities(features.of(texts))

    def save(self, folder: Path) -> None:
        """See `SentimentModel.save`."""
        features, head = self._fitted()
        arrays: dict[str, NDArray[Any]] = {**head.arrays(), **features.arrays()}
        saved = Saved(arrays, features.vocabularies())
        write_saved(folder, self._options, seed=self._seed, saved=saved)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """See `SentimentModel.load`."""
        options, seed, saved = read_saved(folder, TfidfOptions)
        model = cls(options, seed=seed)
        features = TfidfFeatures.restored(options, saved)
        model._parts = features, head_of_arrays(saved.arrays, n_features=features.n_features)
        return model

    def _fitted(self) -> tuple[TfidfFeatures, LinearHead]:
        if self._parts is None:
            raise not_fitted(self.name)
        return self._parts
