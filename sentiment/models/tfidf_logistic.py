"""TF-IDF of word and character n-grams, then logistic regression; all kept as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from sentiment.errors import BundleError, TrainingError
from sentiment.models.face import LabelledTexts, check_rows, not_fitted
from sentiment.models.linear import LinearHead, fit_head, head_of_arrays
from sentiment.models.options import TfidfOptions
from sentiment.models.preprocessing import WORD_PATTERN, preprocess
from sentiment.models.saved import Saved, read_saved, write_saved

_WORDS, _CHARACTERS = "words", "characters"


class TfidfLogistic:
    """See `SentimentModel`.

    Args:
        options: its settings.
        seed: kept for the common form; neither step knows chance.
    """

    def __init__(self, options: TfidfOptions, *, seed: int) -> None:
        self._options = options
        self._seed = seed
        self._vectorizers: dict[str, TfidfVectorizer] = {}
        self._head: LinearHead | None = None

    @property
    def name(self) -> str:
        """See `SentimentModel.name`."""
        return self._options.name

    @property
    def size_bytes(self) -> int:
        """Bytes of the terms, their weights and the regression; see `SentimentModel`."""
        head = self._fitted()
        terms = [term for part in self._vectorizers.values() for term in part.vocabulary_]
        return head.size_bytes + sum(len(term.encode()) + 4 for term in terms)

    def fit(
        self,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        *,
        validation: LabelledTexts | None = None,  # noqa: ARG002 - of the common face
    ) -> None:
        """See `SentimentModel.fit`; the validation rows are not used."""
        check_rows(texts, labels)
        prepared = preprocess(texts, self._options.text)
        vectorizers = _make_vectorizers(self._options)
        try:
            for vectorizer in vectorizers.values():
                vectorizer.fit(prepared)
        except ValueError as error:
            raise TrainingError(
                f"The texts give {self.name} no terms: {error}.",
                hint="Lower min_documents, or add texts.",
            ) from error
        self._vectorizers = vectorizers
        self._head = fit_head(self._features(prepared), labels, self._options)

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """See `SentimentModel.predict_proba`."""
        head = self._fitted()
        return head.probabilities(self._features(preprocess(texts, self._options.text)))

    def save(self, folder: Path) -> None:
        """See `SentimentModel.save`."""
        arrays: dict[str, NDArray[Any]] = dict(self._fitted().arrays())
        vocabularies = {}
        for name, vectorizer in self._vectorizers.items():
            vocabularies[name] = list(vectorizer.get_feature_names_out())
            arrays[f"{name}_idf"] = vectorizer.idf_.astype(np.float32)
        write_saved(folder, self._options, seed=self._seed, saved=Saved(arrays, vocabularies))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """See `SentimentModel.load`."""
        options, seed, saved = read_saved(folder, TfidfOptions)
        model = cls(options, seed=seed)
        model._vectorizers = _restore_vectorizers(options, saved)
        n_features = sum(len(part.vocabulary_) for part in model._vectorizers.values())
        model._head = head_of_arrays(saved.arrays, n_features=n_features)
        return model

    def _fitted(self) -> LinearHead:
        if self._head is None:
            raise not_fitted(self.name)
        return self._head

    def _features(self, prepared: Sequence[str]) -> Any:  # noqa: ANN401 - a sparse matrix
        parts = [part.transform(prepared) for part in self._vectorizers.values()]
        return hstack(parts, format="csr", dtype=np.float32)


def _make_vectorizers(
    options: TfidfOptions, vocabularies: Mapping[str, list[str]] | None = None
) -> dict[str, TfidfVectorizer]:
    """Return a vectoriser for each kind of n-gram that the options want."""
    families = {
        _WORDS: (options.word_ngrams, {"analyzer": "word", "token_pattern": WORD_PATTERN}),
        _CHARACTERS: (options.character_ngrams, {"analyzer": "char_wb"}),
    }
    return {
        name: TfidfVectorizer(
            ngram_range=tuple(sizes),
            lowercase=False,
            min_df=options.min_documents,
            max_features=options.max_features,
            sublinear_tf=True,
            dtype=np.float32,
            vocabulary=None if vocabularies is None else vocabularies[name],
            **analysis,
        )
        for name, (sizes, analysis) in families.items()
        if sizes is not None
    }


def _restore_vectorizers(options: TfidfOptions, saved: Saved) -> dict[str, TfidfVectorizer]:
    try:
        vectorizers = _make_vectorizers(options, saved.vocabularies)
        for name, vectorizer in vectorizers.items():
            vectorizer.idf_ = saved.arrays[f"{name}_idf"]
    except (KeyError, ValueError) as error:
        raise BundleError(f"The terms of {options.name} are incomplete: {error}.") from error
    return vectorizers
