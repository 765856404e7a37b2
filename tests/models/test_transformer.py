"""How a configuration becomes a Trainer: tokens, weights, losses, metrics."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pytest
import torch
from torch import nn
from transformers import (
    EvalPrediction,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from sentiment.models.trainers import EMOTION_COLUMN, TwoTaskTrainer
from sentiment.models.transformer import (
    class_weights,
    loss_function,
    tokenise,
    validation_metrics,
)
from tests.models.tiny_trainer import N_EMOTIONS, base, config_with, rows, trainer_for

LOGITS = torch.tensor([[2.0, 0.5, -1.0], [0.1, 0.2, 0.3], [-1.0, 3.0, 0.0]])
CLASSES = torch.tensor([0, 2, 1])


def test_tokenise_cuts_counts_and_drops_other_columns() -> None:
    tokenizer, _ = base()
    data = datasets.Dataset.from_dict(
        {"text": ["love " * 99, "bad"], "label": [2, 0], "id": ["a", "b"]}
    )
    found = tokenise(data, tokenizer, max_length_tokens=8)
    assert set(found.column_names) == {"input_ids", "attention_mask", "labels", "length"}
    assert found["length"] == [8, 3]
    assert found["labels"] == [2, 0]


def test_tokenise_marks_named_and_unknown_emotions() -> None:
    tokenizer, _ = base()
    found = tokenise(rows(2), tokenizer, max_length_tokens=8, with_emotions=True)
    unknown, named = found[EMOTION_COLUMN]
    assert unknown == [-1.0] * N_EMOTIONS
    assert [index for index, target in enumerate(named) if target == 1] == [1, 27]
    assert set(named) == {0.0, 1.0}


def test_class_weights_are_the_inverse_of_the_frequency() -> None:
    labels = [0, 0, 1, 2, 2, 2]
    weights = class_weights(labels, "balanced")
    assert weights == pytest.approx([1.0, 2.0, 2 / 3])
    assert weights is not None
    assert np.mean([weights[label] for label in labels]) == pytest.approx(1)
    assert class_weights(labels, "none") is None


def test_class_weights_take_an_absent_class() -> None:
    weights = class_weights([0, 0, 2, 2], "balanced")
    assert weights is not None
    assert all(math.isfinite(weight) for weight in weights)


def hand_loss(weights: list[float], smoothing: float) -> float:
    """Compute the mean loss in plain arithmetic."""
    total = 0.0
    for row, label in zip(LOGITS.tolist(), CLASSES.tolist(), strict=True):
        norm = math.log(sum(math.exp(value) for value in row))
        losses = [norm - value for value in row]
        target = [(1 - smoothing) * (index == label) + smoothing / 3 for index in range(3)]
        total += sum(w * t * loss for w, t, loss in zip(weights, target, losses, strict=True))
    return total / 3


@pytest.mark.parametrize(
    ("weights", "smoothing"),
    [(None, 0.0), ([1.0, 2.0, 0.5], 0.0), (None, 0.1), ([3.0, 1.0, 2.0], 0.2)],
)
def test_loss_equals_hand_computed_values(weights: list[float] | None, smoothing: float) -> None:
    found = loss_function(weights, smoothing)({"logits": LOGITS}, CLASSES)
    assert found.item() == pytest.approx(hand_loss(weights or [1.0] * 3, smoothing), rel=1e-5)


def test_loss_divides_by_the_labels_of_the_whole_update() -> None:
    loss = loss_function(None, 0.0)
    alone = loss({"logits": LOGITS}, CLASSES)
    parts = [
        loss({"logits": LOGITS[i : i + 1]}, CLASSES[i : i + 1], num_items_in_batch=3)
        for i in range(3)
    ]
    assert sum(part.item() for part in parts) == pytest.approx(alone.item())


def test_loss_ignores_the_columns_of_the_second_task() -> None:
    wide = torch.cat([LOGITS, torch.full((3, 4), 50.0)], dim=1)
    loss = loss_function(None, 0.0)
    assert torch.equal(loss({"logits": wide}, CLASSES), loss({"logits": LOGITS}, CLASSES))


class _Gradients(TrainerCallback):
    """Keeps the gradients of the first update."""

    def __init__(self) -> None:
        self.found: list[torch.Tensor] = []

    def on_pre_optimizer_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        model: nn.Module = kwargs["model"]
        if not self.found:
            self.found = [p.grad.clone() for p in model.parameters() if p.grad is not None]


@pytest.mark.parametrize("emotion_loss_weight", [0.0, 0.5])
def test_accumulated_batches_give_the_gradient_of_one_large_batch(
    tmp_path: Path, emotion_loss_weight: float
) -> None:
    gradients = []
    for batch_size, steps in ((16, 1), (4, 4)):
        config = config_with(
            batch_size=batch_size,
            gradient_accumulation_steps=steps,
            max_steps=1,
            class_weights="balanced",
            emotion_loss_weight=emotion_loss_weight,
        )
        trainer = trainer_for(config, tmp_path / str(steps))
        kept = _Gradients()
        trainer.add_callback(kept)
        trainer.train()
        gradients.append(torch.cat([gradient.flatten() for gradient in kept.found]))
    assert gradients[0].abs().max() > 1e-3
    torch.testing.assert_close(gradients[0], gradients[1], atol=1e-5, rtol=1e-3)


def test_two_tasks_add_the_loss_of_the_named_emotions(tmp_path: Path) -> None:
    trainer = trainer_for(config_with(emotion_loss_weight=0.5, batch_size=8), tmp_path)
    assert isinstance(trainer, TwoTaskTrainer)
    batch = next(iter(trainer.get_eval_dataloader()))
    targets = batch[EMOTION_COLUMN].clone()
    model = trainer.model
    assert isinstance(model, nn.Module)

    with torch.no_grad():
        loss, outputs = trainer.compute_loss(model, dict(batch), return_outputs=True)

    logits = outputs["logits"]
    first = nn.functional.cross_entropy(logits[:, :3], batch["labels"])
    probabilities = torch.sigmoid(logits[:, 3:])
    second = 0.0
    for row, target in zip(probabilities, targets, strict=True):
        if target[0] >= 0:
            second -= sum(
                math.log(p if t == 1 else 1 - p)
                for p, t in zip(row.tolist(), target.tolist(), strict=True)
            )
    assert loss.item() == pytest.approx(first.item() + 0.5 * second / len(targets), rel=1e-4)


def test_both_tasks_count_the_same_whatever_the_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = trainer_for(config_with(emotion_loss_weight=0.5, batch_size=8), tmp_path)
    batch = next(iter(trainer.get_eval_dataloader()))
    model = trainer.model
    assert isinstance(model, nn.Module)

    def loss() -> float:
        # Of all processes together there are twice as many comments as on this one.
        n_items = len(batch["labels"]) * trainer.accelerator.num_processes
        with torch.no_grad():
            found = trainer.compute_loss(model, dict(batch), num_items_in_batch=n_items)
        assert isinstance(found, torch.Tensor)
        return found.item()

    alone = loss()
    monkeypatch.setattr(type(trainer.accelerator), "num_processes", 2)
    # Gradients are averaged over processes: each one's loss must be that of its own batch.
    assert loss() == pytest.approx(alone, rel=1e-6)


def test_the_rates_of_layers_keep_their_proportion_while_they_fall(tmp_path: Path) -> None:
    trainer = trainer_for(config_with(layer_rate_decay=0.5, max_steps=2), tmp_path)
    trainer.create_optimizer_and_scheduler(num_training_steps=10)
    assert trainer.optimizer is not None
    assert trainer.lr_scheduler is not None
    for _ in range(3):
        rates = sorted({group["lr"] for group in trainer.optimizer.param_groups}, reverse=True)
        assert len(rates) > 2 or rates == [0]
        assert all(low == pytest.approx(high / 2) for high, low in pairwise(rates))
        trainer.optimizer.step()
        trainer.lr_scheduler.step()
    assert rates != [0]


def test_validation_metrics_equal_hand_computed_values() -> None:
    logits = np.array([[3.0, 0, 0], [3, 0, 0], [0, 3, 0], [0, 0, 3]], dtype=np.float32)
    found = validation_metrics(EvalPrediction(logits, np.array([0, 1, 1, 1])))
    assert found["accuracy"] == 0.5
    assert found["macro_f1"] == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)
    assert found["macro_recall"] == pytest.approx((1 + 1 / 3 + 0) / 3)
