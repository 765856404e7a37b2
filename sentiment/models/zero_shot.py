"""Labels by natural-language inference, without any training (Yin et al. 2019).

A text has the label whose hypothesis it entails most: the softmax over the three entailment
logits, as in Hugging Face's zero-shot pipeline with one label a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self, cast

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from sentiment.errors import ModelUnavailableError
from sentiment.labels import LABEL_NAMES, N_CLASSES
from sentiment.models.face import LabelledTexts, check_rows, softmax
from sentiment.models.options import ZeroShotOptions
from sentiment.models.preprocessing import preprocess
from sentiment.models.saved import Saved, read_saved, write_saved

_BATCH_SIZE = 16
_ENTAILMENT = "entail"


class ZeroShot:
    """See `SentimentModel`.

    Args:
        options: its settings.
        seed: kept for the common form; nothing here knows chance.

    Raises:
        ModelUnavailableError: the base is nowhere to be had, or tells no entailment.
    """

    def __init__(self, options: ZeroShotOptions, *, seed: int) -> None:
        self._options = options
        self._seed = seed
        self._tokenizer, self._model = _load(options)
        self._entailment = _entailment_column(self._model, options.base)

    @property
    def name(self) -> str:
        """See `SentimentModel.name`."""
        return self._options.name

    @property
    def size_bytes(self) -> int:
        """Bytes of all parameters as they are loaded."""
        return sum(value.nbytes for value in self._model.parameters())

    def fit(
        self,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        *,
        validation: LabelledTexts | None = None,  # noqa: ARG002 - of the common face
    ) -> None:
        """Check the rows and learn nothing; see `SentimentModel.fit`."""
        check_rows(texts, labels)

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """See `SentimentModel.predict_proba`; three passes a text."""
        prepared = preprocess(texts, self._options.text)
        hypotheses = [getattr(self._options.hypotheses, name) for name in LABEL_NAMES]
        order = sorted(range(len(prepared)), key=lambda index: len(prepared[index]))
        logits = np.zeros((len(texts), N_CLASSES))
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH_SIZE):
                chosen = order[start : start + _BATCH_SIZE]
                batch = self._tokenizer(
                    [prepared[index] for index in chosen for _ in hypotheses],
                    hypotheses * len(chosen),
                    padding=True,
                    truncation="only_first",
                    max_length=self._options.max_length_tokens,
                    return_tensors="pt",
                )
                output = self._model(**batch).logits[:, self._entailment]
                logits[chosen] = output.double().reshape(len(chosen), N_CLASSES).numpy()
        return softmax(logits)

    def save(self, folder: Path) -> None:
        """Write the settings; the weights stay where the base's name says."""
        write_saved(folder, self._options, seed=self._seed, saved=Saved())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """See `SentimentModel.load`."""
        options, seed, _ = read_saved(folder, ZeroShotOptions)
        return cls(options, seed=seed)


def _load(options: ZeroShotOptions) -> tuple[PreTrainedTokenizerFast, PreTrainedModel]:
    revision = options.revision or "main"
    try:
        tokenizer = AutoTokenizer.from_pretrained(options.base, revision=revision)
        model = AutoModelForSequenceClassification.from_pretrained(
            options.base, revision=revision, use_safetensors=True
        )
    except (OSError, ValueError) as error:
        raise ModelUnavailableError(
            f"The inference model {options.base!r} of {options.name} can't be loaded: "
            f"{str(error).splitlines()[0]}",
            hint="Name a local folder with safetensors weights, or run where the Hugging Face "
            "hub is reached; `enabled: false` leaves the model out.",
        ) from error
    model.float().eval()
    return cast("PreTrainedTokenizerFast", tokenizer), cast("PreTrainedModel", model)


def _entailment_column(model: PreTrainedModel, base: str) -> int:
    names = {int(index): str(name) for index, name in (model.config.id2label or {}).items()}
    columns = [index for index, name in names.items() if name.lower().startswith(_ENTAILMENT)]
    if len(columns) != 1:
        raise ModelUnavailableError(
            f"Wanted a model with one label called entailment, found {base!r} with "
            f"{', '.join(names.values())}.",
            hint="Name a model of natural-language inference, for instance one trained on MNLI.",
        )
    return columns[0]
