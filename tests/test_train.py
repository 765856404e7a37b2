"""Training with a tiny network: what comes out, what MLflow keeps, what a kill costs."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient

from sentiment.corpora.download import download
from sentiment.errors import TrainingError
from sentiment.inference.scorer import Scorer
from sentiment.release.checkpoint import TorchEngine, load_checkpoint
from sentiment.train import Trained
from tests.conftest import REPOSITORY
from tests.training_data import DIGEST, Place, small_config, training_place, write_splits


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with training_place(tmp_path_factory.mktemp("training")) as made:
        yield made


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
    # Nothing of the way there is left but the lock, which is empty.
    beside = {path.name for path in trained.checkpoint_dir.parent.iterdir()}
    assert beside == {"checkpoint", ".checkpoint.lock"}


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


PROGRAM = """
import sys
from pathlib import Path
from tests.training_data import Place, small_config
Place(Path(sys.argv[1])).train(small_config(max_steps=2, repeats={"synthetic": 2}), "traceless")
"""


@pytest.mark.slow
def test_train_leaves_no_text_in_the_cache_of_hugging_face(place: Place, tmp_path: Path) -> None:
    """Viewers' comments would stay there. In a process of its own: where it lies is asked once."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(place.folder)],
        cwd=place.folder,
        env={
            **environment,
            "PYTHONPATH": str(REPOSITORY),
            "HOME": str(tmp_path),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "HF_HOME": str(tmp_path / "huggingface"),
            "TMPDIR": str(tmp_path),
            "OMP_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    assert (place.folder / "traceless" / "checkpoint").is_dir()
    rows = pd.read_parquet(place.splits / "train.parquet")
    texts = [text for text in rows["text"].unique() if len(text) > 20]
    assert texts
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in left if path.suffix == ".arrow"] == []  # tokens are texts too
    for path in left:
        content = path.read_bytes()
        assert not any(text.encode() in content for text in texts), path


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
