"""Texts to predictions, in order, one outcome a text, whatever the text.

Owns batching: texts are tokenised together, sorted by length and cut into batches by a budget
of tokens, so that little is padded. Imports no training library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from sentiment.comments import Prediction, Status
from sentiment.errors import BundleError, InferenceError
from sentiment.inference.engine import DummyEngine, Engine, OnnxEngine
from sentiment.inference.language import is_english
from sentiment.labels import LABELS, N_CLASSES, Label
from sentiment.release.bundle import Bundle
from sentiment.textclean import clean

DEFAULT_BATCH_TOKENS = 1024
"""Padded tokens of one batch. On two cores larger batches gained nothing (`make bench`)."""

_EVEN = (1 / 3, 1 / 3, 1 / 3)
_EMPTY = Prediction(Label.NEUTRAL, _EVEN, Status.EMPTY)
# A tokenizer reads characters long before it truncates tokens: a token has rarely more than
# this many characters, so that the rest of a very long text can be left unread.
_CHARACTERS_PER_TOKEN = 16
_WARM_UP_TEXTS = ("I love this video!", "Das ist ein Satz auf Deutsch, glaube ich.", "meh")


class Predictor:
    """A model ready to label comments. Thread-safe.

    Args:
        engine: turns token ids into logits.
        tokenizer: without padding; truncation is set here.
        name: name of the model.
        digest: digest of the bundle the model came from.
        max_length_tokens: longer texts are cut after this many tokens.
        temperature: logits are divided by it (Guo et al. 2017, temperature scaling).
        unsure_below: a smaller confidence gives the status `unsure`.
        batch_tokens: padded tokens of one batch, > 0.
        detect_english: tells whether a cleaned text is English.
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
        detect_english: Callable[[str], bool] = is_english,
    ) -> None:
        self.name = name
        self.digest = digest
        self._engine = engine
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length_tokens)
        self._max_characters = max_length_tokens * _CHARACTERS_PER_TOKEN
        self._temperature = temperature
        self._unsure_below = unsure_below
        self._batch_tokens = batch_tokens
        self._detect_english = detect_english

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, threads: int | None = None) -> Predictor:
        """Load the model of a verified bundle.

        Args:
            bundle: from `sentiment.release.bundle.load_bundle`.
            threads: processor threads of one call; None takes all cores.

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
            OnnxEngine(bundle.model_path, threads=threads),
            tokenizer,
            name=manifest.name,
            digest=bundle.digest,
            max_length_tokens=manifest.max_length_tokens,
            temperature=manifest.temperature,
            unsure_below=manifest.unsure_below,
        )

    @classmethod
    def dummy(cls) -> Predictor:
        """Make a predictor without weights, for tests of what stands around it."""
        words = ["[UNK]", "love", "great", "good", "hate", "bad", "terrible"]
        vocabulary = {word: index for index, word in enumerate(words)}
        tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
        tokenizer.normalizer = Lowercase()
        tokenizer.pre_tokenizer = Whitespace()
        engine = DummyEngine(frozenset({1, 2, 3}), frozenset({4, 5, 6}))
        return cls(engine, tokenizer, name="dummy", digest="0" * 64)

    def warm_up(self) -> None:
        """Pay the first call's costs now: lazy allocations and the language model."""
        self.predict(_WARM_UP_TEXTS)

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
        cleaned = [clean(text)[: self._max_characters] for text in texts]
        # The same comment ("first!", a lone heart) often comes many times: score it once.
        unique = list(dict.fromkeys(text for text in cleaned if text))
        outcomes = dict(zip(unique, self._predict_cleaned(unique), strict=True))
        return [outcomes.get(text, _EMPTY) for text in cleaned]

    def _predict_cleaned(self, texts: list[str]) -> list[Prediction]:
        if not texts:
            return []
        probabilities = self._probabilities(texts)
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

    def _probabilities(self, texts: list[str]) -> NDArray[np.float64]:
        encodings = self._tokenizer.encode_batch_fast(texts)
        ids = [encoding.ids or [0] for encoding in encodings]
        logits = np.empty((len(texts), N_CLASSES), dtype=np.float64)
        for batch in batches_by_length([len(row) for row in ids], budget_tokens=self._batch_tokens):
            scored = self._engine.logits(*_pad([ids[index] for index in batch]))
            if scored.shape != (len(batch), N_CLASSES) or not np.isfinite(scored).all():
                raise InferenceError(
                    f"The engine broke its contract: wanted {len(batch)} finite rows of "
                    f"{N_CLASSES}, found shape {scored.shape}.",
                    hint="Verify the bundle with `sentiment bundle verify DIR`.",
                )
            logits[batch] = scored
        return softmax(logits / self._temperature)


def batches_by_length(lengths: Sequence[int], *, budget_tokens: int) -> Iterator[list[int]]:
    """Cut texts into batches of similar length.

    Args:
        lengths: tokens of each text.
        budget_tokens: no batch holds more padded tokens than this, except a single longer text.

    Yields:
        Indices into `lengths`; each index comes exactly once, shortest texts first.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        # Sorted, so the text that comes in is the longest of its batch.
        if batch and lengths[index] * (len(batch) + 1) > budget_tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities of the same shape as `logits`, each row summing to 1."""
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


def _pad(rows: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    input_ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    attention_mask = np.zeros_like(input_ids)
    for index, row in enumerate(rows):
        input_ids[index, : len(row)] = row
        attention_mask[index, : len(row)] = 1
    return input_ids, attention_mask
