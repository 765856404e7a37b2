"""A candidate that takes the real service down while it is loaded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sentiment.release.bundle import TOKENIZER_FILE
from sentiment.store.records import RolloutEventKind
from sentiment.youtube.replay import ReplayServer
from tests.serving.running import SERVE, spawned
from tests.serving.swapping import Candidate, counted, until
from tests.serving.trial.releasing import ReleaseFolder, tried

pytestmark = pytest.mark.slow


def hold_up_the_load(bundle: Path) -> Path:
    """Put a pipe in place of a file: who loads the bundle waits there for somebody who writes."""
    pipe = bundle / TOKENIZER_FILE
    pipe.unlink()
    os.mkfifo(pipe)
    return pipe


def start_and_kill_in_the_load(folder: ReleaseFolder, replay: ReplayServer, pipe: Path) -> None:
    """Start the service; end it as a crash would, without a word, once the candidate is read."""
    variables = folder.variables | {
        "SENTIMENT_STORE_URL": folder.store_url,
        "SENTIMENT_YOUTUBE_ENDPOINT": replay.endpoint,
    }
    log_path = folder.folder / "killed.log"
    with spawned((*SERVE, "--port", "0"), log_path=log_path, variables=variables) as process:
        held: list[int] = []

        def is_read() -> bool:
            assert process.poll() is None, log_path.read_text()
            try:
                # Goes well only where somebody reads, who then waits for as long as it is open.
                held.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
            except OSError:
                return False
            return True

        until(is_read, "the load")
        process.kill()
        process.wait(10)
        os.close(held.pop())


def test_candidate_that_ends_each_process_that_loads_it_is_given_up(
    folder: ReleaseFolder, one: Candidate, other: Candidate, replay: ReplayServer
) -> None:
    pipe = hold_up_the_load(folder.releases.bundle_folder(other.digest))
    rollout = tried(other.digest, canary=1.0)
    folder.plan(rollout)
    for _ in range(2):
        start_and_kill_in_the_load(folder, replay, pipe)
    reason = "2 processes died while they loaded it"
    for _ in range(2):
        with folder.served(replay) as service:
            assert service.rollout["digest"] == other.digest
            assert service.rollout["state"] == "refused"
            assert service.rollout["reason"] == f"rolled back: {reason}"
            assert counted(service.client, 'sentiment_rollout_state_info{state="refused"}') == 1
            assert service.analyse("size0000030")["model"] == one.body
            service.kill()
            log = service.running.log()
        assert f"candidate with digest {other.digest} is refused" in log
    with folder.store() as store:
        events = store.rollout_events(rollout.rollout_id)
    assert [(event.kind, event.reason) for event in events] == [
        (RolloutEventKind.REFUSED, reason),
        (RolloutEventKind.ROLLED_BACK, reason),
    ]


def test_candidate_is_loaded_after_a_single_death(
    folder: ReleaseFolder, other: Candidate, replay: ReplayServer
) -> None:
    bundle = folder.releases.bundle_folder(other.digest)
    pipe = hold_up_the_load(bundle)
    folder.plan(tried(other.digest, canary=1.0))
    start_and_kill_in_the_load(folder, replay, pipe)
    pipe.unlink()
    pipe.write_bytes((other.folder / TOKENIZER_FILE).read_bytes())
    with folder.served(replay) as service:
        assert service.is_in_state("running")
        assert service.analyse("size0000030")["model"] == other.body
    assert list((folder.releases.root / "loading").iterdir()) == []
