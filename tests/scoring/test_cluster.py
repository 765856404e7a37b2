"""Dask's workers, for real: what they listen on, and what happens when something is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from sentiment.errors import DataError, ScoringError
from sentiment.scoring import cluster
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.slow


def answer(number: int, *, file: Path | None = None) -> tuple[int, int]:
    """Work for a moment; note in a file that it was done."""
    time.sleep(0.2)
    if file is not None:
        (file / str(number)).touch()
    return number, os.getpid()


def fail(number: int) -> int:
    raise DataError(f"no number {number}", hint="Count again.")


def fail_to_write(number: int) -> int:
    return (Path("/proc/no-such-place") / str(number)).write_text("x")


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


@contextmanager
def dask_process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler_with(
    n_workers: int, folder: Path
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and workers of their own processes; the scheduler's process is first."""
    file = folder / "scheduler.json"
    common = ("--scheduler-file", str(file), "--host", "127.0.0.1", "--no-dashboard")
    with ExitStack() as opened:
        processes = [opened.enter_context(dask_process("scheduler", *common, "--port", "0"))]
        while not file.exists():
            assert processes[0].poll() is None
            time.sleep(0.05)
        processes += [
            opened.enter_context(dask_process("worker", *common, "--no-nanny", "--nthreads", "1"))
            for _ in range(n_workers)
        ]
        yield str(json.loads(file.read_text())["address"]), processes


def test_embedded_workers_listen_on_loopback_alone_and_answer_in_two_processes() -> None:
    with cluster.embedded(n_workers=2) as workers:
        family = [psutil.Process(), *psutil.Process().children(recursive=True)]
        addresses = {
            connection.laddr.ip
            for process in family
            for connection in process.net_connections()
            if connection.status == psutil.CONN_LISTEN
        }
        found = list(workers.run(answer, range(12)))
    assert addresses == {"127.0.0.1"}
    assert sorted(number for number, _ in found) == list(range(12))
    assert len({process for _, process in found} - {os.getpid()}) == 2


def test_embedded_workers_take_no_orders_without_the_keys_of_their_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_S", 1)
    with cluster.embedded(n_workers=1) as workers:
        assert list(workers.run(abs, [-1])) == [1]
        for scheme in ("tls", "tcp"):
            address = workers._address.replace("tls", scheme)
            with pytest.raises(ScoringError, match="no scheduler at"), cluster.remote(address):
                pass


def test_a_worker_that_is_killed_is_replaced_and_no_answer_is_lost_or_doubled() -> None:
    with cluster.embedded(n_workers=2) as workers:
        found = []
        for number, process in workers.run(answer, range(30)):
            found.append(number)
            if len(found) in {3, 9, 15}:
                os.kill(process, signal.SIGKILL)
    assert sorted(found) == list(range(30))


def test_a_task_that_kills_its_workers_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cluster._QUIET, "distributed.scheduler.allowed-failures", 1)
    with (
        cluster.embedded(n_workers=1) as workers,
        pytest.raises(ScoringError, match="One task ended its worker") as caught,
    ):
        list(workers.run(die, [1]))
    assert "run the same command again" in caught.value.hint


def test_errors_of_tasks_come_out_as_they_were() -> None:
    with cluster.embedded(n_workers=1) as workers:
        with pytest.raises(DataError, match="no number 7") as caught:
            list(workers.run(fail, [7]))
        with pytest.raises(FileNotFoundError):
            list(workers.run(fail_to_write, [7]))
    assert caught.value.hint == "Count again."


def test_workers_of_a_scheduler_by_address_are_used_and_one_may_die(tmp_path: Path) -> None:
    with scheduler_with(2, tmp_path) as (address, processes), cluster.remote(address) as workers:
        pids = {process.pid for process in processes}
        found = []
        for number, process in workers.run(answer, range(20)):
            assert process in pids
            found.append(number)
            if len(found) == 4:
                os.kill(process, signal.SIGKILL)
    assert sorted(found) == list(range(20))


def test_a_scheduler_that_is_killed_ends_the_run_with_advice(tmp_path: Path) -> None:
    work = partial(answer, file=tmp_path)
    with scheduler_with(1, tmp_path) as (address, processes), cluster.remote(address) as workers:
        found = workers.run(work, range(100))
        next(found)
        processes[0].kill()
        began = time.monotonic()
        with pytest.raises(ScoringError, match=r"The scheduler at .* is gone") as caught:
            list(found)
    assert time.monotonic() - began < 60
    assert "run the same command again" in caught.value.hint


def test_no_worker_for_too_long_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE_S", 1.5)
    with (
        scheduler_with(0, tmp_path) as (address, _),
        cluster.remote(address) as workers,
        pytest.raises(ScoringError, match="has had no worker for 2 s"),
    ):
        list(workers.run(answer, [1]))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "tls://127.0.0.1:9"])
def test_no_scheduler_is_said_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_S", 1)
    with (
        pytest.raises(ScoringError, match="There is no scheduler at"),
        cluster.remote(address),
    ):
        pass


def test_a_scheduler_elsewhere_without_tls_is_warned_of(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_S", 0.1)
    for address in ("tcp://192.0.2.1:8786", "tcp://127.0.0.1:9"):
        with pytest.raises(ScoringError), cluster.remote(address):
            pass
    (record,) = (one for one in caplog.records if one.name == cluster.__name__)
    assert "tcp://192.0.2.1:8786 is reached without TLS" in record.getMessage()
