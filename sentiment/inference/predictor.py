"""Texts to predictions, in order, one outcome a text, whatever the text.

Owns what a prediction is made of: cleaning, calibrated probabilities, status. Imports no
training library.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from sentiment.comments import Prediction, Status
from sentiment.errors import BundleError
from sentiment.inference.cache import PredictionCache
from sentiment.inference.engine import DummyEngine, Engine, OnnxEngine
from sentiment.inference.language import is_english
from sentiment.inference.scorer import DEFAULT_BATCH_TOKENS, Scorer, softmax
from sentiment.labels import LABELS, Label
from sentiment.release.bundle import Bundle
from sentiment.textclean import clean

_EVEN = (1 / 3, 1 / 3, 1 / 3)
_EMPTY = Prediction(Label.NEUTRAL, _EVEN, Status.EMPTY)
# A tokenizer reads characters long before it truncates tokens: a token has rarely more than
# this many characters, so that the rest of a very long text can be left unread.
CHARACTERS_PER_TOKEN = 16
# Show nothing though they are no white space: Hangul fillers, the blank of Braille, joiners and
# variation selectors without the characters that they belong to.
_SHOWS_NOTHING = re.compile(r"[\s\u034f\u115f\u1160\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0]*")
WARM_UP_TEXTS = ("I love this video!", "Das ist ein Satz auf Deutsch, glaube ich.", "meh")


class Watcher(Protocol):
    """Who is told what the predictor does. Thread-safe, and quick."""

    def observe_batch(self, texts: int, tokens: int) -> None:
        """Note the size of a batch; tokens without padding."""

    def count_cache(self, hits: int, misses: int) -> None:
        """Note how many different texts were kept already, and how many were not."""


class Predictor:
    """A model ready to label comments. Thread-safe.

    Args:
        engine: turns token ids into logits.
        tokenizer: of the model.
        name: name of the model.
        digest: digest of the bundle the model came from.
        max_length_tokens: longer texts are cut after this many tokens.
        temperature: logits are divided by it (Guo et al. 2017, temperature scaling).
        unsure_below: a smaller confidence gives the status `unsure`.
        batch_tokens: padded tokens of one batch, > 0.
        n_workers: batches that are scored at once, > 0.
        detect_english: tells whether a cleaned text is English.
        cache: keeps predictions of this model; None keeps none.
        watcher: told of batches and of the cache; None tells nobody.
    """

    def __init__(
        self,
        engine: Engine,
        tokenizer: Tokenizer,
        *,
        name: str,
        digest: str,
        max_length_tokens: int = 128,
        temperature: float = 1.0,
        unsure_below: float = 0.5,
        batch_tokens: int = DEFAULT_BATCH_TOKENS,
        n_workers: int = 1,
        detect_english: Callable[[str], bool] = is_english,
        cache: PredictionCache | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self.name = name
        self.digest = digest
        self._scorer = Scorer(
            engine,
            tokenizer,
            max_length_tokens=max_length_tokens,
            batch_tokens=batch_tokens,
            n_workers=n_workers,
            on_batch=watcher.observe_batch if watcher else None,
        )
        self._max_characters = max_length_tokens * CHARACTERS_PER_TOKEN
        self._temperature = temperature
        self._unsure_below = unsure_below
        self._detect_english = detect_english
        self._cache = cache
        self._watcher = watcher

    @classmethod
    def from_bundle(
        cls,
        bundle: Bundle,
        *,
        threads: int | None = None,
        cache: PredictionCache | None = None,
        watcher: Watcher | None = None,
    ) -> Predictor:
        """Load the model of a verified bundle.

        Args:
            bundle: from `sentiment.release.bundle.load_bundle`.
            threads: batches scored at once, each on one thread; None takes all cores.
            cache: an empty one, for this model; None keeps no prediction.
            watcher: told of batches and of the cache; None tells nobody.

        Raises:
            BundleError: the graph or the tokenizer can't be loaded.
        """
        try:
            tokenizer = Tokenizer.from_file(str(bundle.tokenizer_path))
        except Exception as error:
            raise BundleError(
                f"The tokenizer of the bundle at {bundle.directory} can't be loaded: {error}",
                hint="Export the model again with `sentiment export`.",
            ) from error
        manifest = bundle.manifest
        return cls(
            OnnxEngine(bundle.model_path, threads=1),
            tokenizer,
            name=manifest.name,
            digest=bundle.digest,
            max_length_tokens=manifest.max_length_tokens,
            temperature=manifest.temperature,
            unsure_below=manifest.unsure_below,
            n_workers=threads or os.cpu_count() or 1,
            cache=cache,
            watcher=watcher,
        )

    @classmethod
    def dummy(
        cls, *, cache: PredictionCache | None = None, watcher: Watcher | None = None
    ) -> Predictor:
        """Make a predictor without weights, for tests of what stands around it."""
        words = ["[UNK]", "love", "great", "good", "hate", "bad", "terrible"]
        vocabulary = {word: index for index, word in enumerate(words)}
        tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
        tokenizer.normalizer = Lowercase()
        tokenizer.pre_tokenizer = Whitespace()
        engine = DummyEngine(frozenset({1, 2, 3}), frozenset({4, 5, 6}))
        return cls(engine, tokenizer, name="dummy", digest="0" * 64, cache=cache, watcher=watcher)

    def warm_up(self) -> None:
        """Pay the first call's costs now: lazy allocations and the language model."""
        self.predict(WARM_UP_TEXTS)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Label texts.

        Args:
            texts: raw comments, of any content and length.

        Returns:
            One prediction a text, in the order of `texts`. Content never raises: a text that
            holds nothing readable has the status `empty`.

        Raises:
            InferenceError: the engine broke its contract.
        """
        cleaned = [_readable(clean(text)[: self._max_characters]) for text in texts]
        # The same comment ("first!", a lone heart) often comes many times: score it once.
        unique = list(dict.fromkeys(text for text in cleaned if text))
        outcomes = self._predict_unique(unique)
        return [outcomes[text] if text else _EMPTY for text in cleaned]

    def _predict_unique(self, texts: list[str]) -> dict[str, Prediction]:
        outcomes = {} if self._cache is None else self._cache.find(texts)
        missing = [text for text in texts if text not in outcomes]
        fresh = dict(zip(missing, self._predict_cleaned(missing), strict=True))
        if self._cache is not None:
            self._cache.keep(fresh)
            if self._watcher is not None:
                self._watcher.count_cache(len(outcomes), len(missing))
        return outcomes | fresh

    def _predict_cleaned(self, texts: list[str]) -> list[Prediction]:
        if not texts:
            return []
        probabilities = softmax(self._scorer.logits(texts) / self._temperature)
        return [self._prediction(text, row) for text, row in zip(texts, probabilities, strict=True)]

    def _prediction(self, text: str, probabilities: NDArray[np.float64]) -> Prediction:
        negative, neutral, positive = (float(value) for value in probabilities)
        status = Status.OK
        if not self._detect_english(text):
            status = Status.NOT_ENGLISH
        elif max(negative, neutral, positive) < self._unsure_below:
            status = Status.UNSURE
        label = LABELS[int(probabilities.argmax())]
        return Prediction(label, (negative, neutral, positive), status)


def _readable(text: str) -> str:
    """Return a cleaned text; an empty one where nothing of it is to be seen."""
    return "" if _SHOWS_NOTHING.fullmatch(text) else text
