"""What the pages have an operator run on an instance of AWS is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from handbook.shell import commands_of
from tests.serving.running import REPOSITORY

USER_DATA = (REPOSITORY / "infra" / "user_data.py").read_text(encoding="utf-8")
FIRST_BOOT = (REPOSITORY / "infra" / "on_instance" / "start.sh").read_text(encoding="utf-8")
# `sudo -i` is read as its option.
OF_AMAZON = {"-i", "aws", "cat", "curl", "journalctl", "systemctl"}
_SHOWN = re.compile(r"\bon an instance:\n+( *)```\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def test_commands_on_an_instance_use_what_is_there() -> None:
    installed = re.findall(r"^dnf install (.*)$", FIRST_BOOT, flags=re.MULTILINE)
    # A path that sudo sets has this folder everywhere, and /usr/local/bin not on every system.
    put = set(re.findall(r'"/usr/bin/([\w-]+)"', USER_DATA))
    there = OF_AMAZON | put | {word for line in installed for word in line.split()}
    shown = {}
    for page in ("deploy.md", "runbook.md"):
        text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
        lines = [line for _, body in _SHOWN.findall(text) for line in body.splitlines()]
        shown[page] = [words for line in lines for words in commands_of(line.strip())]
    assert ("sentiment", "stream", "watch", "VIDEO-ID") in shown["deploy.md"]
    assert ("sentiment", "stream", "status") in shown["runbook.md"]
    for page, commands in shown.items():
        assert [words for words in commands if words[0] not in there] == [], page


NOT_THERE = {("drift", "check"): "scipy", ("release", "status"): "mlflow"}
"""What the runbook says that an instance lacks, by a command that needs it."""


@pytest.fixture(scope="module")
def runbook() -> str:
    text = (REPOSITORY / "docs" / "runbook.md").read_text(encoding="utf-8")
    return " ".join(text.split())


def _run_without_what_is_not_there(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as if it were installed without the libraries that no service needs."""
    missing = dict.fromkeys([*NOT_THERE.values(), "torch"])
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.modules.update({missing}); from sentiment.cli.main import run; run()",
            *words,
        ],
        env={**os.environ, "SENTIMENT_STORE_URL": f"sqlite:///{folder}/store.db"},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_runbook_asks_of_an_environment_that_serves_runs_there(
    runbook: str, tmp_path: Path
) -> None:
    found = re.search(r"no more than the service itself \(([^)]+)\)", runbook)
    assert found is not None
    commands = {"stream": ("status",), "purge": (), "bundle": ("verify", "models/starter")}
    assert sorted(re.findall(r"`(\w+)`", found[1])) == sorted(commands)
    for command, words in commands.items():
        done = _run_without_what_is_not_there(tmp_path, command, *words)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", NOT_THERE, ids=" ".join)
def test_what_the_runbook_keeps_from_an_instance_can_t_run_there(
    runbook: str, tmp_path: Path, command: tuple[str, str]
) -> None:
    assert re.search(rf"`sentiment {command[0]}`[^.]* needs? {NOT_THERE[command]}\b", runbook, re.I)
    done = _run_without_what_is_not_there(tmp_path, *command)
    assert f"needs the library '{NOT_THERE[command]}'" in done.stderr


def test_the_command_line_there_is_that_of_a_container_which_runs() -> None:
    called = (REPOSITORY / "infra" / "on_instance" / "sentiment.sh").read_text(encoding="utf-8")
    found = re.search(r"docker exec --interactive (\S+) python -m (\S+)", called)
    assert found is not None
    container, module = found.groups()
    unit = (REPOSITORY / "infra" / "on_instance" / "sentiment@.service").read_text()
    assert f"--name {container.replace('serve', '%i')} " in unit
    assert f"-m {module} " in unit
    assert "sentiment@serve" in FIRST_BOOT
