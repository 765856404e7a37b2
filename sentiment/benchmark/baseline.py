"""The baseline: Hugging Face's text-classification pipeline with the same weights, in float32."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sentiment.errors import ModelUnavailableError
from sentiment.release.bundle import Manifest


@dataclass(frozen=True, slots=True)
class Baseline:
    """A pipeline ready to label texts.

    Attributes:
        pipeline: of transformers, on the processor.
        weights: where its weights come from, in words.
        threads: processor threads that torch uses.
    """

    pipeline: Any
    weights: str
    threads: int

    def label(self, texts: Sequence[str], *, batch_size: int) -> int:
        """Label texts as a user of the pipeline would: one call with the list.

        Args:
            texts: raw comments.
            batch_size: 1 is the pipeline's default.

        Returns:
            How many texts were labelled.
        """
        return len(self.pipeline(list(texts), batch_size=batch_size))


def load_baseline(manifest: Manifest, *, checkpoint: Path) -> Baseline:
    """Load the pipeline with the checkpoint that a bundle was made of.

    Where the checkpoint is absent (it is not in the repository), a network of the same shape
    takes its place: how fast it computes does not depend on what its weights say.

    Args:
        manifest: of the bundle.
        checkpoint: folder that `train` wrote.

    Raises:
        ModelUnavailableError: neither the checkpoint nor the base model can be loaded.
    """
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    import torch  # noqa: PLC0415
    from transformers import pipeline  # noqa: PLC0415

    # A fresh head and a progress bar are nothing to tell the reader of a benchmark.
    logging.getLogger("transformers").setLevel(logging.ERROR)
    if checkpoint.is_dir():
        tokenizer, model = _from_checkpoint(checkpoint)
        weights = f"checkpoint {checkpoint}"
    else:
        tokenizer, model = _from_base(manifest)
        weights = f"untrained {manifest.base_model} of the same shape: no checkpoint {checkpoint}"
    classifier = pipeline(
        "text-classification",
        model=model,
        tokenizer=tokenizer,
        device="cpu",
        truncation=True,
        max_length=manifest.max_length_tokens,
    )
    return Baseline(classifier, weights, torch.get_num_threads())


def _from_checkpoint(checkpoint: Path) -> tuple[Any, Any]:
    from sentiment.models.base import UNREADABLE, load_classifier  # noqa: PLC0415

    try:
        return load_classifier(checkpoint)
    except UNREADABLE as error:
        raise ModelUnavailableError(
            f"The checkpoint {checkpoint} can't be loaded: {str(error).splitlines()[0]}",
            hint="Name a folder that `sentiment train` made, or one that does not exist to "
            "compare with an untrained network of the same shape.",
        ) from error


def _from_base(manifest: Manifest) -> tuple[Any, Any]:
    from sentiment.config import ModelConfig  # noqa: PLC0415
    from sentiment.models.base import load_base  # noqa: PLC0415

    return load_base(
        ModelConfig(base=manifest.base_model, max_length_tokens=manifest.max_length_tokens)
    )
