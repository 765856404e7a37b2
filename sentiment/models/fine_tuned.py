"""A fine-tuned transformer behind the common face, trained as `sentiment train` does it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import datasets
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerFast, set_seed

from sentiment.config import EvaluationConfig, PipelineConfig
from sentiment.errors import BundleError, TrainingError
from sentiment.labels import N_CLASSES
from sentiment.models.base import UNREADABLE, load_base, load_classifier
from sentiment.models.face import LabelledTexts, check_rows, not_fitted
from sentiment.models.options import FineTunedOptions
from sentiment.models.preprocessing import preprocess
from sentiment.models.saved import Saved, read_saved, write_saved
from sentiment.models.transformer import make_trainer, tokenise, training_arguments

_BATCH_SIZE = 32


class FineTuned:
    """See `SentimentModel`.

    Args:
        options: its settings.
        seed: of the head, of dropout and of the order of the rows.
    """

    def __init__(self, options: FineTunedOptions, *, seed: int) -> None:
        self._options = options
        self._seed = seed
        self._parts: tuple[PreTrainedTokenizerFast, PreTrainedModel] | None = None

    @property
    def name(self) -> str:
        """See `SentimentModel.name`."""
        return self._options.name

    @property
    def size_bytes(self) -> int:
        """Bytes of all parameters in float32; an int8 export has about a quarter."""
        return sum(value.nbytes for value in self._fitted()[1].parameters())

    def fit(
        self,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        *,
        validation: LabelledTexts | None = None,
    ) -> None:
        """See `SentimentModel.fit`; needs validation rows, which choose the checkpoint."""
        check_rows(texts, labels)
        if validation is None:
            raise TrainingError(
                f"The model {self.name} needs validation rows: they choose its checkpoint."
            )
        config = self._pipeline_config()
        set_seed(self._seed)
        tokenizer, model = load_base(self._options.model)
        with tempfile.TemporaryDirectory() as scratch:
            trainer = make_trainer(
                model,
                tokenizer,
                training_arguments(
                    config,
                    output_dir=Path(scratch),
                    n_rows=len(texts),
                    n_processes=1,
                    report_to=[],
                ),
                train=self._tokenised(texts, labels, tokenizer),
                validation=self._tokenised(validation.texts, validation.labels, tokenizer),
                training=self._options.training,
            )
            trainer.train()
        network: nn.Module = model
        network.cpu().eval()
        self._parts = tokenizer, model

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """See `SentimentModel.predict_proba`; computed in float32 on the processor."""
        tokenizer, model = self._fitted()
        prepared = preprocess(texts, self._options.text)
        order = sorted(range(len(prepared)), key=lambda index: len(prepared[index]))
        probabilities = np.zeros((len(texts), N_CLASSES))
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH_SIZE):
                chosen = order[start : start + _BATCH_SIZE]
                batch = tokenizer(
                    [prepared[index] for index in chosen],
                    padding=True,
                    truncation=True,
                    max_length=self._options.model.max_length_tokens,
                    return_tensors="pt",
                )
                logits = model(
                    input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]
                ).logits
                probabilities[chosen] = logits.double().softmax(dim=-1).numpy()
        return probabilities

    def save(self, folder: Path) -> None:
        """See `SentimentModel.save`."""
        tokenizer, model = self._fitted()

        def write_more(partial: Path) -> None:
            model.save_pretrained(partial)
            tokenizer.save_pretrained(partial)

        write_saved(folder, self._options, seed=self._seed, saved=Saved(), write_more=write_more)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """See `SentimentModel.load`."""
        options, seed, _ = read_saved(folder, FineTunedOptions)
        try:
            parts = load_classifier(folder)
        except UNREADABLE as error:
            raise BundleError(
                f"The model in {folder} can't be read: {str(error).splitlines()[0]}"
            ) from error
        loaded = cls(options, seed=seed)
        loaded._parts = parts
        return loaded

    def _fitted(self) -> tuple[PreTrainedTokenizerFast, PreTrainedModel]:
        if self._parts is None:
            raise not_fitted(self.name)
        return self._parts

    def _pipeline_config(self) -> PipelineConfig:
        # The Trainer's arguments take the seed, the name and the training section alone.
        return PipelineConfig(
            name=self.name,
            seed=self._seed,
            corpora=["goemotions"],
            model=self._options.model,
            # Rows of a comparison are not known by their corpus.
            training=self._options.training.model_copy(update={"repeats": {}}),
            evaluation=EvaluationConfig(corpora=["goemotions"], primary="goemotions"),
        )

    def _tokenised(
        self,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        tokenizer: PreTrainedTokenizerFast,
    ) -> datasets.Dataset:
        rows = {"text": preprocess(texts, self._options.text), "label": labels.tolist()}
        return tokenise(
            datasets.Dataset.from_dict(rows),
            tokenizer,
            max_length_tokens=self._options.model.max_length_tokens,
        )
