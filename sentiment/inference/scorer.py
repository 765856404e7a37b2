"""Cleaned texts to logits, in order: tokenising and batching.

Owns batching: texts are tokenised together, sorted by length and cut into batches by a budget
of tokens, so that little is padded. Imports no training library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sentiment.errors import InferenceError
from sentiment.inference.engine import Engine
from sentiment.labels import N_CLASSES

DEFAULT_BATCH_TOKENS = 512
"""Padded tokens of one batch. Larger ones were slower on two cores: they leave the caches."""


class Scorer:
    """An engine with its tokenizer. Thread-safe.

    Args:
        engine: turns token ids into logits.
        tokenizer: its padding is switched off and its truncation set here.
        max_length_tokens: longer texts are cut after this many tokens.
        batch_tokens: padded tokens of one batch, > 0.
        n_workers: batches that are scored at once, > 0. Batches beside each other, one thread
            each, are half as fast again as threads that share each small operator.
        on_batch: told the texts and the tokens, without padding, of each batch; in any thread.
    """

    def __init__(
        self,
        engine: Engine,
        tokenizer: Tokenizer,
        *,
        max_length_tokens: int = 128,
        batch_tokens: int = DEFAULT_BATCH_TOKENS,
        n_workers: int = 1,
        on_batch: Callable[[int, int], None] | None = None,
    ) -> None:
        self._engine = engine
        self._on_batch = on_batch
        self._pool = ThreadPoolExecutor(n_workers, "scorer") if n_workers > 1 else None
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length_tokens)
        self._batch_tokens = batch_tokens

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Score cleaned, non-empty texts.

        Returns:
            Shape (len(texts), 3), rows in the order of `texts`.

        Raises:
            InferenceError: the engine broke its contract.
        """
        ids = [encoding.ids or [0] for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        batches = list(
            batches_by_length([len(row) for row in ids], budget_tokens=self._batch_tokens)
        )
        # The long batches first, so that no worker is left alone with one at the end.
        batches.reverse()
        run = map if self._pool is None or len(batches) == 1 else self._pool.map
        logits = np.empty((len(ids), N_CLASSES), dtype=np.float64)
        rows = ([ids[index] for index in batch] for batch in batches)
        for batch, scored in zip(batches, run(self._score, rows), strict=True):
            logits[batch] = scored
        return logits

    def _score(self, rows: list[list[int]]) -> NDArray[np.float32]:
        if self._on_batch is not None:
            self._on_batch(len(rows), sum(map(len, rows)))
        scored = self._engine.logits(*_pad(rows))
        if scored.shape != (len(rows), N_CLASSES) or not np.isfinite(scored).all():
            raise InferenceError(
                f"The engine broke its contract: wanted {len(rows)} finite rows of {N_CLASSES}, "
                f"found shape {scored.shape}.",
                hint="Verify the bundle with `sentiment bundle verify DIR`.",
            )
        return scored


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
