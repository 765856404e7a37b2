"""Small configurations and corpora that are prepared in tests."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sentiment.config import EvaluationConfig, ModelConfig, PipelineConfig
from sentiment.preparation.prepare import Prepared, prepare

LONG = "I watched this whole documentary twice and the part about the whales made me cry again"
JOY, ANGER, NEUTRAL = "17", "2", "27"


def config_for(*corpora: str, evaluation: tuple[str, ...] = ()) -> PipelineConfig:
    measured = list(evaluation or corpora)
    return PipelineConfig(
        name="small",
        corpora=list(corpora),
        model=ModelConfig(base="tiny"),
        evaluation=EvaluationConfig(corpora=measured, primary=measured[0]),
    )


def run(config: PipelineConfig, raw_dir: Path) -> Prepared:
    folder = raw_dir.parent
    return prepare(
        config,
        raw_dir=raw_dir,
        interim_dir=folder / "interim",
        processed_dir=folder / "processed",
    )


def texts_of(prepared: Prepared, split: str) -> list[str]:
    return list(pd.read_parquet(prepared.directory / f"{split}.parquet")["text"])
