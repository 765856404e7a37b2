"""TF-IDF of word and character n-grams, kept as plain words and numbers: no pickle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from sentiment.errors import BundleError, TrainingError
from sentiment.models.options import NgramOptions
from sentiment.models.preprocessing import WORD_PATTERN, preprocess
from sentiment.models.saved import Saved, Vocabularies

_WORDS, _CHARACTERS = "words", "characters"


class TfidfFeatures:
    """The terms of some texts with their weights.

    Args:
        options: which n-grams, of which form of a text.
        vectorizers: fitted ones, by the kind of their n-grams.
    """

    def __init__(self, options: NgramOptions, vectorizers: Mapping[str, TfidfVectorizer]) -> None:
        self._options = options
        self._vectorizers = vectorizers

    @classmethod
    def fitted(cls, options: NgramOptions, texts: Sequence[str]) -> Self:
        """Return the terms of raw texts.

        Raises:
            TrainingError: the texts have none that is frequent enough.
        """
        prepared = preprocess(texts, options.text)
        vectorizers = _make_vectorizers(options)
        try:
            for vectorizer in vectorizers.values():
                vectorizer.fit(prepared)
        except ValueError as error:
            raise TrainingError(
                f"The texts give {options.name} no terms: {error}.",
                hint="Lower min_documents, or add texts.",
            ) from error
        return cls(options, vectorizers)

    @classmethod
    def restored(cls, options: NgramOptions, saved: Saved) -> Self:
        """Return the terms that `arrays` and `vocabularies` gave.

        Raises:
            BundleError: some are missing, or have no weight.
        """
        try:
            vectorizers = _make_vectorizers(options, saved.vocabularies)
            for name, vectorizer in vectorizers.items():
                vectorizer.idf_ = saved.arrays[f"{name}_idf"]
        except (KeyError, ValueError) as error:
            raise BundleError(f"The terms of {options.name} are incomplete: {error}.") from error
        return cls(options, vectorizers)

    @property
    def n_features(self) -> int:
        """How many terms there are."""
        return sum(len(part.vocabulary_) for part in self._vectorizers.values())

    @property
    def size_bytes(self) -> int:
        """Bytes of the terms in UTF-8 and of a float32 weight each."""
        terms = [term for part in self._vectorizers.values() for term in part.vocabulary_]
        return sum(len(term.encode()) + 4 for term in terms)

    def of(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - a sparse matrix
        """Return float32 features of raw texts: sparse, shape (n_texts, n_features)."""
        prepared = preprocess(texts, self._options.text)
        parts = [part.transform(prepared) for part in self._vectorizers.values()]
        return hstack(parts, format="csr", dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return the terms' weights, for `restored`."""
        return {
            f"{name}_idf": part.idf_.astype(np.float32) for name, part in self._vectorizers.items()
        }

    def vocabularies(self) -> Vocabularies:
        """Return the terms in the order of their weights, for `restored`."""
        return {
            name: list(part.get_feature_names_out()) for name, part in self._vectorizers.items()
        }


def _make_vectorizers(
    options: NgramOptions, vocabularies: Vocabularies | None = None
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
