"""What an instance runs: the script of its first boot and the hooks of a release."""

from __future__ import annotations

import http.server
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.tests.conftest import Built

INFRA = Path(__file__).resolve().parents[1]
SCRIPTS = sorted([*INFRA.glob("on_instance/*.sh"), *INFRA.glob("codedeploy/*.sh")])
USER_DATA_LIMIT_BYTES = 16_384


def script_of(built: Built, stack: str) -> str:
    """Return user data as an instance gets it, with a stand-in for what AWS knows alone."""
    (template,) = built.resources(stack, "AWS::EC2::LaunchTemplate").values()
    said: Any = template["Properties"]["LaunchTemplateData"]["UserData"]["Fn::Base64"]
    parts = said["Fn::Join"][1]
    stand_in = "stand-in-of-an-arn".ljust(80, "x")
    return "".join(part if isinstance(part, str) else stand_in for part in parts)


@pytest.mark.parametrize("part", ["Service", "Training"])
def test_user_data_fits_and_is_whole(built: Built, part: str) -> None:
    for stage in ("Staging", "Production"):
        script = script_of(built, f"Sentiment-{stage}-{part}")
        assert len(script.encode()) < USER_DATA_LIMIT_BYTES
        assert not re.search(r"@[A-Z][A-Z_]+@", script)
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_the_agent_of_codedeploy_comes_last(built: Built) -> None:
    lines = script_of(built, "Sentiment-Staging-Service").rstrip().splitlines()
    assert lines[-1] == "systemctl enable --now codedeploy-agent"


def test_the_first_boot_puts_every_file_in_place(built: Built, tmp_path: Path) -> None:
    """The script's first part, run on a folder in place of the machine's root."""
    script = script_of(built, "Sentiment-Production-Service")
    files, _ = script.split("# The files of the service lie in place by now")
    for place in ("/etc/sentiment", "/usr/bin", "/usr/local/bin", "/etc/systemd/system"):
        (tmp_path / place.lstrip("/")).mkdir(parents=True)
        files = files.replace(f"'{place}/", f"'{tmp_path}{place}/")
    files = files.replace("mkdir -p /etc/sentiment", "true")
    subprocess.run(["bash"], input=files, text=True, check=True)
    unit = (tmp_path / "etc/systemd/system/sentiment@.service").read_text()
    assert "--read-only" in unit
    assert "docker stop --time 30 sentiment-%i" in unit
    assert "$COMMAND" in unit
    environment = (tmp_path / "etc/sentiment/environment").read_text().splitlines()
    assert "SENTIMENT_TRUSTED_PROXIES=10.30.0.0/16" in environment
    assert "SENTIMENT_RATE_LIMIT=" in environment
    # Turns of mood are told to the topic only where an operator wants that.
    assert "SENTIMENT_ALARM_SNS_TOPIC=" in environment
    release = (tmp_path / "etc/sentiment/release.env").read_text()
    assert re.fullmatch(r"IMAGE=\S+:first\n", release)
    assert (tmp_path / "etc/sentiment/serve.env").read_text().startswith("COMMAND=serve --host")
    assert (tmp_path / "etc/sentiment/worker.env").read_text().startswith("COMMAND=stream worker")
    secret = tmp_path / "usr/local/bin/sentiment-environment"
    assert secret.stat().st_mode & 0o777 == 0o700


SECRETS = ("database", "youtube", "api_token", "admin_token")


def _secrets_become_an_environment(
    folder: Path, **answers: str
) -> subprocess.CompletedProcess[str]:
    """Run the script with stand-ins of `aws` and `jq`, its folders moved.

    Args:
        folder: an empty one.
        answers: shell commands that answer for a secret, or for the `pending` token; else a
            secret can be read, and no token is pending.
    """
    text = (INFRA / "on_instance/sentiment-environment.sh").read_text()
    for name in SECRETS:
        text = text.replace(f"@{name.upper()}_SECRET@", name)
    text = text.replace("/run/sentiment", f"{folder}/run").replace(
        "/etc/sentiment/environment", f"{folder}/environment"
    )
    (folder / "environment").write_text("PORT=3000\n")
    tools = folder / "bin"
    tools.mkdir()
    pending = answers.pop("pending", "echo ResourceNotFoundException >&2; exit 254")
    cases = " ".join(f"*{name}*) {answer} ;;" for name, answer in answers.items())
    _tool(
        tools / "aws",
        f'case "$*" in *AWSPENDING*) {pending} ;; {cases} *) echo "a secret" ;; esac',
    )
    _tool(tools / "jq", "cat >/dev/null; echo postgresql://…")
    return subprocess.run(
        ["bash"],
        input=text,
        text=True,
        capture_output=True,
        check=False,
        env={"PATH": f"{tools}:/usr/bin:/bin"},
    )


