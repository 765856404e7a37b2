"""The Bento as it is released: built with the starter, run with its own requirements alone."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.serving.running import (
    REPOSITORY,
    bentoml_serve,
    clean_environment,
    free_port,
    path_with_uv,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bento(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    program = bentoml_serve(0)[0]
    environment = clean_environment({"BENTOML_HOME": str(home), "PATH": path_with_uv()})
    subprocess.run(
        [program, "build"], cwd=REPOSITORY, env=environment, check=True, timeout=180,
        capture_output=True,
    )  # fmt: skip
    return next((home / "bentos" / "youtube_sentiment").glob("*/bento.yaml")).parent


@pytest.fixture(scope="module")
def python(bento: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the Bento's requirements, installed by uv as BentoML does, and nothing else."""
    uv = shutil.which("uv", path=path_with_uv())
    assert uv is not None, "`make setup` brings uv"
    folder = tmp_path_factory.mktemp("own") / "venv"
    requirements = bento / "env" / "python" / "requirements.txt"
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(folder), "-r", str(requirements)],
    ):
        environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
        subprocess.run(command, env=environment, cwd=folder.parent, check=True, timeout=240)
    return folder / "bin" / "python"


def test_requirements_of_the_bento_are_the_serving_lock(bento: Path) -> None:
    def read(path: Path) -> tuple[set[tuple[str, str]], set[str]]:
        text = path.read_text()
        pins = re.findall(r"^([a-z0-9.\-]+)(?:\[[a-z,]+\])?==([^\s;]+)", text, flags=re.MULTILINE)
        return set(pins), set(re.findall(r"--hash=(\S+)", text))

    written = read(bento / "env" / "python" / "requirements.txt")
    assert written == read(REPOSITORY / "requirements" / "serve.lock")
    assert len(written[0]) > 40


def test_bento_serves_from_its_own_folder_with_its_own_requirements(
    bento: Path, python: Path, tmp_path: Path
) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "BENTOML_DO_NOT_TRACK": "True"}
    command = [str(python), "-m", "sentiment.cli.main", "serve", "--port", str(free_port())]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            command,
            cwd=bento / "src",
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready: "), (tmp_path / "log").read_text()
        url = line.removeprefix("ready: ").strip()
        assert httpx.get(f"{url}/v1/model", timeout=60).json()["name"] == "starter"
        answer = httpx.post(f"{url}/v1/predict", json={"texts": ["Boring!"]}, timeout=60)
        assert [outcome["label"] for outcome in answer.json()] == [-1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
