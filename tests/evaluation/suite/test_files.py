"""The files of a report: all of one source, whole, and the PDF a PDF."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from sentiment.errors import ConfigError
from sentiment.evaluation.suite.files import write_suite
from sentiment.evaluation.suite.printing import find_chromium, print_pdf
from tests.evaluation.suite.handmade import make_findings


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def broken_chromium(folder: Path) -> Path:
    path = folder / "chromium"
    path.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_every_file_holds_the_same_figures(tmp_path: Path) -> None:
    findings = make_findings(with_champion=True)
    written = write_suite(tmp_path / "evaluation", findings, chromium=None)
    assert written.page == tmp_path / "evaluation.html"
    assert written.pdf is None
    figures = json.loads((written.folder / "figures.json").read_text(encoding="utf-8"))
    assert figures == json.loads(json.dumps(findings.to_json()))
    metrics = json.loads((written.folder / "metrics.json").read_text(encoding="utf-8"))
    first = figures["sets"][0]
    assert metrics["goemotions"]["macro_f1"] == first["metrics"]["macro_f1"]["value"]
    error = first["confidence"]["expected_calibration_error"]
    assert metrics["goemotions"]["expected_calibration_error"] == error["value"]
    assert metrics["behaviour"]["not bad"] == 0.96
    header, *reliability = rows_of(written.folder / "reliability.csv")
    assert header == ["corpus", "confidence", "accuracy", "n"]
    in_json = [part["n"] for part in figures["sets"][0]["confidence"]["reliability"]]
    assert [int(row[3]) for row in reliability if row[0] == "goemotions"] == in_json
    assert {row[1] for row in rows_of(written.folder / "curves.csv")[1:]} == {
        "roc",
        "precision_recall",
    }
    assert len(rows_of(written.folder / "predictions.csv")) == 1 + 2 * 150


def test_files_for_machines_hold_no_text_of_a_comment(tmp_path: Path) -> None:
    written = write_suite(tmp_path / "out", make_findings(), chromium=None, with_texts=True)
    for path in written.folder.iterdir():
        assert "somebody wrote" not in path.read_text(encoding="utf-8"), path


def test_report_repeats_byte_for_byte(tmp_path: Path) -> None:
    first, second = (
        write_suite(tmp_path / name, make_findings(), chromium=None).page.read_bytes()
        for name in "ab"
    )
    assert first == second


@pytest.mark.browser
def test_pdf_is_printed(tmp_path: Path) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("Chromium is not installed (Debian's package `chromium`)")
    written = write_suite(tmp_path / "evaluation", make_findings(), chromium=find_chromium())
    assert written.pdf is not None
    content = written.pdf.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(content) > 20_000
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "evaluation",
        "evaluation.html",
        "evaluation.pdf",
    ]


def test_an_older_pdf_is_not_left_beside_the_new_page(tmp_path: Path) -> None:
    older = tmp_path / "evaluation.pdf"
    older.write_bytes(b"%PDF- of another model")
    write_suite(tmp_path / "evaluation", make_findings(), chromium=None)
    assert not older.exists()

    older.write_bytes(b"%PDF- of another model")
    with pytest.raises(ConfigError, match="could not print the PDF"):
        write_suite(tmp_path / "evaluation", make_findings(), chromium=broken_chromium(tmp_path))
    assert not older.exists()


def test_missing_chromium_is_said_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match=r"needs Chromium.*--no-pdf"):
        find_chromium()


def test_chromium_that_fails_leaves_no_pdf(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>page</p>", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"could not print the PDF \(status 3\)"):
        print_pdf(page, tmp_path / "out.pdf", chromium=broken_chromium(tmp_path))
    assert not (tmp_path / "out.pdf").exists()
