"""A tiny network without dropout in a Trainer on a handful of rows."""

from __future__ import annotations

from pathlib import Path

import datasets
from torch import nn
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Trainer,
    set_seed,
)

from sentiment.config import EvaluationConfig, ModelConfig, PipelineConfig, TrainingConfig
from sentiment.models.base import load_base
from sentiment.models.transformer import make_trainer, tokenise, training_arguments

N_EMOTIONS = 28


def config_with(**training: object) -> PipelineConfig:
    return PipelineConfig(
        name="unit",
        corpora=["synthetic"],
        model=ModelConfig(base="tiny", max_length_tokens=16, dropout=0.0),
        training=TrainingConfig.model_validate({"precision": "fp32", **training}),
        evaluation=EvaluationConfig(corpora=["synthetic"], primary="synthetic"),
    )


def rows(n: int = 16) -> datasets.Dataset:
    """Return rows of unequal length with emotions on every second one."""
    return datasets.Dataset.from_dict(
        {
            "text": [f"{'love bad video'.split()[i % 3]} {'so ' * (i % 5)}" for i in range(n)],
            "label": [(2, 0, 1)[i % 3] for i in range(n)],
            "emotions": [[i % N_EMOTIONS, 27] if i % 2 else [] for i in range(n)],
            "source": ["unit"] * n,
        }
    )


def trainer_for(config: PipelineConfig, folder: Path) -> Trainer:
    with_emotions = config.training.emotion_loss_weight > 0
    set_seed(1)
    tokenizer, model = base(N_EMOTIONS if with_emotions else 0)
    split = tokenise(rows(), tokenizer, max_length_tokens=16, with_emotions=with_emotions)
    arguments = training_arguments(
        config, output_dir=folder, n_rows=len(split), n_processes=1, report_to=[]
    )
    return make_trainer(
        model, tokenizer, arguments, train=split, validation=split, training=config.training
    )


def base(n_extra_outputs: int = 0) -> tuple[PreTrainedTokenizerFast, PreTrainedModel]:
    tokenizer, model = load_base(
        ModelConfig(base="tiny", max_length_tokens=16, emoji_tokens=False),
        n_extra_outputs=n_extra_outputs,
    )
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return tokenizer, model
