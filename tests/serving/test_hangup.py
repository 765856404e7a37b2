"""SIGHUP in processes of their own: this one is not to be ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.serving.running import REPOSITORY

_PROGRAM = """
import asyncio, signal, sys
from sentiment.serving.hangup import hold_hang_ups, ignore_hang_ups, listen_for_hang_ups

def say(word):
    print(word, flush=True)

async def serve():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    listen_for_hang_ups(lambda: say("asked"))
    say("listening")
    await stopped.wait()
    ignore_hang_ups()

hold_hang_ups()
stopped = asyncio.Event()
say("held")
sys.stdin.readline()
asyncio.run(serve())
say("stopped")
sys.stdin.readline()
"""


@contextmanager
def started(stdin: int = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        (sys.executable, "-c", _PROGRAM),
        cwd=REPOSITORY,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_hang_up_during_the_start_is_heard_after_it() -> None:
    with started() as process:
        assert line_of(process) == "held"
        process.send_signal(signal.SIGHUP)
        go_on(process)
        assert {line_of(process), line_of(process)} == {"listening", "asked"}


def test_hang_up_asks_each_time() -> None:
    with started() as process:
        line_of(process)
        go_on(process)
        assert line_of(process) == "listening"
        for _ in range(3):
            process.send_signal(signal.SIGHUP)
            assert line_of(process) == "asked"


def test_hang_up_after_the_end_is_ignored() -> None:
    with started() as process:
        line_of(process)
        go_on(process)
        assert line_of(process) == "listening"
        process.terminate()
        assert line_of(process) == "stopped"
        process.send_signal(signal.SIGHUP)
        go_on(process)
        assert process.wait(30) == 0


def test_terminal_that_is_closed_stops_the_process() -> None:
    ours, theirs = os.openpty()
    with started(stdin=theirs) as process:
        os.close(theirs)
        line_of(process)
        os.write(ours, b"\n")
        assert line_of(process) == "listening"
        process.send_signal(signal.SIGHUP)
        assert line_of(process) == "asked"  # the terminal is there
        os.close(ours)
        process.send_signal(signal.SIGHUP)
        assert line_of(process) == "stopped"
