from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sentiment.evaluation.suite.files import write_suite
from sentiment.evaluation.suite.tracked import track_suite
from tests.evaluation.suite.handmade import make_findings


def test_mlflow_holds_the_figures_of_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    findings = make_findings()
    written = write_suite(tmp_path / "evaluation", findings, chromium=None)
    store = tmp_path / "mlflow.db"
    run_id = track_suite(findings, written.folder, tracking_uri=f"sqlite:///{store}")
    with sqlite3.connect(store) as database:
        rows = database.execute("SELECT key, value FROM metrics WHERE run_uuid = ?", (run_id,))
        kept = dict(rows.fetchall())
    assert kept == {
        f"{group}/{name}": pytest.approx(value)
        for group, values in findings.flat().items()
        for name, value in values.items()
    }
    assert list(tmp_path.rglob("evaluation/figures.json"))
