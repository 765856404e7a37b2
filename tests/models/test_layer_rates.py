"""`layer_rate_decay`: which learning rate each part of a network has."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    PreTrainedModel,
    TrainingArguments,
)

from sentiment.errors import TrainingError
from sentiment.models.trainers import ClassifierTrainer

RATE = 0.1
SHAPE = {
    "vocab_size": 50,
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "num_labels": 3,
}


def tiny(kind: str) -> PreTrainedModel:
    """Return an untrained network of a kind that transformers knows."""
    names = AutoConfig.for_model(kind).attribute_map
    shape = {names.get(name, name): value for name, value in SHAPE.items()}
    if kind == "distilbert":
        shape["hidden_dim"] = shape.pop("intermediate_size")
    config = AutoConfig.for_model(kind, **shape)
    model: PreTrainedModel = AutoModelForSequenceClassification.from_config(config)  # type: ignore[no-untyped-call]
    return model


def rates_of(model: PreTrainedModel, folder: Path, *, decay: float) -> dict[str, float]:
    """Return the learning rate of each parameter, by name."""
    trainer = ClassifierTrainer(
        model=model,
        args=TrainingArguments(output_dir=str(folder), learning_rate=RATE, use_cpu=True),
        layer_rate_decay=decay,
    )
    optimizer = trainer.create_optimizer()
    names = {id(value): name for name, value in model.named_parameters()}
    found = [
        (names[id(value)], group["lr"])
        for group in optimizer.param_groups
        for value in group["params"]
    ]
    assert len(found) == len(names), "each parameter once"
    return dict(found)


@pytest.mark.parametrize("kind", ["bert", "mpnet", "roberta", "distilbert"])
def test_each_layer_learns_more_slowly_than_the_one_above_it(kind: str, tmp_path: Path) -> None:
    rates = rates_of(tiny(kind), tmp_path, decay=0.5)
    expected = {
        "classifier": RATE,
        "layer.1.": RATE / 2,
        "layer.0.": RATE / 4,
        "embeddings.": RATE / 8,
        "relative_attention_bias.": RATE / 8,
    }
    for name, rate in rates.items():
        part = next((part for part in expected if part in name), "classifier")
        assert rate == pytest.approx(expected[part]), name
    assert len(set(rates.values())) == 4


def test_a_network_without_known_layers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Leave layer_rate_decay at 1"):
        rates_of(tiny("albert"), tmp_path, decay=0.5)


def test_one_rate_is_the_default(tmp_path: Path) -> None:
    assert set(rates_of(tiny("bert"), tmp_path, decay=1.0).values()) == {RATE}
