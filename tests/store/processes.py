"""Programs run in processes of their own against a store that a test made."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import REPOSITORY

# They wait for a line on stdin before they work, so that all begin at the same moment.
OPEN = """
import sys
from sentiment.store import open_store
print("ready", flush=True)
sys.stdin.readline()
open_store(sys.argv[1]).audit()
"""
SPEND = """
import sys
from datetime import date
from sentiment.store import open_store
store = open_store(sys.argv[1], patience_s=60)
print("ready", flush=True)
sys.stdin.readline()
print(sum(store.spend_units(date(2026, 6, 1), 1, limit=25) is not None for _ in range(10)))
"""
# Saves the same comments over and over, each time with other texts, and says how often it did.
SAVE = """
import sys
from itertools import count
from datetime import timedelta
from sentiment.store import open_store
from tests.store.samples import NOW, comment
store = open_store(sys.argv[1])
for turn in count():
    comments = [comment(number, text=f"turn {turn}") for number in range(300)]
    store.save_comments(comments, fetched_at=NOW + timedelta(seconds=turn))
    print(turn, flush=True)
"""


def start(program: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, url],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_together(program: str, url: str, *, n: int) -> list[str]:
    """Run a program in `n` processes that begin at once; return what each printed."""
    running = [start(program, url) for _ in range(n)]
    try:
        for one in running:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n", one.communicate()
        for one in running:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        answers = [one.communicate(timeout=120) for one in running]
    finally:
        for one in running:
            one.kill()
            one.wait()
    for one, (_, complaint) in zip(running, answers, strict=True):
        assert one.returncode == 0, complaint
    return [printed.strip() for printed, _ in answers]
