"""Sentence embeddings of a frozen encoder, then logistic regression.

The mean of the last layer over the tokens, scaled to length 1, as all-MiniLM-L6-v2 was trained
to be used (Reimers & Gurevych 2019). A folder holds the regression alone; the encoder comes from
where its name says, and is refused when its weights are others than those fitted on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import PreTrainedTokenizerFast

from sentiment.config import ModelConfig
from sentiment.errors import BundleError
from sentiment.models.base import load_base
from sentiment.models.face import LabelledTexts, check_rows, not_fitted
from sentiment.models.linear import LinearHead, fit_head, head_of_arrays
from sentiment.models.options import EmbeddingsOptions
from sentiment.models.preprocessing import preprocess
from sentiment.models.saved import Saved, read_saved, write_saved

_BATCH_SIZE = 32
_DIGEST = "encoder_sha256"


class FrozenEmbeddings:
    """See `SentimentModel`.

    Args:
        options: its settings.
        seed: of a base that is made on the spot; others know no chance.

    Raises:
        ModelUnavailableError: the base is nowhere to be had.
    """

    def __init__(self, options: EmbeddingsOptions, *, seed: int) -> None:
        self._options = options
        self._seed = seed
        self._tokenizer, self._encoder = _load_encoder(options, seed)
        self._head: LinearHead | None = None

    @property
    def name(self) -> str:
        """See `SentimentModel.name`."""
        return self._options.name

    @property
    def size_bytes(self) -> int:
        """Bytes of the encoder in float32 and of the regression."""
        encoder = sum(value.nbytes for value in self._encoder.parameters())
        return encoder + self._fitted().size_bytes

    def fit(
        self,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        *,
        validation: LabelledTexts | None = None,  # noqa: ARG002 - of the common face
    ) -> None:
        """See `SentimentModel.fit`; the validation rows are not used."""
        check_rows(texts, labels)
        self._head = fit_head(self._embeddings(texts), labels, self._options)

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """See `SentimentModel.predict_proba`."""
        return self._fitted().probabilities(self._embeddings(texts))

    def save(self, folder: Path) -> None:
        """Write the regression, and the encoder's name and digest."""
        saved = Saved(self._fitted().arrays(), facts={_DIGEST: _digest_of(self._encoder)})
        write_saved(folder, self._options, seed=self._seed, saved=saved)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """See `SentimentModel.load`."""
        options, seed, saved = read_saved(folder, EmbeddingsOptions)
        model = cls(options, seed=seed)
        if saved.facts.get(_DIGEST) != _digest_of(model._encoder):
            raise BundleError(
                f"The base {options.base!r} has other weights than the model in {folder} was "
                "fitted on.",
                hint="Fit the model again, or name the base's revision.",
            )
        size = int(model._encoder.config.hidden_size)  # type: ignore[union-attr, arg-type]
        model._head = head_of_arrays(saved.arrays, n_features=size)
        return model

    def _fitted(self) -> LinearHead:
        if self._head is None:
            raise not_fitted(self.name)
        return self._head

    def _embeddings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (n_texts, hidden size), in the order of the texts."""
        prepared = preprocess(texts, self._options.text)
        order = sorted(range(len(prepared)), key=lambda index: len(prepared[index]))
        rows: list[NDArray[np.float32]] = []
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH_SIZE):
                batch = self._tokenizer(
                    [prepared[index] for index in order[start : start + _BATCH_SIZE]],
                    padding=True,
                    truncation=True,
                    max_length=self._options.max_length_tokens,
                    return_tensors="pt",
                )
                states = self._encoder(
                    input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]
                ).last_hidden_state
                mask = batch["attention_mask"].unsqueeze(-1)
                mean = (states * mask).sum(dim=1) / mask.sum(dim=1)
                rows.append(nn.functional.normalize(mean, dim=-1).numpy())
        embeddings = np.concatenate(rows)
        restored = np.empty_like(embeddings)
        restored[order] = embeddings
        return restored


def _load_encoder(
    options: EmbeddingsOptions, seed: int
) -> tuple[PreTrainedTokenizerFast, nn.Module]:
    config = ModelConfig(
        base=options.base,
        revision=options.revision,
        max_length_tokens=options.max_length_tokens,
        emoji_tokens=False,  # a frozen encoder can't learn new tokens
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        tokenizer, classifier = load_base(config)
    encoder: nn.Module = classifier.base_model
    return tokenizer, encoder.eval()


def _digest_of(encoder: nn.Module) -> str:
    digest = hashlib.sha256()
    for name, value in sorted(encoder.state_dict().items()):
        if name.startswith("pooler."):  # not read, and made by chance where the base lacks it
            continue
        digest.update(name.encode())
        digest.update(value.contiguous().numpy().tobytes())
    return digest.hexdigest()
