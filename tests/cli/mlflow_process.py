"""A real MLflow server that can be killed, and started again on the same database."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from sentiment.rehearsal.tracking_server import tracking_server


class MlflowProcess:
    """The server; each start gives it another address.

    Args:
        folder: of its database and artifacts.
        stack: ends it.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self.address = ""
        self._pid = 0

    def start(self) -> str:
        """Start it, and return its address."""
        before = _children()
        self.address = self._stack.enter_context(tracking_server(self._folder))
        (self._pid,) = _children() - before
        return self.address

    def kill(self) -> None:
        """End it and its workers without a word."""
        os.killpg(self._pid, signal.SIGKILL)


def _children() -> set[int]:
    """Processes below this one that lead a group of their own, as the server does."""
    return {
        child.pid for child in psutil.Process().children() if os.getpgid(child.pid) == child.pid
    }


@contextmanager
def mlflow_process(folder: Path) -> Iterator[MlflowProcess]:
    """Run a server for as long as the block lasts, killed in between or not."""
    with ExitStack() as stack:
        process = MlflowProcess(folder, stack)
        process.start()
        yield process
