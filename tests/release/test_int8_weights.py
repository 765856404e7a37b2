"""Layers that store int8 and compute in float."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from transformers import DebertaV2Config, DebertaV2ForSequenceClassification

from sentiment.config import ModelConfig
from sentiment.models.base import load_base
from sentiment.release.int8_weights import (
    Int8Embedding,
    Int8Linear,
    SmoothedLinear,
    with_int8_weights,
    with_smoothed_outliers,
)


def test_int8_linear_is_near_the_layer_it_replaces() -> None:
    torch.manual_seed(0)
    linear = nn.Linear(48, 16)
    inputs = torch.randn(5, 48)

    gap = (Int8Linear(linear)(inputs) - linear(inputs)).abs().max()

    # Half a step of 1/127 of the largest weight, summed over 48 inputs of unit variance.
    assert gap < 0.5 / 127 * float(linear.weight.detach().abs().max()) * 48


def test_int8_embedding_keeps_rows_of_any_size() -> None:
    embedding = nn.Embedding(3, 4)
    with torch.no_grad():
        embedding.weight.copy_(torch.tensor([[1e3, 0, 0, -1e3], [0.0] * 4, [1e-3, 0, 0, 0]]))

    rows = Int8Embedding(embedding)(torch.tensor([[0, 1, 2]]))

    assert rows.shape == (1, 3, 4)
    torch.testing.assert_close(rows[0], embedding.weight.detach(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("n_layers", [0, 1, 2])
def test_with_int8_weights_changes_the_first_layers_embeddings_and_head(n_layers: int) -> None:
    _, model = load_base(ModelConfig(base="tiny"))
    before = {name: value.clone() for name, value in model.state_dict().items()}

    changed = with_int8_weights(model, n_layers=n_layers)

    layers = changed.get_submodule("bert.encoder.layer")
    replaced = [
        any(isinstance(module, Int8Linear) for module in layer.modules())
        for layer in layers.children()
    ]
    assert replaced == [index < n_layers for index in range(2)]
    assert isinstance(changed.get_submodule("classifier"), Int8Linear)
    assert isinstance(changed.get_submodule("bert.embeddings.word_embeddings"), Int8Embedding)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_with_smoothed_outliers_turns_down_what_sticks_out_and_keeps_the_logits() -> None:
    torch.manual_seed(0)
    _, model = load_base(ModelConfig(base="tiny"))
    sticking_out = model.get_submodule("bert.encoder.layer.0.attention.output.LayerNorm")
    with torch.no_grad():
        sticking_out.get_parameter("weight")[3] *= 100
    texts = [[2, 5, 6, 7, 3], [2, 9, 3]]
    ids = torch.tensor(texts[:1])
    nn.Module.train(model, mode=False)

    changed = with_smoothed_outliers(model, texts, headroom=2.0)

    smoothed = {
        name: module
        for name, module in changed.named_modules()
        if isinstance(module, SmoothedLinear)
    }
    assert "bert.encoder.layer.0.attention.self.query" not in smoothed
    gain = smoothed["bert.encoder.layer.0.intermediate.dense"].get_buffer("gain")
    assert int(gain.argmin()) == 3
    assert gain[3] < 0.1
    torch.testing.assert_close(changed(ids).logits, model(ids).logits)


def test_with_smoothed_outliers_bears_layers_that_are_mostly_silent() -> None:
    torch.manual_seed(0)
    _, model = load_base(ModelConfig(base="tiny"))
    ids = torch.tensor([[2, 5, 6, 7, 3]])
    silenced = model.get_submodule("bert.encoder.layer.0.attention.output.LayerNorm")
    all_silenced = model.get_submodule("bert.encoder.layer.1.attention.output.LayerNorm")
    with torch.no_grad():
        for name in ("weight", "bias"):
            silenced.get_parameter(name)[4:] = 0
            all_silenced.get_parameter(name)[:] = 0
        silenced.get_parameter("weight")[3] *= 100
    nn.Module.train(model, mode=False)

    changed = with_smoothed_outliers(model, ids.tolist(), headroom=2.0)

    gain = changed.get_submodule("bert.encoder.layer.0.intermediate.dense").get_buffer("gain")
    assert int(gain.argmin()) == 3
    torch.testing.assert_close(changed(ids).logits, model(ids).logits)


def test_with_int8_weights_bears_a_network_that_reads_an_embedding_table_whole() -> None:
    torch.manual_seed(0)
    settings = DebertaV2Config(
        vocab_size=40,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        relative_attention=True,
        pos_att_type=["p2c", "c2p"],
        max_position_embeddings=32,
    )
    model = DebertaV2ForSequenceClassification(settings)
    nn.Module.train(model, mode=False)
    ids = torch.tensor([[2, 5, 6, 7, 3]])

    changed = with_int8_weights(model, n_layers=1)

    assert any(name.endswith("rel_embeddings.rows") for name in changed.state_dict())
    torch.testing.assert_close(changed(ids).logits, model(ids).logits, atol=0.01, rtol=0)
