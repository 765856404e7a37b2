"""The bundle's files changed under a running service, and bundles that are damaged at its start."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from sentiment.cli.exit_codes import exit_code_of
from sentiment.errors import BundleError
from sentiment.youtube.replay import ReplayServer
from tests.serving.running import REPOSITORY, clean_environment, serving

TEXTS = [f"I love number {number}" for number in range(20)]


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    """A copy that may be harmed."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundle"))


def _answers(client: httpx.Client) -> tuple[Any, Any, Any]:
    ready = client.get("/readyz").json()
    predicted = client.post("/v1/predict", json={"texts": TEXTS})
    assert predicted.status_code == 200
    return ready["model"], client.get("/v1/model").json(), predicted.json()


def test_files_that_change_under_a_running_service_change_nothing(
    bundle: Path, tmp_path: Path, replay: ReplayServer
) -> None:
    # Without a cache each answer is the model's own.
    with serving(bundle, tmp_path, replay, SENTIMENT_CACHE_TEXTS="0") as (_, client):
        before = _answers(client)
        for file in (REPOSITORY / "models" / "starter").iterdir():
            shutil.copyfile(file, bundle / file.name)
        assert _answers(client) == before
        for file in bundle.iterdir():
            file.write_bytes(b"\x00")  # in place: what is open sees it
        assert _answers(client) == before
        shutil.rmtree(bundle)
        assert _answers(client) == before


@pytest.mark.parametrize("harm", ["flipped byte", "cut short", "swapped", "manifest", "missing"])
def test_start_with_a_damaged_bundle_is_refused(bundle: Path, harm: str) -> None:
    model = bundle / "model.onnx"
    content = model.read_bytes()
    match harm:
        case "flipped byte":
            model.write_bytes(content[:1_000] + bytes([content[1_000] ^ 1]) + content[1_001:])
        case "cut short":
            model.write_bytes(content[:-1])
        case "swapped":
            shutil.copyfile(bundle / "tokenizer.json", model)
        case "manifest":
            (bundle / "sentiment.json").write_text("{")
        case _:
            model.unlink()
    ended = subprocess.run(
        (
            sys.executable,
            "-m",
            "sentiment.cli.main",
            "serve",
            "--port",
            "0",
            "--model",
            str(bundle),
        ),
        cwd=REPOSITORY,
        env=clean_environment({}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == exit_code_of(BundleError("x"))
    assert ended.stdout == ""  # it never said that it is ready
    assert "error:" in ended.stderr
    assert str(bundle) in ended.stderr
    assert "Traceback" not in ended.stderr
