"""A trained checkpoint as an inference engine: the reference that an export is held against."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from sentiment.errors import ExportError
from sentiment.labels import N_CLASSES
from sentiment.models.base import UNREADABLE, label_fault, load_classifier


class TorchEngine:
    """A transformers model in float32 on the processor; see `sentiment.inference.engine.Engine`.

    Args:
        model: a sequence classifier whose first three columns are the labels.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        self._model = model

    def logits(
        self, input_ids: NDArray[np.int64], attention_mask: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Score one batch; see `Engine.logits`."""
        ids, mask = torch.from_numpy(input_ids), torch.from_numpy(attention_mask)
        # Some networks, such as GPT-2, find the last token of a row by the id of the padding.
        ids = ids.masked_fill(mask == 0, self._model.config.pad_token_id or 0)
        with torch.inference_mode():
            output = self._model(input_ids=ids, attention_mask=mask).logits
        return np.asarray(output[:, :N_CLASSES].float().numpy(), dtype=np.float32)


def load_checkpoint(directory: Path) -> tuple[PreTrainedTokenizerFast, PreTrainedModel]:
    """Load what `sentiment train` saved.

    Raises:
        ExportError: nothing whole is there, or its label order is another.
    """
    try:
        tokenizer, model = load_classifier(directory)
    except UNREADABLE as error:
        raise ExportError(
            f"There is no whole checkpoint in {directory}: {str(error).splitlines()[0]}",
            hint="Run `sentiment train --config …` first.",
        ) from error
    if fault := label_fault(model):
        raise ExportError(
            f"The checkpoint in {directory} {fault}.", hint="Train it with `sentiment train`."
        )
    return tokenizer, model
