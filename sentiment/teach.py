"""Teaching: larger models say what they think of a configuration's texts.

What they say, averaged, is a file of soft labels (`sentiment.models.soft_labels`) that the
configuration's own model learns from beside the labels.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sentiment.config import PipelineConfig
from sentiment.errors import ConfigError, TrainingError
from sentiment.labels import N_CLASSES
from sentiment.textclean import short_digest
from sentiment.training_rows import prepared_folder

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_TOKENS_A_BATCH = 8_192
_FILES = ("train.parquet", "unlabelled.parquet")
_HINT = "Give the checkpoint directory that `sentiment train` made."

_log = logging.getLogger(__name__)
OnProgress = Callable[[int, int], None]


def teach(
    config: PipelineConfig,
    teachers: Sequence[Path],
    *,
    processed_dir: Path | None = None,
    on_progress: OnProgress = lambda _done, _total: None,
) -> int:
    """Write the soft labels of a configuration's training texts.

    They are prepared first where they are missing or stale.

    Args:
        config: names the file, and the corpora whose texts are taught.
        teachers: checkpoint directories of trained models; their probabilities are averaged.
        processed_dir: the prepared texts; None takes, and prepares, the configuration's folder.
        on_progress: told how many texts, over all teachers, are done, and of how many.

    Returns:
        How many texts got a soft label.

    Raises:
        ConfigError: the configuration has no section `teaching`.
        TrainingError: a teacher or the texts can't be read, or a teacher's labels have another
            order.
        DataError: the texts have to be prepared and can't be.
        OutOfSpaceError: the disk is full; an older file is untouched.
    """
    import pandas as pd  # noqa: PLC0415 - takes a second

    from sentiment.models.soft_labels import write_soft_labels  # noqa: PLC0415

    if config.teaching is None:
        raise ConfigError(f"The configuration {config.name} has no section teaching.")
    folder = processed_dir or prepared_folder(config)
    try:
        texts = [
            text
            for name in _FILES
            for text in pd.read_parquet(folder / name, columns=["text"])["text"]
        ]
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"The texts to teach can't be read: {error}",
            hint="Run `sentiment prepare --config …` first.",
        ) from error
    total = len(texts) * len(teachers)
    done = 0

    def count(n_texts: int) -> None:
        nonlocal done
        done += n_texts
        on_progress(done, total)

    mean = np.zeros((len(texts), N_CLASSES))
    for teacher in teachers:
        mean += _probabilities(
            teacher, texts, max_length_tokens=config.model.max_length_tokens, count=count
        )
    mean /= len(teachers)
    soft_labels = {short_digest(text): row for text, row in zip(texts, mean, strict=True)}
    write_soft_labels(Path(config.teaching.soft_labels), soft_labels)
    return len(soft_labels)


def _probabilities(
    teacher: Path, texts: Sequence[str], *, max_length_tokens: int, count: Callable[[int], None]
) -> NDArray[np.float64]:
    """Return one teacher's probabilities, shape (texts, 3), in the order of the texts."""
    import torch  # noqa: PLC0415 - takes seconds

    tokenizer, model = _load(teacher)
    device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
    network: torch.nn.Module = model  # transformers' own `to` is annotated wrongly
    network.to(device).eval()
    encoded = tokenizer(list(texts), truncation=True, max_length=max_length_tokens)["input_ids"]
    found = np.empty((len(texts), N_CLASSES))
    with torch.inference_mode():
        for batch in _batches([len(ids) for ids in encoded]):
            padded = tokenizer.pad(
                {"input_ids": [encoded[place] for place in batch]}, return_tensors="pt"
            ).to(device)
            with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
                logits = model(**padded).logits[:, :N_CLASSES]
            found[batch] = logits.float().softmax(-1).cpu().numpy()
            count(len(batch))
    return found


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return places of texts of about equal length, up to a number of tokens a batch."""
    batches: list[list[int]] = [[]]
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        # Sorted: the newest is the longest, and all are padded to it.
        if (len(batches[-1]) + 1) * lengths[place] > _TOKENS_A_BATCH and batches[-1]:
            batches.append([])
        batches[-1].append(place)
    return [batch for batch in batches if batch]


def _load(teacher: Path) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
    from sentiment.models.base import (  # noqa: PLC0415 - likewise
        UNREADABLE,
        label_fault,
        load_classifier,
    )

    try:
        tokenizer, model = load_classifier(teacher)
    except UNREADABLE as error:
        raise TrainingError(
            f"The teacher {teacher} can't be loaded: {error}", hint=_HINT
        ) from error
    if fault := label_fault(model):
        raise TrainingError(f"The teacher {teacher} {fault}.", hint=_HINT)
    return tokenizer, model
