"""How a configuration becomes arguments of a Trainer: intervals, precision, devices."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from sentiment.models.transformer import training_arguments
from tests.models.tiny_trainer import config_with, trainer_for


@pytest.mark.parametrize(
    ("training", "n_processes", "interval"),
    [
        ({"batch_size": 10, "checkpoints_per_epoch": 1}, 1, 10),
        ({"batch_size": 10, "checkpoints_per_epoch": 2}, 1, 5),
        ({"batch_size": 10, "gradient_accumulation_steps": 2}, 1, 5),
        ({"batch_size": 10}, 5, 2),
        ({"batch_size": 3, "checkpoints_per_epoch": 2}, 8, 2),
        ({"batch_size": 64, "checkpoints_per_epoch": 100}, 1, 1),
        ({"batch_size": 10, "max_steps": 3}, 1, 3),
    ],
)
def test_training_arguments_validate_as_often_as_configured(
    tmp_path: Path, training: dict[str, object], n_processes: int, interval: int
) -> None:
    arguments = training_arguments(
        config_with(**training),
        output_dir=tmp_path,
        n_rows=100,
        n_processes=n_processes,
        report_to=[],
    )
    assert arguments.eval_steps == arguments.save_steps == interval
    assert arguments.metric_for_best_model == "macro_f1"
    assert (arguments.seed, arguments.data_seed) == (13, 13)


@pytest.mark.parametrize(
    ("precision", "of_accelerate", "wanted"),
    [
        ("fp32", "bf16", "no"),
        ("fp32", "fp16", "no"),
        ("bf16", "no", "bf16"),
        ("bf16", None, "bf16"),
    ],
)
def test_the_configuration_decides_on_the_precision_whatever_accelerate_was_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    precision: str,
    of_accelerate: str | None,
    wanted: str,
) -> None:
    monkeypatch.delenv("ACCELERATE_MIXED_PRECISION", raising=False)
    if of_accelerate is not None:
        monkeypatch.setenv("ACCELERATE_MIXED_PRECISION", of_accelerate)
    trainer = trainer_for(config_with(precision=precision), tmp_path)
    assert trainer.accelerator.mixed_precision == wanted


def test_a_process_trains_on_one_gpu_however_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    config = config_with(batch_size=2, epochs=3, checkpoints_per_epoch=2)
    losses = []
    for n_gpus in (1, 4):
        with monkeypatch.context() as patch:
            # All that the arguments ask of the machine; what follows runs on the processor.
            patch.setattr(torch.accelerator, "is_available", lambda: True)
            patch.setattr(torch.cuda, "device_count", lambda n=n_gpus: n)
            trainer = trainer_for(config, tmp_path / str(n_gpus))
        arguments = trainer.args
        *_, max_steps = trainer.set_initial_training_values(
            arguments, trainer.get_train_dataloader()
        )
        assert arguments.eval_steps
        assert max_steps // arguments.eval_steps == 3 * 2
        batch = next(iter(trainer.get_eval_dataloader()))
        n_items = trainer._get_num_items_in_batch([batch], torch.device("cpu"))
        model = trainer.model
        assert isinstance(model, nn.Module)
        with torch.no_grad():
            found = trainer.compute_loss(model, dict(batch), num_items_in_batch=n_items)
        assert isinstance(found, torch.Tensor)
        losses.append(found.mean().item())  # as the Trainer takes it of several GPUs
    assert losses[1] == pytest.approx(losses[0], rel=1e-6)
    assert "Training on one of 4 GPUs: `accelerate launch -m sentiment.train` uses" in caplog.text
