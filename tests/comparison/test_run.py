"""Whole comparisons on made-up comments: figures, what is taken up again, MLflow."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from mlflow import MlflowClient

from sentiment.comparison.config import CompareConfig
from sentiment.comparison.report import write_report
from sentiment.comparison.result import Comparison
from sentiment.comparison.run import compare
from sentiment.config import ModelConfig
from sentiment.errors import TrainingError
from sentiment.files import locked
from sentiment.models.base import load_base
from tests.comparison.racing import (
    SLOW,
    WITH_CHARACTERS,
    WORDS_ALONE,
    make_config,
    write_config,
)
from tests.conftest import REPOSITORY

SAMPLE = 180
KILL_TIMEOUT_S = 120


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(n_threads)


def race(
    config: CompareConfig, folder: Path, raw_dir: Path, **options: Any
) -> tuple[Comparison, list[tuple[str, int, bool]]]:
    """Compare in `folder` and return the result and the cells as they were told."""
    told: list[tuple[str, int, bool]] = []
    values = {"tracking_uri": None, "sample": SAMPLE, **options}
    comparison = compare(
        config,
        raw_dir=raw_dir,
        work_dir=folder / "work",
        on_cell=lambda *cell: told.append(cell),
        **values,
    )
    return comparison, told


def test_models_are_scored_on_every_row_and_ranked(tmp_path: Path, raw_dir: Path) -> None:
    blob = {"name": "blob", "kind": "textblob"}
    off = {**SLOW, "enabled": False}
    config = make_config(tmp_path, blob, WORDS_ALONE, off)
    comparison, told = race(config, tmp_path, raw_dir)
    assert [cell[:2] for cell in told] == [("blob", 0), ("blob", 1), ("words", 0), ("words", 1)]
    assert [result.name for result in comparison.results] == ["words", "blob"]
    words = comparison.results[0]
    assert words.primary > 0.6
    assert words.intervals["macro_f1"].low < words.primary < words.intervals["macro_f1"].high
    assert len(words.guesses) == comparison.n_rows == pytest.approx(SAMPLE, abs=2)
    assert min(words.size_bytes, words.comments_per_s, words.fit_s) > 0
    assert [(test.better, test.worse) for test in comparison.neighbours] == [("words", "blob")]
    assert comparison.choice.name in {"words", "blob"}


def test_finished_folds_are_kept_and_changed_ones_are_not(tmp_path: Path, raw_dir: Path) -> None:
    config = make_config(tmp_path, WORDS_ALONE, WITH_CHARACTERS)
    first, _ = race(config, tmp_path, raw_dir)
    again, told = race(config, tmp_path, raw_dir)
    assert all(was_kept for _, _, was_kept in told)
    assert [each.metrics for each in again.results] == [each.metrics for each in first.results]
    changed = make_config(tmp_path, {**WORDS_ALONE, "max_features": 50}, WITH_CHARACTERS)
    _, told = race(changed, tmp_path, raw_dir)
    assert {(name, was_kept) for name, _, was_kept in told} == {
        ("words", False),
        ("characters", True),
    }
    _, told = race(config.model_copy(update={"seed": 14}), tmp_path, raw_dir)
    assert not any(was_kept for _, _, was_kept in told)
    _, told = race(changed, tmp_path, raw_dir, fresh=True)
    assert not any(was_kept for _, _, was_kept in told)


def test_a_base_whose_weights_changed_is_measured_anew(tmp_path: Path, raw_dir: Path) -> None:
    base = tmp_path / "base"
    model = {"name": "embedded", "kind": "embeddings_logistic", "base": str(base)}
    config = make_config(tmp_path, {**model, "max_length_tokens": 16})
    figures = []
    for seed in (1, 2):
        write_base(base, seed=seed)
        comparison, told = race(config, tmp_path, raw_dir)
        assert not any(was_kept for _, _, was_kept in told)
        figures.append(comparison.results[0].guesses)
    assert (figures[0] != figures[1]).any()
    _, told = race(config, tmp_path, raw_dir)
    assert all(was_kept for _, _, was_kept in told)


def write_base(folder: Path, *, seed: int) -> None:
    """Write a tiny base model with weights of its own."""
    torch.manual_seed(seed)
    for part in load_base(ModelConfig(base="tiny", max_length_tokens=16)):
        part.save_pretrained(folder)


def test_other_rows_are_measured_anew(tmp_path: Path, raw_dir: Path) -> None:
    config = make_config(tmp_path, WORDS_ALONE)
    race(config, tmp_path, raw_dir)
    work = tmp_path / "work"
    (work / f"sample-{SAMPLE}").rename(work / "sample-120")
    _, told = race(config, tmp_path, raw_dir, sample=120)
    assert not any(was_kept for _, _, was_kept in told)


def test_a_half_written_fold_does_not_count(tmp_path: Path, raw_dir: Path) -> None:
    config = make_config(tmp_path, WORDS_ALONE)
    race(config, tmp_path, raw_dir)
    cell = tmp_path / "work" / f"sample-{SAMPLE}" / "words" / "fold-1" / "probabilities.npy"
    cell.write_bytes(cell.read_bytes()[:100])
    _, told = race(config, tmp_path, raw_dir)
    assert [was_kept for _, _, was_kept in told] == [True, False]


def test_a_killed_comparison_goes_on_where_it_was(tmp_path: Path, raw_dir: Path) -> None:
    models = (WORDS_ALONE, {**SLOW, "epochs": 25})
    path = write_config(tmp_path, *models)
    program = (
        "from pathlib import Path\n"
        "from sentiment.comparison.config import CompareConfig\n"
        "from sentiment.comparison.run import compare\n"
        "from sentiment.sections import read_config\n"
        f"compare(read_config(Path({str(path)!r}), CompareConfig), raw_dir=Path({str(raw_dir)!r}),"
        f" work_dir=Path({str(tmp_path / 'work')!r}), tracking_uri=None, sample={SAMPLE})\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([sys.executable, "-c", program], env=environment)
    finished = tmp_path / "work" / f"sample-{SAMPLE}" / "words" / "fold-1"
    try:
        deadline = time.monotonic() + KILL_TIMEOUT_S
        while not finished.is_dir() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    _, told = race(make_config(tmp_path, *models), tmp_path, raw_dir)
    assert told[:2] == [("words", 0, True), ("words", 1, True)]
    assert told[-1] == ("slow", 1, False)


def test_runs_are_nested_and_hold_the_figures(
    tmp_path: Path, raw_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # MLflow puts artefacts below the working directory
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    config = make_config(tmp_path, WORDS_ALONE, WITH_CHARACTERS)
    comparison, _ = race(config, tmp_path, raw_dir, tracking_uri=uri)
    client = MlflowClient(uri)
    experiment = client.get_experiment_by_name("comparison")
    assert experiment is not None
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    assert set(runs) == {"race", "words", "characters"}
    parent = runs["race"].info.run_id
    for result in comparison.results:
        run = runs[result.name]
        assert run.info.status == "FINISHED"
        assert run.data.tags["mlflow.parentRunId"] == parent
        assert run.data.metrics["macro_f1"] == pytest.approx(result.primary)
        assert run.data.params["model.kind"] == "tfidf_logistic"
    assert runs["race"].data.tags["choice"] == comparison.choice.name


@pytest.mark.parametrize("why", ["fresh", "changed"])
def test_runs_that_nobody_goes_on_with_are_ended(
    tmp_path: Path, raw_dir: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    config = make_config(tmp_path, WORDS_ALONE)
    client = MlflowClient(uri)
    experiment = client.create_experiment("comparison")
    left = [client.create_run(experiment).info.run_id for _ in range(2)]
    state = {"belongs_to": {}, "run_id": left[0], "models": {"words": left[1]}}
    state_file = tmp_path / "work" / f"sample-{SAMPLE}" / "runs.json"
    state_file.parent.mkdir(parents=True)
    state_file.write_text(json.dumps(state))
    race(config, tmp_path, raw_dir, tracking_uri=uri, fresh=why == "fresh")
    assert [client.get_run(run_id).info.status for run_id in left] == ["KILLED", "KILLED"]


def test_a_second_comparison_in_one_folder_is_refused(tmp_path: Path, raw_dir: Path) -> None:
    config = make_config(tmp_path, WORDS_ALONE)
    lock = tmp_path / "work" / f".sample-{SAMPLE}.lock"
    refused = pytest.raises(TrainingError, match="Another comparison is going on in")
    with locked(lock, refusal=TrainingError("held")), refused:
        race(config, tmp_path, raw_dir, fresh=True)


def test_report_says_the_same_in_both_forms(tmp_path: Path, raw_dir: Path) -> None:
    comparison, _ = race(make_config(tmp_path, WORDS_ALONE, WITH_CHARACTERS), tmp_path, raw_dir)
    write_report(tmp_path / "report", comparison)
    figures = json.loads((tmp_path / "report" / "comparison.json").read_text())
    text = (tmp_path / "report" / "comparison.md").read_text()
    for model in figures["models"]:
        assert f"| {model['name']} | {model['metrics']['accuracy']['value']:.3f} (" in text
    assert f"Choice: **{figures['choice']['name']}**" in text
    assert figures["rule"] in text
