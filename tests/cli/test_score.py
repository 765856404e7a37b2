"""`sentiment score` in processes of its own, killed at bad moments: same bytes, no row lost."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.calling import CommandLine, assert_clear, in_a_process
from tests.conftest import REPOSITORY
from tests.scoring.scored import numbered_csv, read_rejected, read_results, tree
from tests.scoring.test_cluster import scheduler_with

N_ROWS = 6000
CLUSTER_GONE = 15
PART_ROWS = 50
N_PARTS = N_ROWS // PART_ROWS + 1


@pytest.fixture(autouse=True)
def model(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model that scores where no other is named."""
    monkeypatch.setenv("SENTIMENT_MODEL_DIR", str(tiny_bundle))
    monkeypatch.setattr("sentiment.scoring.cluster._CONNECT_S", 1.0)
    return tiny_bundle


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of many rows, of which the last two are broken."""
    path = numbered_csv(tmp_path_factory.mktemp("table") / "in.csv", N_ROWS)
    path.write_bytes(path.read_bytes() + b"broken\na,b,c\n")
    return path


@pytest.fixture(scope="module")
def reference(table: Path, tiny_bundle: Path) -> dict[str, bytes]:
    """What one worker leaves that nobody disturbs."""
    output = table.parent / "reference"
    outcome = in_a_process(
        *("score", table, "--output", output, "--workers", "1"),
        *("--part-rows", str(PART_ROWS), "--bundle", tiny_bundle),
        folder=table.parent,
    )
    assert outcome.code == 0, outcome.stderr
    left = tree(output)
    assert len([name for name in left if name.startswith("predictions/")]) == N_PARTS
    return left


@contextmanager
def scoring(table: Path, output: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command, and end it and its workers with the block."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "sentiment.cli.main", "score", str(table)),
            *("--output", str(output), "--part-rows", str(PART_ROWS), *more),
        ],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # A shell that runs the tests in the background has them, and all below, ignore SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no lock
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for_parts(process: subprocess.Popen[bytes], output: Path, n_parts: int) -> int:
    """Wait until so many parts are there; fail if the run ends before."""
    while True:
        n_there = len(list((output / "predictions").glob("part-*")))
        if n_there >= n_parts:
            return n_there
        assert process.poll() is None, process.communicate()[1].decode()
        time.sleep(0.005)


def workers_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return the processes that Dask started."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


def gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=30)[1]


@pytest.mark.slow
def test_score_killed_again_and_again_leaves_the_bytes_of_a_run_in_peace(
    table: Path, folder: Path, reference: dict[str, bytes]
) -> None:
    output = folder / "out"
    n_done = 0
    for n_more in (1, 17, 40):
        with scoring(table, output, "--workers", "2") as process:
            wait_for_parts(process, output, n_done + n_more)
            workers = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGKILL)
            process.wait()
            # Workers must not write on when the run that started them is gone.
            assert gone(workers)
        n_done = len(list((output / "predictions").glob("part-*")))
        assert n_done < N_PARTS
        assert not (output / "rejected.jsonl").exists()
    outcome = in_a_process(
        *("score", table, "--output", output, "--part-rows", str(PART_ROWS), "--json"),
        folder=folder,
    )
    assert outcome.code == 0, outcome.stderr
    summary = json.loads(outcome.stdout)
    assert summary["rows"] == summary["scored"] + summary["rejected"] == N_ROWS + 2
    assert summary["rows_of_this_run"] == N_ROWS + 2 - n_done * PART_ROWS
    assert tree(output) == reference


@pytest.mark.slow
def test_score_goes_on_when_workers_are_killed(
    table: Path, folder: Path, reference: dict[str, bytes]
) -> None:
    output = folder / "out"
    with scoring(table, output, "--workers", "2") as process:
        for n_parts in (1, 30, 60):
            wait_for_parts(process, output, n_parts)
            workers = workers_of(process)
            assert workers
            for worker in workers:
                worker.kill()
        _, stderr = process.communicate(timeout=120)
        # A cluster that fell apart may also end the run, which then goes on when run again.
        assert process.returncode in {0, CLUSTER_GONE}, stderr.decode()
    with scoring(table, output, "--workers", "2") as process:
        _, stderr = process.communicate(timeout=120)
        assert process.returncode == 0, stderr.decode()
    assert tree(output) == reference


@pytest.mark.slow
def test_score_whose_scheduler_is_killed_ends_with_15_and_can_go_on_without_it(
    table: Path, folder: Path, reference: dict[str, bytes]
) -> None:
    output = folder / "out"
    with (
        scheduler_with(2, folder) as (address, processes),
        scoring(table, output, "--scheduler", address) as process,
    ):
        wait_for_parts(process, output, 10)
        processes[0].kill()
        _, stderr = process.communicate(timeout=90)
        assert process.returncode == CLUSTER_GONE, stderr.decode()
        assert b"is gone" in stderr
        assert b"run the same command again" in stderr
        assert b"Traceback" not in stderr
    assert len(list((output / "predictions").glob("part-*"))) < N_PARTS
    with scoring(table, output) as process:
        assert process.wait(timeout=120) == 0
    assert tree(output) == reference


@pytest.mark.slow
def test_score_stopped_by_the_keyboard_ends_with_130_and_its_workers(
    table: Path, folder: Path
) -> None:
    output = folder / "out"
    with scoring(table, output) as process:
        wait_for_parts(process, output, 3)
        workers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
        assert process.returncode == 130, stderr.decode()
        assert gone(workers)


def test_score_takes_all_formats_at_once_and_counts_what_it_set_aside(
    sentiment: CommandLine, folder: Path
) -> None:
    (folder / "in").mkdir()
    numbered_csv(folder / "in/a.csv", 10)
    lines = [json.dumps({"text": f"good {n}"}) for n in range(5)]
    (folder / "in/b.jsonl.gz").write_bytes(gzip.compress("\n".join([*lines, "{"]).encode()))
    pq.write_table(pa.table({"id": [7], "text": ["bad"]}), folder / "in/c.parquet")

    outcome = sentiment(
        *("score", "in", "--output", "out", "--format", "jsonl", "--json", "--workers", "1"),
        *("--price-per-hour", "0.36", "--fail-on-rejected"),
    )

    assert outcome.code == 3
    assert "1 rows were set aside" in outcome.stderr
    assert "17 rows of 3 inputs: 16 scored, 1 rejected. Results: out" in outcome.stderr
    summary = json.loads(outcome.stdout)
    assert (summary["inputs"], summary["rows"], summary["rejected"]) == (3, 17, 1)
    assert summary["cost_per_million"] == pytest.approx(summary["seconds_per_million"] / 10_000)
    assert summary["seconds_per_million"] == pytest.approx(
        summary["preparing_s"] + 1e6 / summary["comments_per_s"]
    )
    keys = [(row["file"], row["row"], row["id"]) for row in read_results(folder / "out")]
    assert keys == [
        *(("in/a.csv", n + 1, f"c{n}") for n in range(10)),
        *(("in/b.jsonl.gz", n + 1, None) for n in range(5)),
        ("in/c.parquet", 1, "7"),
    ]
    ((row, reason),) = read_rejected(folder / "out")
    assert (row, reason[:7]) == (6, "no JSON")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere.csv"], 3, "There is no input nowhere.csv"),
        (["in.csv", "in.csv"], 3, "in.csv is named twice"),
        (["in.csv", "--text-column", "comment"], 3, "lacks the column 'comment'"),
        (["in.csv", "--bundle", "nowhere"], 7, "Wanted a bundle at nowhere"),
        (["in.csv", "--scheduler", "tcp://127.0.0.1:9"], 15, "There is no scheduler at"),
    ],
)
def test_score_that_can_not_be_says_why(
    sentiment: CommandLine, folder: Path, arguments: list[str], code: int, said: str
) -> None:
    numbered_csv(folder / "in.csv", 3)
    assert_clear(sentiment("score", *arguments, "--output", "out"), code, said)
    assert not (folder / "out" / "predictions").exists()


def test_score_into_a_folder_of_something_else_ends_with_2(
    sentiment: CommandLine, folder: Path
) -> None:
    numbered_csv(folder / "in.csv", 3)
    outcome = sentiment("score", "in.csv", "--output", ".")
    assert_clear(outcome, 2, "is no folder of results: it holds in.csv", "Choose an --output")


@pytest.mark.parametrize(
    "option",
    [
        ["--workers", "0"],
        ["--part-rows", "0"],
        ["--format", "xml"],
        ["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"],
    ],
    ids=" ".join,
)
def test_score_with_a_wrong_option_ends_with_2(
    sentiment: CommandLine, folder: Path, option: list[str]
) -> None:
    outcome = sentiment("score", "in.csv", "--output", "out", *option)
    assert outcome.code == 2
    assert "Traceback" not in outcome.stderr
