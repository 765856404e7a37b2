from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from sentiment.errors import TrainingError
from sentiment.models.soup import cook_soup, scores_by_checkpoint


@pytest.fixture
def model() -> nn.Linear:
    return nn.Linear(1, 1)


def checkpoint(folder: Path, weight: float, bias: float = 0.0) -> Path:
    folder.mkdir()
    state = {"weight": torch.tensor([[weight]]), "bias": torch.tensor([bias])}
    save_file(state, folder / "model.safetensors")
    return folder


def nearness(model: nn.Linear, target: float) -> Callable[[], float]:
    """A score that is the better the nearer the model's weight is to a target."""
    return lambda: -abs(model.weight.item() - target)


def test_soup_is_the_mean_of_what_goes_well_together(model: nn.Linear, tmp_path: Path) -> None:
    low, high = checkpoint(tmp_path / "low", 1.0), checkpoint(tmp_path / "high", 4.0)
    soup = cook_soup(model, {low: -1.0, high: -2.0}, score=nearness(model, 2.5))
    assert model.weight.item() == pytest.approx(2.5)
    assert soup.checkpoints == (low, high)
    assert soup.score == pytest.approx(0.0)


def test_soup_leaves_out_what_makes_it_worse(model: nn.Linear, tmp_path: Path) -> None:
    best = checkpoint(tmp_path / "best", 2.0)
    worse = checkpoint(tmp_path / "worse", 9.0)
    helpful = checkpoint(tmp_path / "helpful", 2.8)
    scores = {helpful: -2.0, worse: -1.0, best: -0.5}
    soup = cook_soup(model, scores, score=nearness(model, 2.5))
    assert soup.checkpoints == (best, helpful)
    assert model.weight.item() == pytest.approx(2.4)


def test_soup_weighs_each_checkpoint_alike(model: nn.Linear, tmp_path: Path) -> None:
    folders = [checkpoint(tmp_path / str(value), value) for value in (0.0, 3.0, 6.0)]
    scores = {folder: -float(index) for index, folder in enumerate(folders)}
    cook_soup(model, scores, score=lambda: 0.0)
    assert model.weight.item() == pytest.approx(3.0)


def test_one_checkpoint_is_taken_as_it_is(model: nn.Linear, tmp_path: Path) -> None:
    only = checkpoint(tmp_path / "only", 7.0)
    assert cook_soup(model, {only: 0.3}, score=lambda: 0.0).score == 0.3
    assert model.weight.item() == 7.0


def test_a_soup_of_nothing_is_refused(model: nn.Linear) -> None:
    with pytest.raises(TrainingError, match="No checkpoint of the training was validated"):
        cook_soup(model, {}, score=lambda: 0.0)


def test_checkpoint_of_another_network_is_refused(model: nn.Linear, tmp_path: Path) -> None:
    one = checkpoint(tmp_path / "one", 1.0)
    other = tmp_path / "other"
    other.mkdir()
    save_file({"weight": torch.ones(1, 1)}, other / "model.safetensors")
    with pytest.raises(TrainingError, match="different weights"):
        cook_soup(model, {one: 1.0, other: 0.5}, score=lambda: 0.0)


def test_unreadable_weights_are_named(model: nn.Linear, tmp_path: Path) -> None:
    broken = checkpoint(tmp_path / "broken", 1.0)
    (broken / "model.safetensors").write_bytes(b"\xff" * 40)
    with pytest.raises(TrainingError, match="broken"):
        cook_soup(model, {broken: 1.0}, score=lambda: 0.0)


def test_scores_belong_to_the_checkpoints_that_are_there(tmp_path: Path) -> None:
    history = [
        {"step": 10, "loss": 0.5},
        {"step": 10, "eval_macro_f1": 0.6},
        {"step": 20, "eval_macro_f1": 0.7},
        {"step": 30, "eval_macro_f1": 0.65},
    ]
    there = {10: tmp_path / "checkpoint-10", 30: tmp_path / "checkpoint-30"}
    assert scores_by_checkpoint(history, there, metric="eval_macro_f1") == {
        there[10]: 0.6,
        there[30]: 0.65,
    }
