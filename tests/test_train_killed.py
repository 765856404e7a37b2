"""What a kill costs a training: it goes on, or begins anew, and ends as it would have ended."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors.torch import load_file
from transformers import EarlyStoppingCallback, TrainerState

from sentiment.checkpoints import fingerprint_of, remember
from sentiment.config import ExportConfig
from sentiment.errors import TrainingError
from sentiment.files import locked
from tests.conftest import REPOSITORY
from tests.training_data import Place, small_config, training_place

KILL_TIMEOUT_S = 120
LONG = small_config(max_steps=60, early_stopping_patience=1_000)
PROGRAM = """
import sys
from pathlib import Path
from tests.test_train_killed import LONG, Place
Place(Path(sys.argv[1])).train(LONG, sys.argv[2])
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with training_place(tmp_path_factory.mktemp("training")) as made:
        yield made


@pytest.fixture(scope="module")
def killed(place: Place) -> Path:
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


def test_killed_training_goes_on_whatever_is_to_come_after_it(killed: Path, place: Place) -> None:
    name = copy_of(killed, "exported-otherwise")
    config = LONG.model_copy(update={"export": ExportConfig(float_layers=1)})
    resumed = place.train(config, name)
    assert resumed.resumed_from_step is not None
    assert resumed.run_id
    run = place.client.get_run(resumed.run_id)
    assert run.info.status == "FINISHED"
    kept = place.client.download_artifacts(resumed.run_id, "config.json")
    assert json.loads(Path(kept).read_text()) == config.model_dump(mode="json")


def test_killed_training_of_another_configuration_begins_anew(killed: Path, place: Place) -> None:
    trained = place.train(small_config(max_steps=2), copy_of(killed, "changed"))
    assert trained.resumed_from_step is None


def test_killed_training_begins_anew_on_another_number_of_processes(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """It would go on at its step of many small ones, and find that nothing is left to do."""
    config = small_config(max_steps=2)
    work = place.folder / "fewer" / "checkpoint.work"
    (work / "checkpoint-1").mkdir(parents=True)
    (work / "checkpoint-1" / "trainer_state.json").write_text("{}")
    fingerprint = fingerprint_of(config, place.splits, n_processes=2)
    remember(work, fingerprint=fingerprint, run_id="of-two-processes")
    trained = place.train(config, "fewer")
    assert trained.resumed_from_step is None
    assert trained.run_id != "of-two-processes"
    assert f"{work} is of another configuration, base, data or number of processes" in caplog.text


def test_killed_training_begins_anew_when_asked(killed: Path, place: Place) -> None:
    name = copy_of(killed, "fresh")
    state = place.folder / name / "checkpoint.work" / "state.json"
    first_run = json.loads(state.read_text())["run_id"]
    mark_running(place, first_run)
    trained = place.train(LONG, name, fresh=True)
    assert trained.resumed_from_step is None
    assert trained.run_id != first_run
    assert place.client.get_run(first_run).info.status == "KILLED"


def mark_running(place: Place, run_id: str) -> None:
    """Make a run as its kill left it: copies of its folder share it, and one has gone on."""
    place.client.update_run(run_id, status="RUNNING")


def test_a_second_training_is_refused_and_takes_nothing_from_the_first(
    killed: Path, place: Place
) -> None:
    """The folder is as it is while the first one runs, but for the lock, which is held here."""
    folder = place.folder / copy_of(killed, "twice")
    left = (folder / "checkpoint.work").rglob("*")
    before = {path: path.stat().st_mtime_ns for path in left}
    lock = folder / ".checkpoint.lock"
    with locked(lock, refusal=TrainingError("held")), pytest.raises(TrainingError) as caught:
        place.train(small_config(max_steps=2), folder.name)
    assert f"Another training of {folder / 'checkpoint'} is going on" in caught.value.message
    assert {path: path.stat().st_mtime_ns for path in before} == before != {}


@pytest.mark.parametrize("killed_at", [10, 15])  # 15: where it would have stopped anyway
@pytest.mark.slow
def test_killed_training_remembers_how_long_nothing_got_better(
    place: Place, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    # So slow that no validation is better than the first.
    config = small_config(
        epochs=10, learning_rate=1e-12, checkpoints_per_epoch=3, early_stopping_patience=2
    )
    in_one_go = place.train(config, f"patient-{killed_at}").checkpoint_dir

    def die(_: object, __: object, state: TrainerState, ___: object, **____: object) -> None:
        if state.log_history[-1]["step"] == killed_at:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EarlyStoppingCallback, "on_save", die)
        with pytest.raises(KeyboardInterrupt):
            place.train(config, f"impatient-{killed_at}")
    resumed = place.train(config, f"impatient-{killed_at}")

    assert resumed.resumed_from_step == killed_at
    one, other = (
        json.loads((folder / "training.json").read_text())
        for folder in (in_one_go, resumed.checkpoint_dir)
    )
    assert one["steps"] == other["steps"] == 15
    assert one["best_step"] == other["best_step"] == 5
    weights, resumed_weights = (
        load_file(folder / "model.safetensors") for folder in (in_one_go, resumed.checkpoint_dir)
    )
    assert all(bool((weights[name] == resumed_weights[name]).all()) for name in weights)


def test_training_killed_at_its_end_makes_no_more_steps(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = small_config(max_steps=4, checkpoints_per_epoch=5)

    def die(_: object, __: object, state: TrainerState, ___: object, **____: object) -> None:
        if state.global_step == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EarlyStoppingCallback, "on_save", die)
        with pytest.raises(KeyboardInterrupt):
            place.train(config, "at-the-end")
    resumed = place.train(config, "at-the-end")
    assert resumed.resumed_from_step == 4
    assert json.loads((resumed.checkpoint_dir / "training.json").read_text())["steps"] == 4
