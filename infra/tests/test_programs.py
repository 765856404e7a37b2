"""What runs in functions and containers: the authorizer, and how secrets get into programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from infra.authorizer import index as authorizer
from infra.runtime import drift_check, with_secrets

DATABASE = json.dumps(
    {
        "username": "sentiment",
        "password": "a/b@c:d",
        "host": "store.internal",
        "port": 5432,
        "dbname": "sentiment",
    }
)
URL = "postgresql://sentiment:a%2Fb%40c%3Ad@store.internal:5432/sentiment?sslmode=require"
METHOD = "arn:aws:execute-api:eu-central-1:111122223333:api1/api/POST/v1/predict"
KEY = "abcdefghij0123456789"


class Secrets:
    """Stands for the client of Secrets Manager."""

    def __init__(self, **values: str) -> None:
        self.values = values
        self.asked: list[str] = []

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803
        self.asked.append(SecretId)
        return {"SecretString": self.values[SecretId]}


def test_a_bearer_token_becomes_the_key_and_the_service_gets_its_own() -> None:
    event = {"authorizationToken": f"Bearer {KEY}", "methodArn": METHOD}
    answer = authorizer.decide(event, "inner")
    assert answer["usageIdentifierKey"] == KEY
    assert answer["context"] == {"serviceAuthorization": "Bearer inner"}
    (statement,) = answer["policyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    # The answer is kept for the key, so it must do for every method and path.
    assert statement["Resource"] == "arn:aws:execute-api:eu-central-1:111122223333:api1/api/*"


@pytest.mark.parametrize(
    "sent", ["", KEY, "Basic abc", "Bearer short", f"Bearer {KEY}\n", "Bearer "]
)
def test_anything_else_is_unauthorized(sent: str) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        authorizer.decide({"authorizationToken": sent, "methodArn": METHOD}, "inner")


def test_the_service_s_token_is_read_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [1_000.0]
    monkeypatch.setattr("infra.authorizer.index.time.monotonic", lambda: now_s[0])
    client = Secrets(arn="inner")
    token = authorizer.ServiceToken(client, "arn")
    assert [token(), token()] == ["inner", "inner"]
    assert client.asked == ["arn"]
    now_s[0] += 301
    client.values["arn"] = "changed"
    assert token() == "changed"


def test_secrets_take_the_place_of_their_arns() -> None:
    client = Secrets(one="key", db=DATABASE)
    found = with_secrets.with_secrets(
        {"PATH": "/bin", "SECRET_YOUTUBE_API_KEY": "one", "DATABASE_SECRET": "db"}, client
    )
    assert found == {"PATH": "/bin", "YOUTUBE_API_KEY": "key", "SENTIMENT_STORE_URL": URL}


def test_the_address_that_a_password_makes_is_one_that_the_store_reads() -> None:
    assert drift_check.store_url(DATABASE) == URL


@pytest.fixture
def drift_image(tmp_path: Path) -> Path:
    """Stand-ins of s3fs, whose bucket is a folder, and of the command line."""
    (tmp_path / "bucket/drift").mkdir(parents=True)
    (tmp_path / "s3fs.py").write_text(
        "import shutil\n"
        "class S3FileSystem:\n"
        "    def get(self, source, target): shutil.copy(source, target)\n"
        "    def put(self, source, target): shutil.copy(source, target)\n"
    )
    package = tmp_path / "sentiment" / "cli"
    package.mkdir(parents=True)
    (package / "main.py").write_text(
        "import os, pathlib, sys\n"
        "assert os.environ['SENTIMENT_STORE_URL'].startswith('postgresql://')\n"
        "assert 'DATABASE' not in os.environ\n"
        "named = dict(zip(sys.argv[3::2], sys.argv[4::2]))\n"
        "if sys.argv[2] == 'reference':\n"
        "    pathlib.Path(named['--output']).write_text('of ' + named['--days'])\n"
        "    raise SystemExit(int(os.environ.get('CODE', 0)))\n"
        "state = pathlib.Path(named['--state'])\n"
        "before = state.read_text() if state.exists() else ''\n"
        "state.write_text(before + pathlib.Path(named['--reference']).read_text())\n"
        "pathlib.Path(named['--report']).write_text('page')\n"
        "raise SystemExit(16)\n"
    )
    return tmp_path


def _run_drift(folder: Path, **more: str) -> int:
    """Run the task once, in a container of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as container:
        done = subprocess.run(
            [
                *(sys.executable, "-c", Path(drift_check.__file__).read_text(encoding="utf-8")),
                "bucket/drift",
            ],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": str(folder),
                "DATABASE": DATABASE,
                "DRIFT_FOLDER": container,
                **more,
            },
            check=False,
        )
    return done.returncode


def test_looks_for_drift_remember_each_other_and_end_as_the_command(drift_image: Path) -> None:
    kept = drift_image / "bucket/drift"
    (kept / "reference.json").write_text("look;")
    assert [_run_drift(drift_image) for _ in range(2)] == [16, 16]
    assert (kept / "state.json").read_text() == "look;look;"
    assert (kept / "report.html").read_text() == "page"


def test_a_look_without_a_reference_fails(drift_image: Path) -> None:
    assert _run_drift(drift_image) == 1
    assert list((drift_image / "bucket/drift").iterdir()) == []


@pytest.mark.parametrize("code", [0, 17])
def test_the_same_task_makes_the_reference(drift_image: Path, code: int) -> None:
    assert _run_drift(drift_image, MAKE_REFERENCE_DAYS="7", CODE=str(code)) == code
    assert (drift_image / "bucket/drift/reference.json").read_text() == "of 7"
