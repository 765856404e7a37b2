"""Processes that load a candidate for as long as they are let live."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sentiment.rollout.plan import Candidate, Releases
from tests.conftest import REPOSITORY

_LOADS = """
import sys
from pathlib import Path
from sentiment.rollout.attempts import Attempts
from sentiment.rollout.plan import Candidate, Releases

candidate = Candidate.model_validate_json(sys.argv[2])
with Attempts(Releases(Path(sys.argv[1]))).noted(candidate):
    print("loading", flush=True)
    sys.stdin.read()
"""


@contextmanager
def loading_elsewhere(releases: Releases, candidate: Candidate) -> Iterator[None]:
    """Have another process load a candidate for as long as the block runs, and then kill it."""
    with subprocess.Popen(
        [sys.executable, "-c", _LOADS, str(releases.root), candidate.model_dump_json()],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "loading\n"
            yield
        finally:
            process.kill()


def die_while_loading(releases: Releases, candidate: Candidate) -> None:
    """Leave what a process leaves that is killed while it loads a candidate."""
    with loading_elsewhere(releases, candidate):
        pass
