"""Hugging Face's Trainer, and what is added: rates by layer, a second task, soft labels."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import torch
from torch import nn
from torch.utils.data import DataLoader
from transformers import DataCollator, Trainer

from sentiment.errors import TrainingError
from sentiment.labels import N_CLASSES
from sentiment.models.soft_labels import TARGET_COLUMN

EMOTION_COLUMN = "emotion_targets"
LENGTH_COLUMN = "length"
UNKNOWN_EMOTION = -1.0
# As BERT, MPNet, RoBERTa and DistilBERT name them; MPNet's layers share one bias of positions.
_LAYER = re.compile(r"\blayers?\.(\d+)\.")
_UNDER_THE_LAYERS = re.compile(r"\b(embeddings|relative_attention_bias)\.")


class ClassifierTrainer(Trainer):
    """A Trainer in which lower layers may learn more slowly and training rows be collated apart.

    What lies low in a pretrained network is general and should change least (discriminative
    fine-tuning, Howard and Ruder 2018).

    Args:
        layer_rate_decay: factor of the learning rate from a layer to the one below it, in (0, 1];
            the head has the whole rate, the embeddings the smallest. 1 for one rate.
        train_collator: for training rows; None takes `data_collator`, as validation does.
        *arguments: as for `Trainer`.
        **options: likewise.
    """

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401
        layer_rate_decay: float = 1.0,
        train_collator: DataCollator | None = None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*arguments, **options)
        self._layer_rate_decay = layer_rate_decay
        self._train_collator = train_collator

    def get_train_dataloader(self) -> DataLoader[Any]:
        """Return the Trainer's loader, with the collator of training rows."""
        if self._train_collator is None:
            return super().get_train_dataloader()
        of_validation, self.data_collator = self.data_collator, self._train_collator
        try:
            return super().get_train_dataloader()
        finally:
            self.data_collator = of_validation

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        """Return the Trainer's optimizer, with the rates of the layers.

        Raises:
            TrainingError: the network names its layers as none that is known here.
        """
        is_new = self.optimizer is None
        optimizer: torch.optim.Optimizer = super().create_optimizer(model)
        if is_new and self._layer_rate_decay != 1:
            network = cast("nn.Module", self.model if model is None else model)
            _scale_rates(optimizer, network, decay=self._layer_rate_decay)
        return optimizer


def _scale_rates(optimizer: torch.optim.Optimizer, model: nn.Module, *, decay: float) -> None:
    """Split the groups of an optimizer that made no step yet, so that each layer has its rate."""
    names = {id(value): name for name, value in model.named_parameters()}
    n_layers = 1 + max(map(_layer_of, names.values()))
    if not n_layers:
        raise TrainingError(
            f"No layers are found in a {type(model).__name__} to give rates of their own.",
            hint="Leave layer_rate_decay at 1 for this base.",
        )
    groups: list[dict[str, Any]] = []
    for group in optimizer.param_groups:
        by_depth: dict[int, list[nn.Parameter]] = {}
        for value in group["params"]:
            by_depth.setdefault(_depth_of(names[id(value)], n_layers), []).append(value)
        for depth, values in sorted(by_depth.items()):
            groups.append({**group, "params": values, "lr": group["lr"] * decay**depth})
    optimizer.param_groups[:] = groups


def _layer_of(name: str) -> int:
    found = _LAYER.search(name)
    return int(found.group(1)) if found else -1


def _depth_of(name: str, n_layers: int) -> int:
    """Return how many layers lie above a parameter, counting the head: 0 for the head itself."""
    layer = _layer_of(name)
    if layer >= 0:
        return n_layers - layer
    return n_layers + 1 if _UNDER_THE_LAYERS.search(name) else 0


class TwoTaskTrainer(ClassifierTrainer):
    """A Trainer whose loss adds that of the emotions, the columns behind the labels.

    Fine-grained targets regularise the coarse ones that are wanted (multi-task learning,
    Caruana 1997); the extra columns are cut when the model is exported.

    Args:
        emotion_loss_weight: factor of the second loss.
        *arguments: as for `Trainer`.
        **options: likewise.
    """

    def __init__(self, *arguments: Any, emotion_loss_weight: float, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **options)
        self._emotion_loss_weight = emotion_loss_weight
        self._loss_of_labels = cast("Callable[..., torch.Tensor]", self.compute_loss_func)
        # The Trainer scales what this returns, as several processes and updates need it.
        self.compute_loss_func = self._loss_of_both

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> Any:  # noqa: ANN401 - as the base class: a loss, or loss and outputs
        """Return the loss of both tasks; see `Trainer.compute_loss`."""
        inputs.pop(LENGTH_COLUMN, None)
        inputs["labels"] = (inputs["labels"], inputs.pop(EMOTION_COLUMN))
        return super().compute_loss(
            model, inputs, return_outputs=return_outputs, num_items_in_batch=num_items_in_batch
        )

    def _loss_of_both(
        self,
        outputs: Any,  # noqa: ANN401 - a transformers ModelOutput or dict
        labels: tuple[torch.Tensor, torch.Tensor],
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor:
        classes, targets = labels
        loss = self._loss_of_labels(outputs, classes, num_items_in_batch=num_items_in_batch)
        logits = outputs["logits"][:, N_CLASSES:].float()
        known = targets != UNKNOWN_EMOTION
        total = nn.functional.binary_cross_entropy_with_logits(
            logits, targets.clamp(min=0), weight=known.float(), reduction="sum"
        )
        n_comments = len(targets) if num_items_in_batch is None else num_items_in_batch
        return loss + self._emotion_loss_weight * total / n_comments


class PupilTrainer(ClassifierTrainer):
    """A Trainer whose rows may bring the distribution to come near, instead of one label."""

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> Any:  # noqa: ANN401 - as the base class: a loss, or loss and outputs
        """Return the loss against the targets where there are any; see `Trainer.compute_loss`."""
        inputs.pop(LENGTH_COLUMN, None)
        targets = inputs.pop(TARGET_COLUMN, None)
        if targets is not None:
            inputs["labels"] = targets
        return super().compute_loss(
            model, inputs, return_outputs=return_outputs, num_items_in_batch=num_items_in_batch
        )
