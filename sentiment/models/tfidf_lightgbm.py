"""TF-IDF of word and character n-grams, then gradient-boosted trees.

The trees are kept as LightGBM's own text, beside the terms as JSON and their weights as
safetensors: nothing of it is a pickle. Deterministic: one thread, one seed, and LightGBM's own
`deterministic` mode (https://lightgbm.readthedocs.io/en/stable/Parameters.html#deterministic).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import lightgbm
import numpy as np
from numpy.typing import NDArray
from sklearn.utils.class_weight import compute_sample_weight

from sentiment.errors import BundleError
from sentiment.labels import N_CLASSES
from sentiment.models.face import LabelledTexts, check_rows, not_fitted
from sentiment.models.options import LightGbmOptions
from sentiment.models.saved import Saved, read_saved, write_saved
from sentiment.models.tfidf import TfidfFeatures

_TREES_FILE = "trees.txt"
# Several threads wait for each other on a busy machine, and may sum in another order.
_THREADS = 1


class TfidfLightGbm:
    """See `SentimentModel`.

    Args:
        options: its settings.
        seed: of LightGBM.
    """

    def __init__(self, options: LightGbmOptions, *, seed: int) -> None:
        self._options = options
        self._seed = seed
        self._parts: tuple[TfidfFeatures, lightgbm.Booster] | None = None

    @property
    def name(self) -> str:
        """See `SentimentModel.name`."""
        return self._options.name

    @property
    def size_bytes(self) -> int:
        """Bytes of the terms, their weights and the trees as text; see `SentimentModel`."""
        features, trees = self._fitted()
        return features.size_bytes + len(trees.model_to_string().encode())

    def fit(
        self,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        *,
        validation: LabelledTexts | None = None,
    ) -> None:
        """See `SentimentModel.fit`; without validation rows all rounds are run."""
        check_rows(texts, labels)
        features = TfidfFeatures.fitted(self._options, texts)
        training = self._dataset(features, texts, labels)
        watched: dict[str, Any] = {}
        if validation is not None:
            watched["valid_sets"] = [
                self._dataset(features, validation.texts, validation.labels, like=training)
            ]
            watched["callbacks"] = [
                lightgbm.early_stopping(self._options.patience_rounds, verbose=False)
            ]
        grown = lightgbm.train(
            _parameters(self._options, seed=self._seed),
            training,
            num_boost_round=self._options.max_rounds,
            **watched,
        )
        # What is predicted with is what is saved: the text ends with the best round.
        self._parts = features, _read_trees(grown.model_to_string())

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """See `SentimentModel.predict_proba`."""
        features, trees = self._fitted()
        if not len(texts):
            return np.zeros((0, N_CLASSES))
        return np.asarray(trees.predict(features.of(texts), num_threads=_THREADS), dtype=np.float64)

    def save(self, folder: Path) -> None:
        """See `SentimentModel.save`; the trees go into a text file."""
        features, trees = self._fitted()
        write_saved(
            folder,
            self._options,
            seed=self._seed,
            saved=Saved(features.arrays(), features.vocabularies()),
            write_more=lambda partial: _write_trees(partial / _TREES_FILE, trees),
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """See `SentimentModel.load`."""
        options, seed, saved = read_saved(folder, LightGbmOptions)
        model = cls(options, seed=seed)
        features = TfidfFeatures.restored(options, saved)
        try:
            trees = _read_trees((folder / _TREES_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError, lightgbm.basic.LightGBMError) as error:
            raise BundleError(f"{folder / _TREES_FILE} holds no trees: {error}.") from error
        if (trees.num_feature(), trees.num_model_per_iteration()) != (
            features.n_features,
            N_CLASSES,
        ):
            raise BundleError(
                f"Wanted trees over {features.n_features:,} terms for {N_CLASSES} labels, found "
                f"{trees.num_feature():,} and {trees.num_model_per_iteration()} in {folder}."
            )
        model._parts = features, trees
        return model

    def _dataset(
        self,
        features: TfidfFeatures,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        *,
        like: lightgbm.Dataset | None = None,
    ) -> lightgbm.Dataset:
        balanced = self._options.class_weights == "balanced"
        return lightgbm.Dataset(
            features.of(texts),
            label=labels,
            weight=compute_sample_weight("balanced", labels) if balanced else None,
            reference=like,
            params={"verbosity": -1},
        )

    def _fitted(self) -> tuple[TfidfFeatures, lightgbm.Booster]:
        if self._parts is None:
            raise not_fitted(self.name)
        return self._parts


def _parameters(options: LightGbmOptions, *, seed: int) -> dict[str, Any]:
    return {
        "objective": "multiclass",
        "num_class": N_CLASSES,
        "learning_rate": options.learning_rate,
        "num_leaves": options.max_leaves,
        "min_data_in_leaf": options.min_rows_in_leaf,
        "seed": seed,
        "num_threads": _THREADS,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }


def _write_trees(path: Path, trees: lightgbm.Booster) -> None:
    path.write_text(trees.model_to_string(), encoding="utf-8")


def _read_trees(text: str) -> lightgbm.Booster:
    return lightgbm.Booster(model_str=text)
