"""Our own commands, run as anybody would run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sentiment.errors import RehearsalError

_SHOWN_CHARACTERS = 1_500
_PATIENCE_S = 1_800


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended.

    Attributes:
        status: its exit code.
        output: its standard output.
        errors: its standard error.
    """

    status: int
    output: str
    errors: str

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return what it printed with `--json`."""
        return json.loads(self.output)


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs commands in one folder with one environment.

    Attributes:
        folder: where they run.
        variables: of their environment, beside this process's own.
    """

    folder: Path
    variables: Mapping[str, str]

    def run(self, *arguments: str, expected: Sequence[int] = (0,)) -> Done:
        """Run `sentiment ARGUMENTS…`.

        Args:
            arguments: of the command.
            expected: exit codes that are no surprise.

        Raises:
            RehearsalError: it ended with another code; the end of its output says why.
        """
        ran = subprocess.run(
            [sys.executable, "-m", "sentiment.cli.main", *arguments],
            cwd=self.folder,
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_S,
        )
        if ran.returncode not in expected:
            said = f"{ran.stdout}\n{ran.stderr}".strip()[-_SHOWN_CHARACTERS:]
            raise RehearsalError(
                f"`sentiment {' '.join(arguments)}` ended with {ran.returncode}, wanted "
                f"{' or '.join(map(str, expected))}. It said: {said}"
            )
        return Done(ran.returncode, ran.stdout, ran.stderr)