def test_secrets_become_an_environment_that_docker_reads(tmp_path: Path) -> None:
    done = _secrets_become_an_environment(tmp_path)
    assert done.returncode == 0, done.stderr
    written = tmp_path / "run/environment"
    assert written.read_text().splitlines() == [
        "PORT=3000",
        "SENTIMENT_STORE_URL=postgresql://…",
        "YOUTUBE_API_KEY=a secret",
        "SENTIMENT_API_TOKEN=a secret",
        "SENTIMENT_API_TOKEN_ALSO=",
        "SENTIMENT_ADMIN_TOKEN=a secret",
    ]
    assert written.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in written.parent.iterdir()] == ["environment"]


def test_a_token_that_is_to_follow_is_taken_already(tmp_path: Path) -> None:
    done = _secrets_become_an_environment(tmp_path, pending="echo next")
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "run/environment").read_text()
    assert "SENTIMENT_API_TOKEN=a secret\nSENTIMENT_API_TOKEN_ALSO=next\n" in written


def test_a_token_of_which_nobody_can_tell_writes_nothing(tmp_path: Path) -> None:
    done = _secrets_become_an_environment(tmp_path, pending="echo Throttled >&2; exit 254")
    assert done.returncode != 0
    assert "Throttled" in done.stderr
    assert not (tmp_path / "run/environment").exists()


@pytest.mark.parametrize("answer", ["exit 254", "echo half; exit 254", "true", "echo None"])
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_that_can_t_be_read_leaves_the_environment_of_before(
    tmp_path: Path, secret: str, answer: str
) -> None:
    """One at a time: without its token the service would let everybody in."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run/environment").write_text("of before\n")
    done = _secrets_become_an_environment(tmp_path, **{secret: answer})
    assert done.returncode != 0
    assert (tmp_path / "run/environment").read_text() == "of before\n"
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["environment"]


def test_the_hooks_that_appspec_names_are_there() -> None:
    appspec = yaml.safe_load((INFRA / "codedeploy/appspec.yml").read_text())
    named = [hook["location"] for hooks in appspec["hooks"].values() for hook in hooks]
    assert set(named) == {
        path.name for path in (INFRA / "codedeploy").iterdir() if path.suffix == ".sh"
    }
    for name in named:
        assert (INFRA / "codedeploy" / name).stat().st_mode & 0o111, name


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.name))
def test_scripts_are_shell(script: Path) -> None:
    subprocess.run(["bash", "-n", str(script)], check=True)


@pytest.fixture
def ready_url() -> Iterator[str]:
    """A stand-in of the service that is ready at the second question."""

    class Ready(http.server.BaseHTTPRequestHandler):
        asked = 0

        def do_GET(self) -> None:
            Ready.asked += 1
            self.send_response(503 if Ready.asked == 1 else 200)
            self.end_headers()
            self.wfile.write(b'{"ready": true, "model": {"digest": "aaa"}}')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ready) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}/readyz"
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(("digest", "code"), [("", 0), ("aaa", 0), ("bbb", 1)])
def test_verification_waits_and_compares_the_model(
    ready_url: str, tmp_path: Path, digest: str, code: int
) -> None:
    done = _verify(ready_url, tmp_path, digest, wait_s=30)
    assert done.returncode == code, done.stderr
    assert ("Another model" in done.stderr) == bool(code)


def test_verification_fails_where_nothing_answers(tmp_path: Path) -> None:
    done = _verify("http://127.0.0.1:9/readyz", tmp_path, "", wait_s=0)
    assert done.returncode == 1
    assert "did not become ready" in done.stderr


def _verify(
    url: str, folder: Path, digest: str, *, wait_s: int
) -> subprocess.CompletedProcess[str]:
    release = folder / "release.env"
    release.write_text(f"IMAGE=x\nMODEL_DIGEST={digest}\n")
    return subprocess.run(
        ["bash", str(INFRA / "codedeploy/verify.sh")],
        env={
            "PATH": "/usr/bin:/bin",
            "READY_URL": url,
            "WAIT_S": str(wait_s),
            "POLL_S": "0.05",
            "RELEASE_FILE": str(release),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def _tool(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(0o755)
