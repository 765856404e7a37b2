"""What a newcomer types first, typed: the targets of the Makefile that start or write something."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from sentiment.labels import Label
from tests.conftest import REPOSITORY
from tests.serving.running import announced, clean_environment, free_port

pytestmark = pytest.mark.slow

_END_TIMEOUT_S = 60.0


def _make(*targets: str) -> None:
    done = subprocess.run(
        ["make", *targets],
        cwd=REPOSITORY,
        env=clean_environment({}),
        check=False,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _started(target: str, tmp_path: Path) -> Iterator[str]:
    """Start a server by its target, yield its address, stop it as Ctrl-C does."""
    _make(".venv-serve/.installed")
    variables = {
        "PORT": str(free_port()),
        "SENTIMENT_STORE_URL": f"sqlite:///{tmp_path / 'store.db'}",
    }
    log = tmp_path / "log"
    with announced(["make", target], log_path=log, variables=variables) as server:
        group = os.getpgid(server.process.pid)
        yield server.url.removesuffix("/demo")
        os.killpg(group, signal.SIGINT)
        server.process.wait(_END_TIMEOUT_S)
        with pytest.raises(ProcessLookupError):
            os.killpg(group, 0)


def test_make_demo_shows_the_sentiment_of_a_video(tmp_path: Path) -> None:
    with _started("demo", tmp_path) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert "<title>" in client.get("/demo").raise_for_status().text
        said = client.post("/v1/predict", json={"texts": ["I love this"]}).raise_for_status()
        assert said.json()[0]["label"] == Label.POSITIVE
        body = {"video_id": "size0000045"}
        assert client.post("/v1/analyze", json=body).raise_for_status().json()["fetched"] == 45


def test_make_serve_answers_without_a_key(tmp_path: Path) -> None:
    with _started("serve", tmp_path) as url, httpx.Client(base_url=url, timeout=60) as client:
        said = client.post("/v1/predict", json={"texts": ["I hate this"]}).raise_for_status()
        assert said.json()[0]["label"] == Label.NEGATIVE


def test_make_synth_writes_both_stages_without_an_account() -> None:
    if shutil.which("node") is None:
        pytest.skip("Node is not installed")
    _make("synth")
    for stage in ("Staging", "Production"):
        assert list((REPOSITORY / "cdk.out").rglob(f"*{stage}*.template.json"))
