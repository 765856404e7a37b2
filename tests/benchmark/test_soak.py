from __future__ import annotations

import os
from pathlib import Path

import pytest

from sentiment.benchmark.holdings import (
    handles,
    peak_megabytes,
    resident_megabytes,
    restart_peak,
    threads,
)
from sentiment.benchmark.run import service_beside_replay
from sentiment.benchmark.soak import Sample, run_soak


@pytest.mark.slow
def test_soak_sends_answers_and_watches(tiny_bundle: Path) -> None:
    seen: list[Sample] = []
    texts = [f"comment number {number}" for number in range(1_000)]
    with service_beside_replay(tiny_bundle) as service:
        soak = run_soak(service, texts, minutes=0.2, seed=1, on_sample=seen.append)
    assert (soak.failures, soak.requests > 0, soak.analyses > 0) == (0, True, True)
    assert len(seen) >= 2
    assert soak.before.megabytes > 10
    assert soak.after.threads >= 1
    assert soak.after.handles >= 3


def test_holdings_of_this_process_are_told() -> None:
    pid = os.getpid()
    resident = resident_megabytes(pid)
    assert resident is not None
    assert resident > 1
    assert (threads(pid) or 0) >= 1
    before = handles(pid) or 0
    with Path(__file__).open(encoding="utf-8"):
        assert handles(pid) == before + 1


def test_peak_follows_what_was_held() -> None:
    pid = os.getpid()
    restart_peak(pid)
    before = peak_megabytes(pid)
    held = bytearray(os.urandom(1) * 64_000_000)
    after = peak_megabytes(pid)
    assert before is not None
    assert after is not None
    assert after - before > 30
    assert held


def test_process_that_is_gone_tells_nothing() -> None:
    gone = 2**22 + 1
    assert (resident_megabytes(gone), handles(gone), threads(gone)) == (None, None, None)
