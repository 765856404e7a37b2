"""Calls the command line as a shell would, within this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sentiment.cli.main import run
from tests.conftest import REPOSITORY


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit status and what it wrote."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class CommandLine:
    """Runs commands in this process: quick, once libraries are loaded."""

    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Outcome:
        self.patch.setattr(sys, "argv", ["sentiment", *map(str, arguments)])
        self.capture.readouterr()
        code: str | int | None = 0
        try:
            run()
        except SystemExit as ending:
            code = ending.code
        written = self.capture.readouterr()
        assert isinstance(code, int | None)
        return Outcome(code or 0, written.out, written.err)


def in_a_process(
    *arguments: str | Path, folder: Path, timeout_s: float = 120, **variables: str
) -> Outcome:
    """Run a command in a fresh interpreter with `folder` as its working directory."""
    done = subprocess.run(
        [sys.executable, "-m", "sentiment.cli.main", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout_s,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def assert_clear(outcome: Outcome, code: int, *parts: str) -> None:
    """Check an exit status, that stderr says each part, and that no traceback is shown."""
    assert outcome.code == code, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert outcome.stdout == ""
    flat = " ".join(outcome.stderr.split())
    for part in parts:
        assert part in flat
