"""What makes int8 keep its labels: parts that compute in float32, and smoothed outliers.

Quantising activations costs labels. Embeddings, head and, if wanted, the first layers keep float
activations; their weights are still int8 in the file, one scale an output channel or a row, and
are scaled as they are used. In the other layers a few channels of the activations are ten times
larger than the rest and would take the whole range of int8: part of their size moves into the
weights, which quantise with one scale an output channel (Xiao et al. 2023, SmoothQuant).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import cast

import torch
from torch import nn
from transformers import PreTrainedModel

_LEVELS = 127
_SMALLEST_SCALE = 1e-8
# A channel this many times larger than the median one is an outlier worth a multiplication.
_OUTLIER_RATIO = 6.0


class Int8Embedding(nn.Module):
    """An embedding table in int8 with one scale a row."""

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        scale = _scales(embedding.weight.data)
        self.register_buffer("rows", _to_int8(embedding.weight.data, scale))
        self.register_buffer("scale", scale)

    @property
    def weight(self) -> torch.Tensor:
        """The table in float32, for networks that read it whole (DeBERTa's relative positions)."""
        return self.get_buffer("rows").float() * self.get_buffer("scale")

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return float32 embeddings of shape (*ids.shape, width)."""
        return self.get_buffer("rows")[ids].float() * self.get_buffer("scale")[ids]


class Int8Linear(nn.Module):
    """A linear layer whose matrix is int8 with one scale an output channel."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        scale = _scales(linear.weight.data)
        self.register_buffer("matrix", _to_int8(linear.weight.data, scale).T.contiguous())
        self.register_buffer("scale", scale[:, 0].clone())
        self.bias = linear.bias

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return float32 outputs of shape (*inputs.shape[:-1], width)."""
        # Scaled behind the product, so that no exporter folds scale and matrix into one float one.
        outputs = torch.matmul(inputs, self.get_buffer("matrix").float()) * self.get_buffer("scale")
        return outputs if self.bias is None else outputs + self.bias


class SmoothedLinear(nn.Module):
    """A linear layer whose loud input channels are turned down, and their weights up by as much.

    Args:
        linear: the layer; its weights are changed.
        factors: what each channel is divided by, at least 1, shape (in_features,).
    """

    def __init__(self, linear: nn.Linear, factors: torch.Tensor) -> None:
        super().__init__()
        self.linear = linear
        linear.weight.data = linear.weight.data * factors
        self.register_buffer("gain", 1 / factors)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return what the layer returned, shape (*inputs.shape[:-1], width)."""
        outputs: torch.Tensor = self.linear(inputs * self.get_buffer("gain"))
        return outputs


def with_smoothed_outliers(
    model: PreTrainedModel, texts: Sequence[Sequence[int]], *, headroom: float
) -> PreTrainedModel:
    """Return a copy in which no input channel of a layer is much larger than the others.

    Only layers with an outlier are changed: the rest quantise well as they are.

    Args:
        model: an encoder; not changed.
        texts: token ids of typical texts, to see the activations.
        headroom: largest magnitude that a channel keeps, as a multiple of the median one's.
    """
    changed = copy.deepcopy(model)
    largest = _largest_inputs(changed, texts)
    for parent in list(changed.modules()):
        for name, child in list(parent.named_children()):
            inputs = largest.get(id(child))
            if inputs is None or not (inputs > 0).any():
                continue
            # A channel that no text wakes, as behind a ReLU, says nothing of what is usual.
            usual = inputs[inputs > 0].median()
            if inputs.max() > _OUTLIER_RATIO * usual:
                factors = (inputs / (usual * headroom)).clamp(min=1)
                setattr(parent, name, SmoothedLinear(cast("nn.Linear", child), factors))
    return changed


def _largest_inputs(
    model: PreTrainedModel, texts: Sequence[Sequence[int]]
) -> dict[int, torch.Tensor]:
    """Return the largest magnitude of each input channel, by identity of the linear layer."""
    largest: dict[int, torch.Tensor] = {}

    def remember(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        seen = inputs[0].abs().flatten(0, -2).amax(dim=0)
        largest[id(module)] = torch.maximum(largest.get(id(module), seen), seen)

    linears = [module for module in model.modules() if isinstance(module, nn.Linear)]
    hooks = [linear.register_forward_pre_hook(remember) for linear in linears]
    with torch.inference_mode():
        for ids in texts:
            # One by one: padding is no text, and its activations would count.
            row = torch.tensor([list(ids)])
            model(input_ids=row, attention_mask=torch.ones_like(row))
    for hook in hooks:
        hook.remove()
    return {key: value.clone() for key, value in largest.items()}


def with_int8_weights(model: PreTrainedModel, *, n_layers: int) -> PreTrainedModel:
    """Return a copy whose most sensitive parts store int8 and compute in float32.

    Args:
        model: an encoder with a classification head; not changed.
        n_layers: of the encoder, from the input; embeddings and head are always among them.

    Returns:
        The copy; its other layers are as they were.
    """
    changed = copy.deepcopy(model)
    kept = _later_layers(changed, n_layers)
    for parent in list(changed.modules()):
        for name, child in list(parent.named_children()):
            if id(child) in kept:
                continue
            if isinstance(child, nn.Embedding):
                setattr(parent, name, Int8Embedding(child))
            elif isinstance(child, nn.Linear):
                setattr(parent, name, Int8Linear(child))
    return changed


def _later_layers(model: PreTrainedModel, n_layers: int) -> set[int]:
    """Return the identities of all modules in encoder layers from `n_layers` on."""
    stacks = [
        module
        for module in model.modules()
        if isinstance(module, nn.ModuleList) and len(module) == model.config.num_hidden_layers
    ]
    return {
        id(module)
        for stack in stacks
        for layer in list(stack)[n_layers:]
        for module in layer.modules()
    }


def _scales(weight: torch.Tensor) -> torch.Tensor:
    """Return one scale a row, shape (rows, 1)."""
    return weight.abs().amax(dim=1, keepdim=True).clamp(min=_SMALLEST_SCALE) / _LEVELS


def _to_int8(weight: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    return torch.round(weight / scale).to(torch.int8)
