"""The whole pipeline through the command line, each step in a process of its own."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import Outcome, in_a_process
from tests.conftest import REPOSITORY
from tests.corpora.handmade import write_table

SMOKE = REPOSITORY / "configs" / "smoke.yaml"
STEP_TIMEOUT_S = 240


@dataclass(frozen=True)
class Shell:
    """A folder in which commands run."""

    folder: Path

    def __call__(self, *arguments: str | Path) -> Outcome:
        return in_a_process(
            *arguments,
            folder=self.folder,
            timeout_s=STEP_TIMEOUT_S,
            OMP_NUM_THREADS="1",
            MLFLOW_TRACKING_URI=f"sqlite:///{self.folder / 'mlflow.db'}",
            BENTOML_HOME=str(self.folder / "bentoml"),
        )

    def json_of(self, *arguments: str | Path) -> Any:
        outcome = self(*arguments, "--json")
        assert outcome.code == 0, outcome.stderr
        return json.loads(outcome.stdout)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_pipeline_runs_from_download_to_the_gate(tmp_path: Path) -> None:
    run = Shell(tmp_path)

    (downloaded,) = run.json_of("download", "--config", SMOKE)
    assert downloaded["origin"] == "made"
    manifest = run.json_of("prepare", "--config", SMOKE)
    assert set(manifest["rows"]["synthetic"]) == {"train", "validation", "test"}

    trained = run.json_of("train", "--config", SMOKE)
    assert trained["checkpoint"] == "outputs/smoke/checkpoint"
    assert trained["resumed_from_step"] is None
    with sqlite3.connect(tmp_path / "mlflow.db") as database:
        runs = database.execute("SELECT run_uuid, status FROM runs").fetchall()
    assert runs == [(trained["run_id"], "FINISHED")]

    exported = run.json_of("export", "--config", SMOKE)
    assert exported["corpora"] == [
        {
            "name": "synthetic",
            "rows": manifest["corpora"]["synthetic"]["rows_trained_on"],
            "sha256": manifest["corpora"]["synthetic"]["sha256"],
        }
    ]
    bundle = tmp_path / "outputs/smoke/bundle"
    assert run.json_of("bundle", "show", bundle) == exported
    verified = run.json_of("bundle", "verify", bundle)
    assert verified == {"name": "smoke", "digest": exported["digest"]}

    (result,) = run.json_of("evaluate", "--config", SMOKE, "--output", "reports/smoke")["results"]
    assert result["model"] == verified
    assert result["human_labelled"] is False
    # The exporter measured the very same rows with the very same model.
    sealed = exported["metrics"]["synthetic"]
    assert result["n"] == sealed["n"]
    for metric in ("accuracy", "macro_f1", "macro_recall"):
        assert result["metrics"][metric]["value"] == pytest.approx(sealed[metric], abs=1e-4)
    report = {path.name for path in (tmp_path / "reports/smoke").iterdir()}
    assert {"index.html", "metrics.json", "predictions.csv", "results.json"} <= report

    table = write_table(tmp_path / "in.csv", ["text"], [["so good"], [""]])
    labelled = run("predict", "--input", table, "--output", "out.jsonl", "--bundle", bundle)
    assert labelled.code == 0, labelled.stderr
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    assert [json.loads(line)["status"] == "empty" for line in lines] == [False, True]

    # Nobody labelled made-up comments: no figure on them makes a champion.
    refused = run("publish", "--bundle", bundle, "--corpus", "synthetic")
    assert refused.code == 8, refused.stderr
    assert "Traceback" not in refused.stderr
    assert f"The gate refuses {exported['digest'][:12]}" in refused.stderr
    assert "labels: synthetic is labelled by a machine" in refused.stderr
    assert not (tmp_path / "bentoml/models/youtube_sentiment").exists()
    with sqlite3.connect(tmp_path / "mlflow.db") as database:
        assert database.execute("SELECT * FROM model_versions").fetchall() == []
