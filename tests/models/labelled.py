"""Made-up comments that any model can learn, and one small setting of each kind of model."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from transformers import BertConfig, BertForSequenceClassification

from sentiment.config import ModelConfig
from sentiment.models.base import load_base
from sentiment.models.face import LabelledTexts
from sentiment.models.options import ModelOptions

_WORDS = (
    ("hate", "terrible", "worst", "awful 😡"),
    ("where", "how", "what part", "why"),
    ("love", "great", "best", "amazing 😍"),
)
_FILLERS = "this video is so very really it was a part song".split()

TINY_TRAINING = {"epochs": 6, "batch_size": 16, "learning_rate": 1e-2, "precision": "fp32"}
LEXICONS = ("textblob", "vader")
LEARNING: dict[str, dict[str, Any]] = {
    "tfidf_logistic": {"min_documents": 1},
    "tfidf_lightgbm": {"min_documents": 1, "min_rows_in_leaf": 2, "max_rounds": 30},
    "bilstm": {"embedding_size": 12, "hidden_size": 8, "batch_size": 16, "learning_rate": 0.02},
    "embeddings_logistic": {"base": "tiny", "inverse_regularisation": 500.0},
    "fine_tuned": {
        "model": {"base": "tiny", "max_length_tokens": 16},
        "training": TINY_TRAINING,
    },
}


def options_of(kind: str, **values: object) -> ModelOptions:
    """Return the small setting of a kind, with some values changed."""
    document = {"name": kind, "kind": kind, **LEARNING.get(kind, {}), **values}
    options: ModelOptions = TypeAdapter(ModelOptions).validate_python(document)
    return options


def labelled(n: int, *, seed: int = 0) -> LabelledTexts:
    """Return `n` comments, as many of each label as goes."""
    chance = random.Random(seed)
    texts = []
    for number in range(n):
        words = [*chance.sample(_FILLERS, 3), chance.choice(_WORDS[number % 3])]
        chance.shuffle(words)
        texts.append(" ".join(words))
    labels: NDArray[np.int64] = np.arange(n, dtype=np.int64) % 3
    return LabelledTexts(texts, labels)


def save_tiny_nli(folder: Path, *, labels: tuple[str, ...]) -> Path:
    """Save a network with random weights whose labels are those of natural-language inference."""
    tokenizer, _ = load_base(ModelConfig(base="tiny", emoji_tokens=False))
    head: dict[str, Any] = {
        "num_labels": len(labels),
        "id2label": dict(enumerate(labels)),
        "label2id": {name: index for index, name in enumerate(labels)},
    }
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            max_position_embeddings=192,
            initializer_range=0.5,
            **head,
        )
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
