"""Reads the workflows, and runs their steps beside programs that stand in for those of others."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.serving.running import REPOSITORY

FOLDER = REPOSITORY / ".github" / "workflows"
_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class RunStep:
    """A step that runs a command.

    Attributes:
        key: `workflow/job/name`.
        run: the command.
        env: of the job and of the step.
    """

    key: str
    run: str
    env: dict[str, str]


def read_workflows() -> dict[str, dict[str, Any]]:
    """Every workflow by its file's name."""
    found = {}
    for path in sorted(FOLDER.glob("*.yml")):
        document = yaml.safe_load(path.read_text())
        document["on"] = document.pop(True)  # what YAML 1.1 reads an `on` as
        found[path.stem] = document
    return found


def run_steps(workflows: Mapping[str, dict[str, Any]]) -> list[RunStep]:
    """Every step with a command, in order."""
    return [
        RunStep(
            f"{name}/{job_name}/{step['name']}",
            step["run"],
            {**job.get("env", {}), **step.get("env", {})},
        )
        for name, workflow in workflows.items()
        for job_name, job in workflow["jobs"].items()
        for step in job.get("steps", [])
        if "run" in step
    ]


class Workbench:
    """A copy of the repository, with programs of others replaced.

    Args:
        folder: an empty one.
    """

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self.output = folder / "output"
        self._bin = folder / "bin"
        self._calls = folder / "calls"
        self._bin.mkdir()
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=REPOSITORY, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        for name in filter(None, listed.split("\0")):
            # Links of a worktree, such as .venv, are no files of the repository's.
            if (REPOSITORY / name).is_file():
                (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(REPOSITORY / name, self.tree / name)

    def stand_in(self, program: str, answers: Mapping[str, str] | None = None) -> None:
        """Put a program on the path that notes how it is called.

        Args:
            program: its name.
            answers: shell commands by pattern of the arguments; the first that fits is run.
        """
        cases = "\n".join(f"  {pattern}) {then} ;;" for pattern, then in (answers or {}).items())
        path = self._bin / program
        path.write_text(
            f'#!/bin/bash\nprintf "%s\\n" "{program} $*" >>"{self._calls}"\n'
            f'case "$*" in\n{cases}\n  *) ;;\nesac\n'
        )
        path.chmod(0o755)

    def calls(self) -> list[str]:
        """How the programs were called since the last time, in order."""
        found = self._calls.read_text().splitlines() if self._calls.exists() else []
        self._calls.unlink(missing_ok=True)
        self.output.write_text("")
        return found

    def run(
        self, step: RunStep, expressions: Mapping[str, str], **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a step as a runner does: `bash -e`, its expressions filled in.

        Args:
            step: of `run_steps`.
            expressions: values of what stands in `${{ }}` of its variables.
            variables: more of them.
        """
        git_folder = subprocess.run(
            ["git", "rev-parse", "--absolute-git-dir"],
            cwd=REPOSITORY, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        env = {
            name: _EXPRESSION.sub(lambda found: expressions[found[1]], value)
            for name, value in step.env.items()
        }
        self.output.touch()
        return subprocess.run(
            ["bash", "-e", "-c", step.run],
            cwd=self.tree,
            env={
                "PATH": f"{self._bin}:{os.environ['PATH']}",
                "HOME": str(self.tree.parent),
                "GIT_DIR": git_folder,
                "BENTOML_DO_NOT_TRACK": "True",
                "GITHUB_OUTPUT": str(self.output),
                "GITHUB_REPOSITORY": "Example/Sentiment",
                "GITHUB_ACTOR": "someone",
                "GITHUB_REF_NAME": "v0.1.0",
                **env,
                **variables,
            },
            check=False,
            capture_output=True,
            text=True,
            timeout=240,
        )
