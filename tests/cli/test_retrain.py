"""`sentiment retrain` from votes in a real store to a challenger, with a tiny network."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sentiment import train as training
from sentiment.config import PipelineConfig
from sentiment.release.registered import CHALLENGER, CHAMPION
from sentiment.release.registry import ModelRegistry
from sentiment.retraining.state import RETRAIN_DIR, RetrainFolder, Step
from sentiment.train import Trained
from tests.cli.calling import CommandLine, Outcome, assert_clear
from tests.cli.correcting import CONFIG, correct, texts_of, write_corpora
from tests.release.handmade import make_handmade_bundle


class _KilledError(BaseException):
    """As a kill would: nothing of the command's own handles it."""


@pytest.fixture
def registry(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModelRegistry:
    """A registry on sqlite; corpora, a configuration and votes lie in the folder."""
    write_corpora(folder)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder / 'mlflow.db'}")
    monkeypatch.setenv("SENTIMENT_STORE_URL", f"sqlite:///{folder / 'store.db'}")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return ModelRegistry(f"sqlite:///{folder / 'mlflow.db'}")


@pytest.mark.slow
def test_corrections_become_a_challenger_that_begins_with_the_champion(
    folder: Path,
    registry: ModelRegistry,
    sentiment: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trained: list[str] = []
    _note_trainings(monkeypatch, trained)
    correct(folder, range(60))

    waits = sentiment("retrain", "--config", "fed.yaml", "--when", "corrections:61")
    assert waits.code == 24
    assert "60 new corrections" in waits.stdout

    # Killed after every step, and once with training done but not noted.
    with monkeypatch.context() as patch:
        _kill_after_each_step(patch)
        first, n_kills = _until_done(sentiment)
    assert first.code == 0, first.stderr
    assert n_kills == len(Step) + 1
    assert trained == ["tiny"]
    made = registry.holder(CHALLENGER)
    assert made is not None
    assert made.tags["data.feedback"]
    told = json.loads(first.stdout)
    assert told["outcome"] == "challenger"
    assert told["data"]["rows"]["feedback"].keys() <= {"train", "validation"}
    assert told["gate"]["champion"] is None
    # Texts go when it is over.
    assert not list(RETRAIN_DIR.rglob("*.parquet"))
    assert not list(folder.rglob("feedback.csv"))

    registry.promote(made)
    correct(folder, range(60, 80))
    again = sentiment("retrain", "--config", "fed.yaml", "--when", "corrections:20", "--json")
    assert again.code == 0, again.stderr
    told = json.loads(again.stdout)
    assert told["parent"]["from_checkpoint"] is True
    assert trained[1].endswith("parent")
    names = [check["name"] for check in told["gate"]["checks"]]
    assert "not worse on goemotions" in names
    assert "not worse on held-back corrections" in names
    newer = registry.holder(CHALLENGER)
    assert newer is not None
    assert newer.tags["started_from"] == made.digest
    assert registry.holder(CHAMPION) == made
    page = (folder / "reports/retrain.html").read_text(encoding="utf-8")
    assert f"version {newer.version} is the challenger" in page
    assert "the champion&#x27;s checkpoint (version 1)" in page
    assert not any(text in page for text in texts_of(range(80)))

    assert sentiment("retrain", "--config", "fed.yaml", "--when", "corrections:1").code == 24

    # A few updates, far too large: it forgets what the champion knew.
    wild = CONFIG.replace("epochs: 6", "max_steps: 4").replace("1.0e-2", "0.9")
    (folder / "fed.yaml").write_text(wild, encoding="utf-8")
    refused = sentiment("retrain", "--config", "fed.yaml")
    assert refused.code == 8, refused.stderr
    assert "not worse on goemotions" in refused.stderr
    assert registry.holder(CHALLENGER) == newer
    assert "Refused by the gate" in (folder / "reports/retrain.html").read_text(encoding="utf-8")


def test_without_corrections_there_is_nothing_to_do(
    folder: Path, registry: ModelRegistry, sentiment: CommandLine
) -> None:
    correct(folder, range(0))
    nothing = sentiment("retrain", "--config", "fed.yaml", "--json")
    assert nothing.code == 24
    assert "no correction" in json.loads(nothing.stdout)["why"]
    assert_clear(sentiment("retrain", "--config", "fed.yaml", "--when", "now"), 2, "corrections:N")


def test_a_folder_in_the_corrections_place_is_named_and_not_called_a_lack_of_them(
    folder: Path, registry: ModelRegistry, sentiment: CommandLine
) -> None:
    letters = folder / "data/feedback/letter.txt"
    letters.parent.mkdir()
    letters.write_text("dear team", encoding="utf-8")
    correct(folder, range(6))
    outcome = sentiment("retrain", "--config", "fed.yaml")
    assert_clear(outcome, 3, "holds something other than collected corrections")
    assert letters.is_file()


def test_texts_of_a_retraining_that_was_killed_at_its_end_go_with_the_next(
    folder: Path, registry: ModelRegistry, sentiment: CommandLine
) -> None:
    left = folder / "data/.feedback.leaving.partial/feedback.csv"
    left.parent.mkdir()
    left.write_text("a text", encoding="utf-8")
    correct(folder, range(0))
    assert sentiment("retrain", "--config", "fed.yaml").code == 24
    assert not left.parent.exists()


def test_a_champion_of_another_base_is_refused_before_a_text_is_written(
    folder: Path, registry: ModelRegistry, sentiment: CommandLine
) -> None:
    weights = folder / "weights"
    weights.mkdir()
    (weights / "model.safetensors").write_bytes(b"weights")
    bundle = make_handmade_bundle(folder / "handmade")
    registry.promote(registry.register(bundle, metrics={}, git_commit="a", checkpoint_dir=weights))
    correct(folder, range(6))
    outcome = sentiment("retrain", "--config", "fed.yaml")
    assert_clear(outcome, 5, "was made of none, the configuration fed wants tiny")
    assert not list(folder.rglob("feedback.csv"))


def _note_trainings(patch: pytest.MonkeyPatch, bases: list[str]) -> None:
    """Have every training note what it began with."""
    real = training.train

    def noted(config: PipelineConfig, **options: Any) -> Trained:
        trained = real(config, **options)
        bases.append(config.model.base)
        return trained

    patch.setattr(training, "train", noted)


def _kill_after_each_step(patch: pytest.MonkeyPatch) -> None:
    """Have every step be the last of its run; training once before that is written down."""
    real = RetrainFolder.save
    killed_early: list[bool] = []

    def save(folder: RetrainFolder) -> None:
        if folder.state.done[-1:] == [Step.TRAIN] and not killed_early:
            killed_early.append(True)
            raise _KilledError
        real(folder)
        if folder.state.done == [Step.COLLECT]:
            # As another retraining does that ends meanwhile.
            shutil.rmtree("data/feedback")
        if folder.state.outcome is None:
            raise _KilledError

    patch.setattr(RetrainFolder, "save", save)


def _until_done(sentiment: CommandLine) -> tuple[Outcome, int]:
    """Call again and again; return what came of it, and how often it was killed."""
    for n_kills in range(20):
        try:
            return sentiment("retrain", "--config", "fed.yaml", "--json"), n_kills
        except _KilledError:
            continue
    raise AssertionError("it never ends")
