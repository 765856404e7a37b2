"""deploy/serve/Dockerfile, carried out in a clean folder and run from there."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml

from tests.delivery.dockerfile import Carried, Stage, carry_out, read_dockerfile
from tests.serving.running import REPOSITORY, START_TIMEOUT_S, free_port

DOCKERFILE = REPOSITORY / "deploy" / "serve" / "Dockerfile"
STAGES = read_dockerfile(DOCKERFILE)
FINAL = STAGES[-1]

LOCKS = ("serve.lock", "aws.lock")
BUDGET_MB = 450
BASE_MB = 130
"""What python:3.11-slim-bookworm is assumed to take; see docs/containers.md."""


@dataclass(frozen=True, slots=True)
class Image:
    """The last stage, carried out."""

    stage: Stage
    carried: Carried

    def environment(self, **more: str) -> dict[str, str]:
        return {**self.carried.variables, **more}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    scratch = tmp_path_factory.mktemp("image")
    return Image(FINAL, carry_out(STAGES, context=REPOSITORY, scratch=scratch)[FINAL.name])


def size_mb(folder: Path) -> float:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def health(image: Image, port: int) -> int:
    """The exit code of HEALTHCHECK."""
    command = json.loads(image.stage.last("HEALTHCHECK").value.removeprefix("CMD "))
    return subprocess.run(
        command, env=image.environment(PORT=str(port)), cwd=image.carried.folder,
        capture_output=True, timeout=60, check=False,
    ).returncode  # fmt: skip


@pytest.fixture
def started(image: Image) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    command = [*image.stage.last("ENTRYPOINT").words, *image.stage.last("CMD").words]
    # Tests listen on loopback alone.
    command = ["127.0.0.1" if word == "0.0.0.0" else word for word in command]
    with subprocess.Popen(
        command, env=image.environment(PORT=str(port)), cwd=image.carried.folder
    ) as process:
        yield process, port
        process.kill()


def test_image_copies_what_the_bento_includes() -> None:
    wanted = yaml.safe_load((REPOSITORY / "bentofile.yaml").read_text())["include"]
    copies = [step.words for stage in STAGES for step in stage.all_of("COPY")]
    copied = {source for *sources, _ in copies for source in sources if source[0] != "/"}
    assert copied - {f"requirements/{name}" for name in LOCKS} == {
        path.removesuffix("/**") for path in wanted
    }


@pytest.mark.slow
def test_image_holds_the_locked_packages_alone_and_no_tool_to_build_any(image: Image) -> None:
    (packages,) = (image.carried.root / "opt/venv/lib").glob("python3*/site-packages")
    found = {
        re.sub(r"[-_.]+", "-", path.name.partition("-")[0]).lower()
        for path in packages.glob("*.dist-info")
    }
    lock = "".join((REPOSITORY / "requirements" / name).read_text() for name in LOCKS)
    locked = set(re.findall(r"^([a-z0-9.\-]+)(?:\[[a-z,]+\])?==", lock, flags=re.MULTILINE))
    assert found <= locked
    assert {"bentoml", "onnxruntime", "psycopg"} <= found
    assert {"torch", "pip", "setuptools"} & found == set()
    programs = {path.name for path in (image.carried.root / "opt/venv/bin").iterdir()}
    assert {"pip", "gcc", "cc", "ld", "make", "uv"} & programs == set()


@pytest.mark.slow
def test_image_keeps_its_budget(image: Image) -> None:
    assert size_mb(image.carried.root) + BASE_MB < BUDGET_MB


@pytest.mark.slow
def test_image_is_healthy_answers_writes_to_its_folders_alone_and_drains(
    image: Image, started: tuple[subprocess.Popen[bytes], int]
) -> None:
    process, port = started
    root = image.carried.root
    before = {path for name in ("app", "opt") for path in (root / name).rglob("*")}
    begun_s = time.monotonic()
    while health(image, port) != 0:
        assert process.poll() is None
        assert time.monotonic() - begun_s < START_TIMEOUT_S
    answer = httpx.post(
        f"http://127.0.0.1:{port}/v1/predict", json={"texts": ["What a lovely song!"]}, timeout=60
    )
    assert [outcome["label"] for outcome in answer.json()] == [1]
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert health(image, port) != 0
    assert {path for name in ("app", "opt") for path in (root / name).rglob("*")} == before
    assert (root / "data" / "sentiment.db").is_file()
