"""A sequence classifier under Hugging Face's Trainer: data, loss, arguments, metrics.

Owns how a configuration becomes a `Trainer`. Knows nothing of files, runs or resuming: that is
`sentiment.train`.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score, recall_score
from torch import nn
from transformers import (
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    EvalPrediction,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
)

from sentiment.config import PipelineConfig, TrainingConfig
from sentiment.corpora.goemotions import EMOTIONS
from sentiment.labels import N_CLASSES
from sentiment.models.base import PAD_TO_MULTIPLE_OF
from sentiment.models.soft_labels import TARGET_COLUMN
from sentiment.models.subwords import SubwordDropout
from sentiment.models.trainers import (
    EMOTION_COLUMN,
    LENGTH_COLUMN,
    UNKNOWN_EMOTION,
    ClassifierTrainer,
    PupilTrainer,
    TwoTaskTrainer,
)

if TYPE_CHECKING:
    from datasets import Dataset

PRIMARY_METRIC = "macro_f1"
_EVAL_BATCH_SIZE = 128
_KEPT_CHECKPOINTS = 2

_log = logging.getLogger(__name__)


def tokenise(
    dataset: Dataset,
    tokenizer: PreTrainedTokenizerFast,
    *,
    max_length_tokens: int,
    with_emotions: bool = False,
) -> Dataset:
    """Return input ids, labels and lengths of cleaned comments.

    Args:
        dataset: columns text and label (class index); targets where `with_targets` made it.
        tokenizer: of the model.
        max_length_tokens: longer texts are cut.
        with_emotions: add the targets of the second task, from the column emotions.
    """

    def encode(batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        encoded = tokenizer(batch["text"], truncation=True, max_length=max_length_tokens)
        more: dict[str, list[Any]] = {}
        if with_emotions:
            more[EMOTION_COLUMN] = [_emotion_targets(indices) for indices in batch["emotions"]]
        if TARGET_COLUMN in batch:
            more[TARGET_COLUMN] = batch[TARGET_COLUMN]
        return {
            **more,
            "input_ids": encoded["input_ids"],
            "attention_mask": encoded["attention_mask"],
            "labels": batch["label"],
            LENGTH_COLUMN: [len(ids) for ids in encoded["input_ids"]],
        }

    return dataset.map(encode, batched=True, remove_columns=dataset.column_names, desc="tokenise")


def _emotion_targets(indices: Sequence[int] | None) -> list[float]:
    """Return 1 for each emotion named and 0 for the others; all unknown where none was named."""
    if not indices:
        return [UNKNOWN_EMOTION] * len(EMOTIONS)
    return [float(index in indices) for index in range(len(EMOTIONS))]


def class_weights(labels: Sequence[int], kind: str) -> list[float] | None:
    """Return a weight a class, averaging 1 over `labels`; None when all weigh the same.

    Args:
        labels: class indices 0..2.
        kind: `none` or `balanced` (inverse frequency, King and Zeng 2001).
    """
    if kind == "none":
        return None
    counts = np.bincount(np.asarray(labels), minlength=N_CLASSES)
    return [float(value) for value in counts.sum() / (N_CLASSES * np.maximum(counts, 1))]


def loss_function(
    weights: Sequence[float] | None, label_smoothing: float
) -> Callable[..., torch.Tensor]:
    """Return a cross-entropy that the Trainer can call.

    The sum over a batch is divided by the labels of the whole update, so that gradient
    accumulation and several devices give the loss of one large batch.
    """

    def loss(
        outputs: Any,  # noqa: ANN401 - a transformers ModelOutput or dict
        labels: torch.Tensor,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor:
        # Class indices, shape (batch,), or a distribution a row, shape (batch, 3).
        logits = outputs["logits"][:, :N_CLASSES].float()
        weight = torch.tensor(weights, device=logits.device) if weights is not None else None
        total = nn.functional.cross_entropy(
            logits, labels, weight=weight, label_smoothing=label_smoothing, reduction="sum"
        )
        return total / (len(labels) if num_items_in_batch is None else num_items_in_batch)

    return loss


def validation_metrics(prediction: EvalPrediction) -> dict[str, float]:
    """Return accuracy, macro-F1 and macro recall of logits against class indices."""
    logits: NDArray[np.float32] = np.asarray(prediction.predictions)
    labels = np.asarray(prediction.label_ids)
    guesses = logits[:, :N_CLASSES].argmax(axis=-1)
    classes = list(range(N_CLASSES))
    return {
        PRIMARY_METRIC: float(
            f1_score(labels, guesses, average="macro", labels=classes, zero_division=0)
        ),
        "accuracy": float(accuracy_score(labels, guesses)),
        "macro_recall": float(
            recall_score(labels, guesses, average="macro", labels=classes, zero_division=0)
        ),
    }


def computes_in_bf16() -> bool:
    """Tell whether this machine's GPU, or else its processor, has bf16 instructions."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


