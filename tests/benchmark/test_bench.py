"""The command as a user runs it: a table or JSON on standard output, progress beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.serving.running import clean_environment

KEYS = [
    "pipeline",
    "pipeline_batched",
    "predictor_single",
    "predictor",
    "service",
    "service_single",
]


def bench(bundle: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = "import typer; from sentiment.cli.bench import command; typer.run(command)"
    return subprocess.run(
        [
            *(sys.executable, "-c", command),
            *("--bundle", str(bundle), "--raw-dir", str(folder / "raw")),
            *("--checkpoint", str(folder / "checkpoint"), "--output", str(folder / "bench.json")),
            *("--rows", "40", "--rounds", "2", *options),
        ],
        env=clean_environment({"COLUMNS": "80", "HF_HUB_OFFLINE": "1"}),
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )


@pytest.mark.slow
def test_bench_gives_json_whose_ratios_fit_its_rates(tiny_bundle: Path, tmp_path: Path) -> None:
    done = bench(tiny_bundle, tmp_path, "--json")
    result: dict[str, Any] = json.loads(done.stdout)
    assert json.loads((tmp_path / "bench.json").read_text(encoding="utf-8")) == result

    contestants = result["contestants"]
    assert list(contestants) == KEYS
    for contestant in contestants.values():
        assert len(contestant["rounds"]) == 2
        assert 0 < contestant["low"] <= contestant["texts_per_s"] <= contestant["high"]
        assert contestant["tokens_per_text"] == pytest.approx(
            result["texts"]["tokens_per_text"], rel=0.5
        )
    assert len(result["ratios"]) == 5
    for name, ratio in result["ratios"].items():
        one, other = (contestants[key]["texts_per_s"] for key in name.split("/"))
        assert ratio["value"] == pytest.approx(one / other)
        assert ratio["low"] <= ratio["high"]
    target = result["target"]
    assert target["met"] == (result["ratios"][target["ratio"]]["value"] >= target["at_least"])
    # The warm-up is not counted.
    assert result["latency_ms"]["requests"] == 2 * contestants["service_single"]["texts_per_round"]
    assert 0 < result["latency_ms"]["p50"] <= result["latency_ms"]["p99"]
    assert [load["clients"] for load in result["single_texts"]] == [1, 16, 64]
    assert all(load["requests"] == 40 for load in result["single_texts"])
    cold, warm = result["analyses"]
    assert (cold["comments"], cold["memory"], warm["memory"]) == (100, "cold", "warm")
    assert 0 < cold["first_s"] <= cold["whole_s"]
    assert cold["units"] >= 2  # a page and the title, and replies that threads do not embed
    assert warm["units"] == 0
    assert result["texts"]["source"] == "synthetic"
    assert result["pipeline"]["weights"].startswith("untrained tiny of the same shape")


@pytest.mark.slow
def test_bench_gives_tables_that_fit_a_terminal(tiny_bundle: Path, tmp_path: Path) -> None:
    done = bench(tiny_bundle, tmp_path)
    for title in ("pipeline, batch_size=32", "predictor, one list", "service, one by one"):
        assert title in done.stdout
    assert ">= 10" in done.stdout
    assert "made up: the corpus youtube_gpt4o is not here" in done.stdout
    assert "…" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
