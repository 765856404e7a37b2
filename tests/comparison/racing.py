"""A comparison of small models on made-up comments: its corpus, its configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sentiment.comparison.config import CompareConfig
from sentiment.sections import read_config

WORDS_ALONE: dict[str, Any] = {
    "name": "words",
    "kind": "tfidf_logistic",
    "character_ngrams": None,
    "min_documents": 1,
}
WITH_CHARACTERS: dict[str, Any] = {
    "name": "characters",
    "kind": "tfidf_logistic",
    "word_ngrams": None,
    "character_ngrams": [2, 3],
    "min_documents": 1,
}
SLOW: dict[str, Any] = {
    "name": "slow",
    "kind": "bilstm",
    "embedding_size": 4,
    "hidden_size": 4,
    "epochs": 20,
}


def write_config(folder: Path, *models: dict[str, Any], **values: object) -> Path:
    """Write a configuration of two folds on the corpus `synthetic`."""
    document = {
        "name": "race",
        "corpora": ["synthetic"],
        "folds": 2,
        "resamples": 200,
        "models": list(models),
        **values,
    }
    path = folder / "race.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def make_config(folder: Path, *models: dict[str, Any], **values: object) -> CompareConfig:
    """Return the configuration of `write_config`, read from its file."""
    return read_config(write_config(folder, *models, **values), CompareConfig)
