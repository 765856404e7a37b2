"""Layers that keep their weights in int8 and compute in float32.

Quantising activations costs labels, and the first layers and the embeddings cost most. These
keep float activations; their weights are still int8 in the file, one scale an output channel or
a row, and are scaled as they are used. A quarter of the size at nearly none of the loss.
"""

from __future__ import annotations

import copy

import torch
from torch import nn
from transformers import PreTrainedModel

_LEVELS = 127
_SMALLEST_SCALE = 1e-8


class Int8Embedding(nn.Module):
    """An embedding table in int8 with one scale a row."""

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        scale = _scales(embedding.weight.data)
        self.register_buffer("rows", _to_int8(embedding.weight.data, scale))
        self.register_buffer("scale", scale)

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