def training_arguments(
    config: PipelineConfig, *, output_dir: Path, n_rows: int, n_processes: int, report_to: list[str]
) -> TrainingArguments:
    """Translate a configuration into the Trainer's arguments: one GPU a process.

    Args:
        config: the configuration.
        output_dir: where intermediate checkpoints go.
        n_rows: of the training split.
        n_processes: that train together.
        report_to: trackers, such as `mlflow`.
    """
    training = config.training
    steps_per_epoch = _steps_per_epoch(training, n_rows, n_processes)
    total_steps = training.max_steps or math.ceil(steps_per_epoch * training.epochs)
    interval = max(1, min(total_steps, steps_per_epoch // training.checkpoints_per_epoch))
    use_bf16 = training.precision == "bf16" or (training.precision == "auto" and computes_in_bf16())
    arguments = TrainingArguments(
        output_dir=str(output_dir),
        num_train_epochs=training.epochs,
        max_steps=training.max_steps or -1,
        per_device_train_batch_size=training.batch_size,
        per_device_eval_batch_size=_EVAL_BATCH_SIZE,
        gradient_accumulation_steps=training.gradient_accumulation_steps,
        learning_rate=training.learning_rate,
        lr_scheduler_type=training.scheduler,
        # Below 1 it is a share of all steps; 0.0 and whole numbers would be counts.
        warmup_steps=training.warmup_share,
        weight_decay=training.weight_decay,
        optim="adamw_torch_fused",
        bf16=use_bf16,
        use_cpu=not torch.accelerator.is_available(),
        train_sampling_strategy="group_by_length" if training.group_by_length else "random",
        length_column_name=LENGTH_COLUMN,
        # The model's own signature lacks our columns; `tokenise` leaves no others.
        remove_unused_columns=not (training.emotion_loss_weight or config.teaching),
        label_names=["labels"],
        eval_strategy="steps",
        eval_steps=interval,
        save_strategy="steps",
        save_steps=interval,
        save_total_limit=max(_KEPT_CHECKPOINTS, training.averaged_checkpoints),
        logging_steps=max(1, min(50, interval)),
        load_best_model_at_end=True,
        # Early stopping counts on from where the killed run had come to.
        restore_callback_states_from_checkpoint=True,
        metric_for_best_model=PRIMARY_METRIC,
        greater_is_better=True,
        seed=config.seed,
        data_seed=config.seed,
        report_to=report_to,
        run_name=config.name,
        dataloader_pin_memory=torch.cuda.is_available(),
    )
    # Else ACCELERATE_MIXED_PRECISION, which `accelerate launch` sets too, would decide on fp32.
    arguments.mixed_precision = "bf16" if use_bf16 else "no"
    if arguments.n_gpu > 1:
        _log.warning(
            "Training on one of %d GPUs: `accelerate launch -m sentiment.train` uses all.",
            arguments.n_gpu,
        )
        # Else the Trainer would wrap the network in DataParallel: larger batches than configured,
        # so fewer steps than were counted above, and the loss of them all once for each GPU.
        arguments._n_gpu = 1  # noqa: SLF001 - as the Trainer itself does: nothing public sets it
    return arguments


def make_trainer(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    arguments: TrainingArguments,
    *,
    train: Dataset,
    validation: Dataset,
    training: TrainingConfig,
) -> Trainer:
    """Put a Trainer together from tokenised splits.

    Raises:
        TrainingError: `subword_dropout` with a tokenizer that isn't of the kind WordPiece.
    """
    weights = class_weights(train["labels"], training.class_weights)
    collator = DataCollatorWithPadding(tokenizer, pad_to_multiple_of=PAD_TO_MULTIPLE_OF)
    parts: dict[str, Any] = {
        "model": model,
        "args": arguments,
        "data_collator": collator,
        "train_dataset": train,
        "eval_dataset": validation,
        "processing_class": tokenizer,
        "compute_metrics": validation_metrics,
        "compute_loss_func": loss_function(weights, training.label_smoothing),
        "callbacks": [EarlyStoppingCallback(training.early_stopping_patience)],
        "layer_rate_decay": training.layer_rate_decay,
    }
    if training.subword_dropout:
        parts["train_collator"] = SubwordDropout(
            collator,
            tokenizer,
            rate=training.subword_dropout,
            max_length_tokens=max(train[LENGTH_COLUMN]),
            seed=arguments.seed,
        )
    if training.emotion_loss_weight:
        return TwoTaskTrainer(emotion_loss_weight=training.emotion_loss_weight, **parts)
    if TARGET_COLUMN in train.column_names:
        return PupilTrainer(**parts)
    return ClassifierTrainer(**parts)


def _steps_per_epoch(training: TrainingConfig, n_rows: int, n_processes: int) -> int:
    rows_of_an_update = training.batch_size * training.gradient_accumulation_steps * n_processes
    return max(1, math.ceil(n_rows / rows_of_an_update))
