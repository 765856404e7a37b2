"""Publishing from end to end: real bundles, real MLflow on sqlite, real Bento store."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sentiment.errors import RegistryError
from sentiment.evaluation.decision import GateDecision
from sentiment.evaluation.labelled_sets import LabelledSet
from sentiment.release import publication
from sentiment.release.bundle import MANIFEST_FILE, load_bundle
from sentiment.release.publication import publish
from sentiment.release.registered import CHAMPION, RegisteredModel
from sentiment.release.registry import ModelRegistry
from tests.release.handmade import make_handmade_bundle

_REPOSITORY = Path(__file__).resolve().parents[2]

# BentoML reads BENTOML_HOME once, when it is imported: hence a process of its own.
_SCRIPT = """
import json, sys
from pathlib import Path
import numpy as np
from sentiment.errors import GateRefusedError
from sentiment.evaluation.labelled_sets import LabelledSet
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import load_bundle
from sentiment.release.publication import describe, publish
from sentiment.release.registered import CHALLENGER, CHAMPION, PREVIOUS
from sentiment.release.registry import ModelRegistry
from sentiment.rollout.plan import Releases

folder, home = Path(sys.argv[1]), Path(sys.argv[2])
texts = tuple(f"comment number {n} says {n * 7}" for n in range(80))
said = Predictor.from_bundle(load_bundle(folder)).predict(texts)
labels = np.array([one.label.class_index for one in said], dtype=np.int64)
right = LabelledSet("made-up", "test", "people", True, texts, labels)
registry = ModelRegistry(f"sqlite:///{home / 'mlflow.db'}")
releases = Releases(home / "releases")
options = {"registry": registry, "champion_dir": home / "champion"}

def holders():
    return [holder and holder.version for holder in map(registry.holder, (CHAMPION, PREVIOUS))]

report = {}
dry = publish(folder, right, dry_run=True, **options)
report["dry"] = [dry.version, dry.model_tag, *holders()]
waiting = publish(folder, right, as_challenger=True, releases=releases, **options)
report["waiting"] = [waiting.version, *holders(), registry.holder(CHALLENGER).version]
report["waiting_lines"] = describe(waiting, built=False)
report["plan_before"] = releases.read() is not None
first = publish(folder, right, releases=releases, **options)
report["plan"] = releases.read().champion
report["served"] = load_bundle(releases.bundle_folder(releases.read().champion)).digest
report["first"] = [first.version, first.model_tag, *holders()]
weights = home / "checkpoint"
weights.mkdir()
(weights / "model.safetensors").write_bytes(b"weights")
again = publish(folder, right, checkpoint_dir=weights, **options)
champion = registry.holder(CHAMPION)
report["checkpoint"] = registry.fetch_checkpoint(champion, home / "fetched") is not None
report["again"] = [again.version, again.model_tag, again.decision.nothing_to_publish]
report["lines"] = describe(again, built=False)
try:
    publish(Path(sys.argv[3]), right, **options)
except GateRefusedError as error:
    report["refused"] = str(error)
report["after"] = holders()
print(json.dumps(report))
"""


@pytest.fixture
def twin_bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    """The same model with another manifest: another digest, the same predictions."""
    folder = tmp_path / "twin"
    shutil.copytree(tiny_bundle, folder)
    path = folder / MANIFEST_FILE
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "name": "twin"}), encoding="utf-8")
    return folder


@pytest.mark.slow
def test_publish_makes_champions_and_refuses_equals(
    tiny_bundle: Path, twin_bundle: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tiny_bundle), str(tmp_path), str(twin_bundle)],
        cwd=_REPOSITORY,
        env={**os.environ, "BENTOML_HOME": str(tmp_path / "bentoml")},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    tag = f"youtube_sentiment:{load_bundle(tiny_bundle).digest[:16]}"
    assert report["dry"] == [None, None, None, None]
    assert report["waiting"] == ["1", None, None, "1"]
    assert report["waiting_lines"][-1] == "Next: sentiment release shadow"
    assert report["plan_before"] is False
    assert report["plan"] == report["served"] == load_bundle(tiny_bundle).digest
    assert report["first"] == ["1", tag, "1", None]
    assert report["checkpoint"] is True
    assert report["again"] == ["1", tag, True]
    assert report["lines"][-1] == f"Next: SENTIMENT_MODEL_TAG={tag} bentoml build"
    assert "better on made-up: macro-F1 differs from the champion's by +0.0000" in report["refused"]
    assert report["after"] == ["1", None]


class _RegistryWithAnotherUser(ModelRegistry):
    """One in which somebody else makes a champion at a given moment."""

    moment = ""
    rival: RegisteredModel

    def promote_rival(self, moment: str) -> None:
        if self.moment == moment:
            self.promote(self.rival)

    def register(self, *arguments: Any, **options: Any) -> RegisteredModel:
        registered = super().register(*arguments, **options)
        self.promote_rival("while it is registered")
        return registered


@pytest.mark.parametrize("moment", ["while it is judged", "while it is registered"])
def test_a_model_does_not_take_over_from_a_champion_that_it_was_not_compared_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    registry = _RegistryWithAnotherUser(f"sqlite:///{tmp_path / 'mlflow.db'}")
    rival = make_handmade_bundle(tmp_path / "rival", content="rival")
    registry.rival = registry.register(rival, metrics={}, git_commit="a")
    registry.moment = moment
    candidate = make_handmade_bundle(tmp_path / "candidate", content="candidate")

    def judge(*_: object, **__: object) -> SimpleNamespace:
        registry.promote_rival("while it is judged")
        decision = GateDecision(candidate.digest, None, ())
        return SimpleNamespace(decision=decision, result=SimpleNamespace(flat=dict))

    monkeypatch.setattr(publication, "compare_bundles", judge)
    nothing = LabelledSet("made-up", "test", "people", True, (), np.array([], dtype=np.int64))

    with pytest.raises(RegistryError, match="became the champion while this one was judged"):
        publish(tmp_path / "candidate", nothing, registry=registry, champion_dir=tmp_path / "c")

    holder = registry.holder(CHAMPION)
    assert holder is not None
    assert holder.digest == rival.digest
