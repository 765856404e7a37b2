"""Training with a tiny network: what comes out, what MLflow keeps, what a kill costs."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from mlflow import MlflowClient
from transformers import EarlyStoppingCallback, TrainerState

from sentiment.config import PipelineConfig
from sentiment.corpora.download import download
from sentiment.errors import TrainingError
from sentiment.inference.scorer import Scorer
from sentiment.release.checkpoint import TorchEngine, load_checkpoint
from sentiment.train import Trained, train
from tests.conftest import REPOSITORY
from tests.training_data import DIGEST, small_config, write_splits

KILL_TIMEOUT_S = 120


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


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("training")
    write_splits(folder / "processed")
    # More threads only wait for each other on so small a network, longest on a busy machine.
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # MLflow puts artefacts below the working directory
        yield Place(folder)
    torch.set_num_threads(n_threads)


@pytest.fixture(scope="module")
def trained(place: Place) -> Trained:
    config = small_config(epochs=6, learning_rate=5e-3, checkpoints_per_epoch=1)
    return place.train(config, "first")


def test_train_learns_and_gives_its_metrics(trained: Trained) -> None:
    assert set(trained.validation) == {"macro_f1", "accuracy", "macro_recall", "loss"}
    assert trained.validation["macro_f1"] > 0.9
    assert trained.resumed_from_step is None
    assert trained.run_id


def test_checkpoint_is_whole_and_holds_no_pickle(trained: Trained, place: Place) -> None:
    names = {path.name for path in trained.checkpoint_dir.iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json", "training.json"} <= names
    suffixes = {path.suffix for path in trained.checkpoint_dir.rglob("*")}
    assert suffixes <= {".json", ".safetensors", ".csv"}
    # Nothing of the way there is left.
    assert [path.name for path in trained.checkpoint_dir.parent.iterdir()] == ["checkpoint"]


def test_checkpoint_predicts_what_was_validated(trained: Trained, place: Place) -> None:
    tokenizer, model = load_checkpoint(trained.checkpoint_dir)
    frame = pd.read_parquet(place.splits / "validation.parquet")
    scorer = Scorer(TorchEngine(model), tokenizer.backend_tokenizer, max_length_tokens=16)
    guesses = scorer.logits(list(frame["text"])).argmax(axis=1)
    accuracy = (guesses == frame["label"].to_numpy()).mean()
    assert accuracy == pytest.approx(trained.validation["accuracy"])
    summary = json.loads((trained.checkpoint_dir / "training.json").read_text())
    confusion = np.zeros((3, 3), dtype=int)
    np.add.at(confusion, (frame["label"].to_numpy(), guesses), 1)
    assert summary["validation_confusion"]["rows_true_by_predicted"] == confusion.tolist()


def test_run_holds_parameters_digests_and_metrics(trained: Trained, place: Place) -> None:
    assert trained.run_id
    run = place.client.get_run(trained.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params["config.training.learning_rate"] == "0.005"
    assert run.data.params["config.model.base"] == "tiny"
    assert run.data.tags["corpus.synthetic"] == DIGEST
    assert run.data.metrics["final.macro_f1"] == pytest.approx(trained.validation["macro_f1"])
    # The Trainer's callback drew its curves into the same run.
    assert len(place.client.get_metric_history(trained.run_id, "eval_macro_f1")) >= 2
    assert place.client.get_metric_history(trained.run_id, "loss")


def test_run_holds_the_artefacts(trained: Trained, place: Place) -> None:
    assert trained.run_id
    names = {item.path for item in place.client.list_artifacts(trained.run_id)}
    assert {"confusion.png", "summary.json", "data.json", "checkpoint"} <= names
    inside = {item.path for item in place.client.list_artifacts(trained.run_id, "checkpoint")}
    assert "checkpoint/model.safetensors" in inside


def test_training_twice_gives_the_same_weights(trained: Trained, place: Place) -> None:
    one, two = (place.train(small_config(max_steps=3), name) for name in ("one", "two"))
    assert one.validation == two.validation
    assert one.run_id != two.run_id
    left, right = (run.checkpoint_dir / "model.safetensors" for run in (one, two))
    assert left.read_bytes() == right.read_bytes()


def test_train_with_the_second_task_puts_the_labels_first(place: Place) -> None:
    trained = place.train(small_config(emotion_loss_weight=0.2, max_steps=4), "two-tasks")
    assert all(math.isfinite(value) for value in trained.validation.values())
    tokenizer, model = load_checkpoint(trained.checkpoint_dir)
    assert model.config.num_labels == 31
    scorer = Scorer(TorchEngine(model), tokenizer.backend_tokenizer, max_length_tokens=16)
    assert scorer.logits(["so good", "bad"]).shape == (2, 3)


def test_train_refuses_missing_splits(place: Place, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"Wanted the train split at .*train\.parquet"):
        Place(tmp_path).train(small_config(), "nothing")


def test_train_refuses_splits_without_labels(place: Place, tmp_path: Path) -> None:
    folder = write_splits(tmp_path / "processed")
    frame = pd.read_parquet(folder / "train.parquet")
    frame.drop(columns="label").to_parquet(folder / "train.parquet")
    with pytest.raises(TrainingError, match="lacks label; it has id, source, text"):
        Place(tmp_path).train(small_config(), "nothing")


LONG = small_config(max_steps=60, early_stopping_patience=1_000)
PROGRAM = """
import sys
from pathlib import Path
from tests.test_train import LONG, Place
Place(Path(sys.argv[1])).train(LONG, sys.argv[2])
"""


@pytest.fixture(scope="module")
def killed(place: Place, trained: Trained) -> Path:
    """The folder that a training left when SIGKILL met it after its first checkpoint."""
    folder = place.folder / "killed"
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(place.folder), folder.name],
        cwd=place.folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + KILL_TIMEOUT_S
        while not list(folder.glob("checkpoint.work/checkpoint-*/trainer_state.json")):
            assert process.poll() is None, "the training ended before it was killed"
            assert time.monotonic() < deadline, "no checkpoint came"
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert not (folder / "checkpoint").exists()
    return folder


def copy_of(killed: Path, name: str) -> str:
    shutil.copytree(killed, killed.with_name(name))
    return name


def test_killed_training_goes_on_in_the_same_run(killed: Path, place: Place) -> None:
    name = copy_of(killed, "resumed")
    work = place.folder / name / "checkpoint.work"
    first_run = json.loads((work / "state.json").read_text())["run_id"]
    steps = [
        int(path.parent.name.split("-")[1]) for path in work.glob("checkpoint-*/trainer_state.json")
    ]
    # Writing was cut short twice: no state at all, and half a state.
    (work / "checkpoint-900").mkdir()
    (work / "checkpoint-901").mkdir()
    (work / "checkpoint-901" / "trainer_state.json").write_text('{"global_step": 9')

    resumed = place.train(LONG, name)

    assert resumed.resumed_from_step == max(steps)
    assert resumed.run_id == first_run
    summary = json.loads((resumed.checkpoint_dir / "training.json").read_text())
    assert summary["steps"] == 60
    run = place.client.get_run(first_run)
    assert run.info.status == "FINISHED"
    assert not work.exists()


def test_killed_training_of_another_configuration_begins_anew(killed: Path, place: Place) -> None:
    trained = place.train(small_config(max_steps=2), copy_of(killed, "changed"))
    assert trained.resumed_from_step is None


def test_killed_training_begins_anew_when_asked(killed: Path, place: Place) -> None:
    name = copy_of(killed, "fresh")
    state = place.folder / name / "checkpoint.work" / "state.json"
    first_run = json.loads(state.read_text())["run_id"]
    trained = place.train(LONG, name, fresh=True)
    assert trained.resumed_from_step is None
    assert trained.run_id != first_run


def test_killed_training_remembers_how_long_nothing_got_better(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So slow that no validation is better than the first.
    config = small_config(
        epochs=10, learning_rate=1e-12, checkpoints_per_epoch=3, early_stopping_patience=2
    )
    in_one_go = place.train(config, "patient").checkpoint_dir

    def die_after_the_second_validation(
        _: object, __: object, state: TrainerState, ___: object, **____: object
    ) -> None:
        if state.log_history[-1]["step"] == 10:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(EarlyStoppingCallback, "on_save", die_after_the_second_validation)
        place.train(config, "impatient")
    resumed = place.train(config, "impatient")

    assert resumed.resumed_from_step == 10
    steps = [
        json.loads((folder / "training.json").read_text())["steps"]
        for folder in (in_one_go, resumed.checkpoint_dir)
    ]
    assert steps == [15, 15]


# On processors alone, accelerate's launcher starts one process: several come from torchrun, whose
# environment it sets up on GPU boxes.
LAUNCHERS = {
    "accelerate": (["accelerate.commands.launch", "--cpu", "--mixed_precision", "no"], 1),
    "torchrun": (["torch.distributed.run", "--standalone", "--nproc_per_node", "2"], 2),
}


@pytest.mark.slow
@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_launchers_train_on_one_process_and_on_two(tmp_path: Path, launcher: str) -> None:
    download("synthetic", raw_dir=tmp_path / "data" / "raw", data_dir=None)
    arguments, n_processes = LAUNCHERS[launcher]
    command = [sys.executable, "-m", *arguments, "-m", "sentiment.train"]
    done = subprocess.run(
        [*command, "--config", str(REPOSITORY / "configs" / "smoke.yaml")],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'mlflow.db'}",
            "OMP_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    summary = json.loads((tmp_path / "outputs/smoke/checkpoint/training.json").read_text())
    n_rows = len(pd.read_parquet(tmp_path / "data/processed/smoke/train.parquet"))
    # Two processes share an epoch: half as many updates as one alone makes.
    assert summary["steps"] == math.ceil(n_rows / (16 * n_processes))
    runs = MlflowClient(f"sqlite:///{tmp_path / 'mlflow.db'}").search_runs(["1"])
    assert [run.info.status for run in runs] == ["FINISHED"]


def test_averaged_checkpoints_score_at_least_as_the_best(place: Place) -> None:
    config = small_config(
        epochs=3, learning_rate=5e-3, checkpoints_per_epoch=1, averaged_checkpoints=3
    )
    trained = place.train(config, "averaged")
    summary = json.loads((trained.checkpoint_dir / "training.json").read_text())
    assert summary["best_step"] in summary["averaged_steps"]
    assert trained.run_id
    curve = place.client.get_metric_history(trained.run_id, "eval_macro_f1")
    assert trained.validation["macro_f1"] >= max(point.value for point in curve) - 1e-9
