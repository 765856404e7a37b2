"""The service as BentoML starts, refuses, builds and stops it."""

from __future__ import annotations

import json
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
    error_of,
    free_port,
    path_with_uv,
    spawned,
    wait_until_ready,
)

BENTOML = Path(sys.executable).with_name("bentoml")


def test_service_asks_for_its_token(tiny_bundle: Path, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log_path = tmp_path / "log"
    variables = {"SENTIMENT_MODEL_DIR": str(tiny_bundle), "SENTIMENT_API_TOKEN": "s3cret"}
    with spawned(bentoml_serve(port), log_path=log_path, variables=variables) as process:
        wait_until_ready(url, process, log_path)
        refused = httpx.post(f"{url}/v1/predict", json={"texts": ["a"]})
        assert error_of(refused) == (401, "unauthorized")
        headers = {"authorization": "Bearer s3cret"}
        allowed = httpx.post(f"{url}/v1/predict", json={"texts": ["a"]}, headers=headers)
        assert allowed.status_code == 200
        # No key, no stand-in: this is told, not a failure of the service.
        answer = httpx.post(f"{url}/v1/analyze", json={"video_id": "a" * 11}, headers=headers)
        assert error_of(answer) == (503, "api_key_missing")
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert "s3cret" not in log_path.read_text()


def test_bad_bundle_ends_the_server_instead_of_a_restart_loop(tmp_path: Path) -> None:
    log_path = tmp_path / "log"
    variables = {"SENTIMENT_MODEL_DIR": str(tmp_path)}
    with spawned(bentoml_serve(free_port()), log_path=log_path, variables=variables) as process:
        assert process.wait(60) != 0
    assert "sentiment.json can't be read" in log_path.read_text()


TRAINING_LIBRARIES = {
    "accelerate", "datasets", "dvc", "evaluate", "mlflow", "pandas", "sklearn", "torch",
    "transformers",
}  # fmt: skip


def test_service_loads_no_training_library(tiny_bundle: Path) -> None:
    program = (
        "import json, sys, service; service.YouTubeSentiment(); "
        "from sentiment.youtube.client import YouTubeClient; "
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    loaded = subprocess.run(
        (sys.executable, "-c", program),
        cwd=REPOSITORY,
        env=clean_environment({"SENTIMENT_MODEL_DIR": str(tiny_bundle)}),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert not TRAINING_LIBRARIES & set(json.loads(loaded.stdout.splitlines()[-1]))


@pytest.mark.slow
def test_bento_holds_the_service_and_answers(tmp_path: Path, tiny_bundle: Path) -> None:
    home = tmp_path / "home"
    save = (
        "import bentoml, shutil, sys\n"
        "with bentoml.models.create('tiny:1') as model:\n"
        "    shutil.copytree(sys.argv[1], model.path, dirs_exist_ok=True)\n"
    )
    environment = clean_environment(
        {"BENTOML_HOME": str(home), "SENTIMENT_MODEL_TAG": "tiny:1", "PATH": path_with_uv()}
    )
    subprocess.run(
        (sys.executable, "-c", save, str(tiny_bundle)), env=environment, check=True, timeout=60
    )
    subprocess.run(
        (str(BENTOML), "build"), cwd=REPOSITORY, env=environment, check=True, timeout=180,
        capture_output=True,
    )  # fmt: skip
    bento = next((home / "bentos" / "youtube_sentiment").glob("*/bento.yaml")).parent
    names = {str(path.relative_to(bento / "src")) for path in (bento / "src").rglob("*")}
    assert {"service.py", "sentiment/serving/wire.py", "chrome_extension/demo/demo.html"} <= names
    assert not {name for name in names if name.startswith((".env", "tests", "notebooks", "data"))}
    requirements = (bento / "env" / "python" / "requirements.txt").read_text()
    assert "onnxruntime==" in requirements
    assert "torch==" not in requirements
    assert "://" not in requirements

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = bentoml_serve(port, str(bento))
    # The Bento itself knows which model of the store it was built with.
    variables = {"BENTOML_HOME": str(home)}
    with spawned(command, log_path=tmp_path / "log", variables=variables, cwd=tmp_path) as process:
        wait_until_ready(url, process, tmp_path / "log")
        assert httpx.get(f"{url}/v1/model").json()["name"] == "tiny"
        assert httpx.get(f"{url}/demo").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
