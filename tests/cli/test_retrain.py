"""`sentiment retrain` from votes in a real store to a challenger, with a tiny network."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sentiment import train as training
from sentiment.comments import Comment
from sentiment.config import PipelineConfig
from sentiment.labels import LABELS
from sentiment.release.registered import CHALLENGER, CHAMPION
from sentiment.release.registry import ModelRegistry
from sentiment.retraining.state import RETRAIN_DIR, RetrainFolder, Step
from sentiment.store import open_store
from sentiment.train import Trained
from tests.cli.calling import CommandLine, Outcome, assert_clear
from tests.corpora.handmade import write_goemotions

_WORDS = ("hate terrible awful worst", "what where how first", "love great amazing best")
_FILLERS = (
    "this video is so very really it was a part song i you the and not never don't why nice "
    "good bad boring"
).split()
_EMOTIONS = ("2", "27", "17")  # anger, neutral, joy
_CONFIG = """
name: fed
corpora: [goemotions]
model: {base: tiny, max_length_tokens: 32}
training: {epochs: 6, batch_size: 16, learning_rate: 1.0e-2, precision: fp32,
  checkpoints_per_epoch: 1, repeats: {feedback: 2}}
export: {quantisation: none}
evaluation: {corpora: [goemotions], primary: goemotions, resamples: 200, behaviour_cases: 2}
"""


class _KilledError(BaseException):
    """As a kill would: nothing of the command's own handles it."""


@pytest.fixture
def registry(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModelRegistry:
    """A registry on sqlite; corpora, a configuration and votes lie in the folder."""
    rng = random.Random(7)
    write_goemotions(
        folder / "data/raw",
        train=_labelled(rng, 240),
        dev=_labelled(rng, 45),
        test=_labelled(rng, 90),
    )
    (folder / "fed.yaml").write_text(_CONFIG, encoding="utf-8")
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
    _correct(folder, range(60))

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
    assert not list(RETRAIN_DIR.rglob("*.parquet"))  # texts go when it is over

    registry.promote(made)
    _correct(folder, range(60, 80))
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
    assert not any(text in page for text in _texts(range(80)))

    assert sentiment("retrain", "--config", "fed.yaml", "--when", "corrections:1").code == 24

    # A few updates, far too large: it forgets what the champion knew.
    wild = _CONFIG.replace("epochs: 6", "max_steps: 4").replace("1.0e-2", "0.9")
    (folder / "fed.yaml").write_text(wild, encoding="utf-8")
    refused = sentiment("retrain", "--config", "fed.yaml")
    assert refused.code == 8, refused.stderr
    assert "not worse on goemotions" in refused.stderr
    assert registry.holder(CHALLENGER) == newer
    assert "Refused by the gate" in (folder / "reports/retrain.html").read_text(encoding="utf-8")


def test_without_corrections_there_is_nothing_to_do(
    folder: Path, registry: ModelRegistry, sentiment: CommandLine
) -> None:
    _correct(folder, range(0))
    nothing = sentiment("retrain", "--config", "fed.yaml", "--json")
    assert nothing.code == 24
    assert "no correction" in json.loads(nothing.stdout)["why"]
    assert_clear(sentiment("retrain", "--config", "fed.yaml", "--when", "now"), 2, "corrections:N")


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


def _correct(folder: Path, numbers: Sequence[int]) -> None:
    """Have one voter say what each of some comments feels like."""
    now = datetime.now(UTC)
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        texts = _texts(numbers)
        comments = [
            Comment(
                id=f"c{number}",
                video_id="video000001",
                text=text,
                like_count=0,
                published_at=now,
                parent_id=None,
            )
            for number, text in zip(numbers, texts, strict=True)
        ]
        store.save_comments(comments, fetched_at=now)
        for number in numbers:
            store.add_feedback(
                f"c{number}", LABELS[number % 3], model_digest=None, voter=f"v{number % 7}"
            )


def _texts(numbers: Sequence[int]) -> list[str]:
    return [_text(random.Random(1_000 + number), number % 3) for number in numbers]


def _labelled(rng: random.Random, n: int) -> list[tuple[str, str]]:
    return [(_text(rng, number % 3), _EMOTIONS[number % 3]) for number in range(n)]


def _text(rng: random.Random, label: int) -> str:
    """Return words that only one label has, among others that all have."""
    words = [rng.choice(_FILLERS) for _ in range(rng.randint(6, 9))]
    for _ in range(3):
        words.insert(rng.randint(0, len(words)), rng.choice(_WORDS[label].split()))
    return " ".join(words)
