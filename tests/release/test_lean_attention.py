"""Rewrites of the network that must not change what it says."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from transformers import DistilBertConfig, DistilBertForSequenceClassification

from sentiment.config import ModelConfig
from sentiment.models.base import load_base
from sentiment.release.lean_attention import (
    FirstTokenLayer,
    MergedSelfAttention,
    with_lean_attention,
)

# Two texts of unlike length, the second padded.
IDS = torch.tensor([[2, 5, 6, 7, 3], [2, 9, 3, 0, 0]])
MASK = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_logits_stay_what_they_were(attention: str) -> None:
    torch.manual_seed(0)
    _, model = load_base(ModelConfig(base="tiny"))
    model.set_attn_implementation(attention)
    nn.Module.train(model, mode=False)

    lean = with_lean_attention(model)

    with torch.inference_mode():
        torch.testing.assert_close(
            lean(input_ids=IDS, attention_mask=MASK).logits,
            model(input_ids=IDS, attention_mask=MASK).logits,
            rtol=1e-3,
            atol=1e-4,
        )
    kinds = [type(module) for module in lean.modules()]
    assert kinds.count(FirstTokenLayer) == 1
    assert kinds.count(MergedSelfAttention) == 1
    assert not any(isinstance(module, FirstTokenLayer) for module in model.modules())


def test_a_network_of_another_shape_comes_back_as_it_is() -> None:
    torch.manual_seed(0)
    model = DistilBertForSequenceClassification(
        DistilBertConfig(vocab_size=20, dim=16, hidden_dim=32, n_layers=2, n_heads=2)
    )
    nn.Module.train(model, mode=False)

    lean = with_lean_attention(model)

    with torch.inference_mode():
        assert torch.equal(
            lean(input_ids=IDS, attention_mask=MASK).logits,
            model(input_ids=IDS, attention_mask=MASK).logits,
        )
