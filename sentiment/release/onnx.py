"""A checkpoint becomes an ONNX graph, then an int8 one.

The graph takes `input_ids` and `attention_mask` of any size and gives `logits`, whatever the
architecture beneath: what else a network wants (token types, positions) it makes itself.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from transformers import PreTrainedModel

from sentiment.inference.engine import INPUT_NAMES, OUTPUT_NAME
from sentiment.labels import N_CLASSES

# The first in which GELU is one operator: ONNX Runtime takes half the time it needs for the parts.
_OPSET = 20
# Gives a graph without the guards against rows that are all padding, which no batch of ours has.
_ATTENTION = "eager"


class _LogitsOnly(nn.Module):
    """The graph's face: two inputs, one output; columns of training's second task are cut.

    Whatever id stands where the mask is 0, the network sees its own padding there.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        padding = self.model.config.pad_token_id
        # Batches come padded with 0: where that is the id, as mostly, the graph needs no operator.
        if padding:
            input_ids = input_ids.masked_fill(attention_mask == 0, padding)
        logits: torch.Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits[:, :N_CLASSES]


def export_float_graph(model: PreTrainedModel, path: Path) -> None:
    """Write a float32 graph.

    Args:
        model: a sequence classifier; left on the processor, in float32 and evaluation mode.
        path: the .onnx file; weights lie inside it, not beside it.
    """
    model.set_attn_implementation(_ATTENTION)
    module: nn.Module = model
    module.to(device="cpu", dtype=torch.float32).eval()
    # Two rows of unequal length, so that no size is taken for a constant.
    input_ids = torch.ones((2, 7), dtype=torch.int64)
    attention_mask = torch.ones((2, 7), dtype=torch.int64)
    attention_mask[1, 5:] = 0
    rows, tokens = torch.export.Dim("rows", max=4096), torch.export.Dim("tokens", min=2, max=512)
    shape = {0: rows, 1: tokens}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _LogitsOnly(model),
            (input_ids, attention_mask),
            str(path),
            input_names=list(INPUT_NAMES),
            output_names=[OUTPUT_NAME],
            dynamic_shapes={"input_ids": shape, "attention_mask": shape},
            opset_version=_OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    _drop_traces(path)


def _drop_traces(path: Path) -> None:
    """Remove the exporter's notes: they hold this machine's paths and add 3 % to the file."""
    graph = onnx.load(path)
    for node in graph.graph.node:
        del node.metadata_props[:]
        node.ClearField("doc_string")
    for value in [*graph.graph.value_info, *graph.graph.input, *graph.graph.output]:
        del value.metadata_props[:]
    del graph.metadata_props[:]
    del graph.graph.metadata_props[:]
    onnx.save(graph, path)


def quantise_to_int8(float_path: Path, int8_path: Path) -> None:
    """Quantise matrix products: weights to int8 ahead of time, activations as they come.

    Seven of the eight bits of a weight are used: without VNNI, x86 sums two products in 16 bits,
    and full-range weights overflow there (onnxruntime's advice on `reduce_range`). So a bundle
    says the same on every processor.

    Args:
        float_path: a graph of `export_float_graph`.
        int8_path: the file to write.
    """
    quantize_dynamic(
        str(float_path),
        str(int8_path),
        weight_type=QuantType.QInt8,
        # Embeddings and head are int8 already (`sentiment.release.int8_weights`).
        op_types_to_quantize=["MatMul", "Gemm"],
        per_channel=True,
        reduce_range=True,
    )
