"""Comments with their predictions to bins: where texts end and counts begin."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sentiment.analysis.words import count_emoji
from sentiment.comments import Prediction, Status
from sentiment.drift.features import (
    CONFIDENCE,
    EMOJI,
    LABEL,
    LANGUAGE,
    LENGTH,
    NOT_COUNTED,
    UNKNOWN,
    UNSURE,
)
from sentiment.errors import BundleError
from sentiment.inference.language import LanguageGroup, language_group
from sentiment.inference.predictor import CHARACTERS_PER_TOKEN
from sentiment.labels import LABELS
from sentiment.release.bundle import Bundle
from sentiment.textclean import clean

_GROUPS = {group: index for index, group in enumerate(LanguageGroup)}
_SURE, _UNSURE = 0, 1
# What stands in a vocabulary for a piece that it lacks, by family of tokenizers.
_UNKNOWN_TOKENS = ("[UNK]", "<unk>")


@dataclass(frozen=True, slots=True)
class _Text:
    """What one cleaned text says of itself."""

    n_tokens: float
    n_emoji: float
    group: int
    unknown_share: float


class Observer:
    """Counts what a model sees of comments. Reads texts as the predictor does.

    Args:
        tokenizer: of the model; its padding is switched off and its truncation set here.
        max_length_tokens: longer texts are cut after this many tokens.
    """

    def __init__(self, tokenizer: Tokenizer, *, max_length_tokens: int) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length_tokens)
        self._max_characters = max_length_tokens * CHARACTERS_PER_TOKEN
        known = (tokenizer.token_to_id(token) for token in _UNKNOWN_TOKENS)
        self._unknown_id = next((number for number in known if number is not None), None)

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> Observer:
        """Read texts as the model of a verified bundle does.

        Raises:
            BundleError: the tokenizer can't be loaded.
        """
        return cls.from_file(
            bundle.tokenizer_path, max_length_tokens=bundle.manifest.max_length_tokens
        )

    @classmethod
    def from_file(cls, path: Path, *, max_length_tokens: int) -> Observer:
        """Read texts with the tokenizer of a file.

        Raises:
            BundleError: it can't be loaded.
        """
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:
            raise BundleError(
                f"The tokenizer {path} can't be loaded: {error}",
                hint="Export the model again with `sentiment export`.",
            ) from error
        return cls(tokenizer, max_length_tokens=max_length_tokens)

    def places(
        self, texts: Sequence[str], predictions: Sequence[Prediction]
    ) -> Mapping[str, NDArray[np.int8]]:
        """Return the bin of each comment in each feature.

        An empty comment counts nowhere. What the service leaves out of shares and score, a
        comment that is not English, counts for what the text says, not for what the model says.

        Args:
            texts: raw comments, of any content and length.
            predictions: of the model, as many.

        Returns:
            By name of the feature, shape (n,), in the order of `texts`.
        """
        read = self._read(
            [
                # The predictor says what is empty: some characters show nothing.
                "" if prediction.status is Status.EMPTY else clean(text)[: self._max_characters]
                for text, prediction in zip(texts, predictions, strict=True)
            ]
        )
        spoken = [_is_judged(prediction) for prediction in predictions]
        pairs = list(zip(predictions, spoken, strict=True))
        return {
            LABEL.name: _bins(LABELS.index(p.label) if said else NOT_COUNTED for p, said in pairs),
            UNSURE.name: _bins(
                (_UNSURE if p.status is Status.UNSURE else _SURE) if said else NOT_COUNTED
                for p, said in pairs
            ),
            CONFIDENCE.name: CONFIDENCE.place(
                np.array([p.confidence if said else math.nan for p, said in pairs], dtype=float)
            ),
            LENGTH.name: LENGTH.place(np.array([text.n_tokens for text in read], dtype=float)),
            EMOJI.name: EMOJI.place(np.array([text.n_emoji for text in read], dtype=float)),
            LANGUAGE.name: _bins(text.group for text in read),
            UNKNOWN.name: UNKNOWN.place(
                np.array([text.unknown_share for text in read], dtype=float)
            ),
        }

    def _read(self, cleaned: list[str]) -> list[_Text]:
        encodings = self._tokenizer.encode_batch_fast(cleaned, add_special_tokens=False)
        return [
            self._text(text, encoding.ids)
            for text, encoding in zip(cleaned, encodings, strict=True)
        ]

    def _text(self, text: str, ids: list[int]) -> _Text:
        if not text:
            return _Text(math.nan, math.nan, NOT_COUNTED, math.nan)
        n_unknown = 0 if self._unknown_id is None else ids.count(self._unknown_id)
        return _Text(
            n_tokens=len(ids),
            n_emoji=count_emoji(text),
            group=_GROUPS[language_group(text)],
            unknown_share=n_unknown / len(ids) if ids else 0.0,
        )


def _is_judged(prediction: Prediction) -> bool:
    return prediction.status in {Status.OK, Status.UNSURE}


def _bins(places: Iterable[int]) -> NDArray[np.int8]:
    return np.fromiter(places, dtype=np.int8)
