"""A place and a bundle that the tests of the export share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from sentiment.corpora.download import download
from sentiment.release.bundle import Bundle
from sentiment.train import train
from tests.release.exporting.place import Place
from tests.training_data import small_config, write_splits


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("export")
    splits = write_splits(folder / "processed")
    download("synthetic", raw_dir=folder / "raw", data_dir=None)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # MLflow puts artefacts below the working directory
        for name, values in (
            ("one-task", {"epochs": 6, "learning_rate": 5e-3, "checkpoints_per_epoch": 1}),
            ("two-tasks", {"emotion_loss_weight": 0.2, "max_steps": 4}),
        ):
            train(
                small_config(**values),
                tracking_uri=f"sqlite:///{folder / 'mlflow.db'}",
                processed_dir=splits,
                checkpoint_dir=folder / name / "checkpoint",
            )
        yield Place(folder)
    torch.set_num_threads(n_threads)


@pytest.fixture(scope="package")
def bundle(place: Place) -> Bundle:
    return place.export(place.folder / "bundle")


@pytest.fixture
def checkpoint(place: Place, tmp_path: Path) -> Path:
    """A copy of the checkpoint, to be spoilt."""
    return Path(
        shutil.copytree(place.folder / "one-task" / "checkpoint", tmp_path / "a" / "checkpoint")
    )
