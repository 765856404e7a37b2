"""What a commit is held to, in a repository of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in (".pre-commit-config.yaml", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    (tmp_path / ".gitignore").write_text(".venv\n", encoding="utf-8")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    _run(tmp_path, "git", "init", "--quiet")
    _run(tmp_path, "git", "add", ".")
    _run(tmp_path, ".venv/bin/pre-commit", "install")
    return tmp_path


def _run(clone: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run, ended with 0 or not; of the four hooks those that take seconds."""
    identity = {
        f"GIT_{who}_{what}": "a@localhost"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    environment = (
        os.environ | identity | {"SKIP": "mypy,import-levels", "HOME": str(clone / ".home")}
    )
    return subprocess.run(
        command,
        cwd=clone,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_commit_of_code_out_of_shape_is_stopped_and_the_code_mended(clone: Path) -> None:
    module = clone / "module.py"
    module.write_text('"""A module."""\nx = [1,2]\n', encoding="utf-8")
    _run(clone, "git", "add", ".")

    stopped = _run(clone, "git", "commit", "--message", "out of shape")
    assert stopped.returncode == 1, stopped.stderr
    assert "ruff format" in stopped.stderr
    assert "x = [1, 2]" in module.read_text(encoding="utf-8")

    _run(clone, "git", "add", ".")
    made = _run(clone, "git", "commit", "--message", "in shape")
    assert made.returncode == 0, made.stderr
