"""Three small splits that a tiny network can learn, a configuration, and a place to train in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import torch
from mlflow import MlflowClient

from sentiment.config import (
    EvaluationConfig,
    ModelConfig,
    PipelineConfig,
    PreparationConfig,
    TrainingConfig,
)
from sentiment.train import Trained, train

_WORDS = {0: "hate bad terrible worst", 1: "what where how first", 2: "love good great best"}
_FILLERS = "this video is so very really it was a part song".split()
DIGEST = "ab" * 32


@dataclass(frozen=True)
class Place:
    """A folder to train in, with data and one MLflow store."""

    folder: Path

    @property
    def splits(self) -> Path:
        return self.folder / "processed"

    @property
    def tracking_uri(self) -> str:
        return f"sqlite:///{self.folder / 'mlflow.db'}"

    @property
    def client(self) -> MlflowClient:
        return MlflowClient(self.tracking_uri)

    def train(self, config: PipelineConfig, name: str, *, fresh: bool = False) -> Trained:
        return train(
            config,
            tracking_uri=self.tracking_uri,
            processed_dir=self.splits,
            checkpoint_dir=self.folder / name / "checkpoint",
            fresh=fresh,
        )


@contextmanager
def training_place(folder: Path) -> Iterator[Place]:
    """Put data into a folder and work there, on one thread."""
    write_splits(folder / "processed")
    # More threads only wait for each other on so small a network, longest on a busy machine.
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # MLflow puts artefacts below the working directory
        yield Place(folder)
    torch.set_num_threads(n_threads)


def small_config(**training: object) -> PipelineConfig:
    """Return a configuration of the tiny network that trains in seconds."""
    values: dict[str, object] = {
        "epochs": 2,
        "batch_size": 16,
        "learning_rate": 1e-2,
        "precision": "fp32",
        "checkpoints_per_epoch": 2,
        **training,
    }
    return PipelineConfig(
        name="small",
        corpora=["synthetic"],
        model=ModelConfig(base="tiny", max_length_tokens=16),
        training=TrainingConfig.model_validate(values),
        evaluation=EvaluationConfig(corpora=["synthetic"], primary="synthetic"),
    )


def write_splits(folder: Path) -> Path:
    """Write train, validation and test parquet files and a manifest; return the folder."""
    folder.mkdir(parents=True)
    for split, n_rows in (("train", 240), ("validation", 60), ("test", 30)):
        _rows(split, n_rows).to_parquet(folder / f"{split}.parquet", index=False)
    manifest = {
        "corpora": {"synthetic": {"sha256": DIGEST, "rows_trained_on": 240}},
        "made_from": {
            "preparation": PreparationConfig().model_dump(mode="json"),
            "corpora": ["synthetic"],
            "taught": [],
            "sha256": {"synthetic": DIGEST},
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def _rows(split: str, n_rows: int) -> pd.DataFrame:
    texts, labels = [], []
    for number in range(n_rows):
        label = number % 3
        words = _WORDS[label].split()
        fillers = [_FILLERS[(number * step) % len(_FILLERS)] for step in range(1, 2 + number % 6)]
        texts.append(" ".join([*fillers, words[(number // 3) % len(words)]]))
        labels.append(label)
    return pd.DataFrame(
        {
            "id": [f"{split}-{number}" for number in range(n_rows)],
            "source": "synthetic",
            "text": texts,
            "label": labels,
            "split": split,
            "emotions": [[label] if label != 1 else [] for label in labels],
        }
    )
