"""Commands in processes of their own that begin at once: forked from one with all imports done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.cli.calling import Outcome
from tests.conftest import REPOSITORY

KILLED = -signal.SIGKILL

# Frozen, and left without the interpreter's clearing up: both would copy most of the memory.
_PROGRAM = """
import gc, json, os, sys
import sentiment.cli.main
for name in sys.argv[1:]:
    __import__(name)
gc.freeze()
print("ready", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    pid = os.fork()
    if pid == 0:
        for number, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.environ.update(order["variables"])
        os.chdir(order["folder"])
        sys.argv = ["sentiment", *order["arguments"]]
        try:
            sentiment.cli.main.run()
            code = 0
        except SystemExit as ending:
            code = ending.code or 0
        sys.stdout.flush()
        os._exit(code)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@dataclass
class Forge:
    """Starts commands, one at a time.

    Attributes:
        folder: their working directory.
        variables: of their environment, besides this process's own at the time of the start.
        pid: of the command that runs or ran last.
    """

    process: subprocess.Popen[str]
    folder: Path
    variables: Mapping[str, str]
    pid: int = 0

    def __call__(self, *arguments: str | Path) -> Outcome:
        """Run a command to its end; its code is -9 where it was killed."""
        self.start(*arguments)
        return self.wait()

    def start(self, *arguments: str | Path) -> None:
        """Have a command begin."""
        order = {
            "arguments": [str(argument) for argument in arguments],
            "folder": str(self.folder),
            "variables": dict(self.variables),
            "stdout": str(self._stdout),
            "stderr": str(self.stderr),
        }
        assert self.process.stdin is not None
        # Made here, so that whoever looks at it never finds what the last command wrote.
        self.stderr.write_text("")
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        self.pid = int(self._line())

    def wait(self) -> Outcome:
        """Return what came of the command."""
        code = int(self._line())
        return Outcome(code, self._stdout.read_text(), self.stderr.read_text())

    def kill(self) -> None:
        """End the command without a word."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    @property
    def stderr(self) -> Path:
        """What the command writes to as it goes."""
        return self.folder / "command.err"

    @property
    def _stdout(self) -> Path:
        return self.folder / "command.out"

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the process that forks has ended"
        return line


@contextmanager
def forging(folder: Path, *imports: str, **variables: str) -> Iterator[Forge]:
    """Have commands run in a folder; modules that they import late are imported beforehand.

    Args:
        folder: their working directory.
        imports: names of modules.
        variables: of their environment.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *imports],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        forge = Forge(process, folder, variables)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield forge
        finally:
            if forge.pid:
                forge.kill()
            process.kill()
