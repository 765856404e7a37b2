"""The mean of several checkpoints of one run, often better than each of them.

Weights of checkpoints that lie on one training path can be averaged (Izmailov et al. 2018,
stochastic weight averaging). Which of them, validation decides: they are added best first, and
one that makes the mean worse is left out (Wortsman et al. 2022, the greedy soup).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from sentiment.errors import TrainingError

_WEIGHTS_FILE = "model.safetensors"
_State = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Soup:
    """What was averaged.

    Attributes:
        checkpoints: in the order in which they were added, the best first.
        score: of the mean, as `score` gave it.
    """

    checkpoints: tuple[Path, ...]
    score: float


def cook_soup(
    model: nn.Module, scores: Mapping[Path, float], *, score: Callable[[], float]
) -> Soup:
    """Give a model the mean of the checkpoints that go well together.

    Args:
        model: gets the weights; its own are overwritten.
        scores: of each checkpoint folder, higher is better.
        score: scores the model as it is, on the same data.

    Raises:
        TrainingError: there is no checkpoint with a score, or one's weights can't be read or are
            another network's.
    """
    if not scores:
        raise TrainingError(
            "No checkpoint of the training was validated, so that none can be averaged.",
            hint="Train anew with --fresh, or set training.averaged_checkpoints to 1.",
        )
    ranked = sorted(scores, key=lambda folder: scores[folder], reverse=True)
    kept = [ranked[0]]
    mean = _read(ranked[0])
    best = scores[ranked[0]]
    for folder in ranked[1:]:
        candidate = _with_one_more(mean, _read(folder), n_before=len(kept))
        _load(model, candidate)
        candidate_score = score()
        if candidate_score >= best:
            mean, best = candidate, candidate_score
            kept.append(folder)
    _load(model, mean)
    return Soup(tuple(kept), best)


def load_weights(model: nn.Module, checkpoint: Path) -> None:
    """Give a model the weights of one checkpoint.

    Raises:
        TrainingError: they can't be read, or are another network's.
    """
    _load(model, _read(checkpoint))


def _with_one_more(mean: _State, other: _State, *, n_before: int) -> _State:
    """Return the mean of `n_before` states, given as `mean`, and another one."""
    if mean.keys() != other.keys():
        raise TrainingError(
            "Two checkpoints of one run hold different weights.",
            hint="Train anew with --fresh.",
        )
    return {
        name: (weight * n_before + other[name]) / (n_before + 1)
        if weight.is_floating_point()
        else weight
        for name, weight in mean.items()
    }


def _read(folder: Path) -> _State:
    try:
        return load_file(folder / _WEIGHTS_FILE)
    except (OSError, SafetensorError) as error:
        raise TrainingError(
            f"The weights in {folder} can't be read: {error}", hint="Train anew with --fresh."
        ) from error


def _load(model: nn.Module, state: _State) -> None:
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise TrainingError(
            f"A checkpoint does not fit the network: {error}", hint="Train anew with --fresh."
        ) from error


def scores_by_checkpoint(
    history: Sequence[Mapping[str, float]], checkpoints: Mapping[int, Path], *, metric: str
) -> dict[Path, float]:
    """Return what each kept checkpoint scored.

    Args:
        history: what the Trainer logged.
        checkpoints: folder by step.
        metric: as the Trainer logs it, such as `eval_macro_f1`.
    """
    return {
        checkpoints[int(entry["step"])]: entry[metric]
        for entry in history
        if metric in entry and int(entry["step"]) in checkpoints
    }
