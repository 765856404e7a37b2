"""Starts the stream's commands as an operator would: processes beside a service and its store."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sentiment.store import Store
from sentiment.youtube.replay import ReplayServer
from tests.serving.running import (
    REPOSITORY,
    clean_environment,
    service_variables,
    spawned,
)

_SENTIMENT = (sys.executable, "-m", "sentiment.cli.main", "stream")
_END_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class StreamCommands:
    """The commands of `sentiment stream` beside the service of `tests.serving.running.serving`.

    Attributes:
        bundle: folder of the model.
        folder: of the service, with its store; the commands' logs come there too.
        replay: stands in for YouTube.
        more: further variables of the environment.
    """

    bundle: Path
    folder: Path
    replay: ReplayServer
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """What names model, store, queue and YouTube to the commands."""
        named = service_variables(self.bundle, self.folder, self.replay)
        # A day's real quota would slow the polls down, and the more the younger the day is.
        return {
            **named,
            "SENTIMENT_QUEUE_URL": "",
            "SENTIMENT_QUOTA_UNITS": "10000000",
            **self.more,
        }

    def watch(self, video_id: str, *, interval_s: float) -> None:
        """Have a video watched."""
        subprocess.run(
            (*_SENTIMENT, "watch", video_id, "--interval", f"{interval_s:g}"),
            cwd=REPOSITORY,
            env=clean_environment(self.variables),
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=_END_TIMEOUT_S,
        )

    @contextmanager
    def polling(self, every_s: float) -> Iterator[None]:
        """Run the poller, at one pace whether comments come or not."""
        pace = ("--shortest", f"{every_s:g}", "--longest", f"{every_s:g}")
        with self._running("poll", *pace):
            yield

    @contextmanager
    def working(self, *options: str) -> Iterator[subprocess.Popen[str]]:
        """Run a worker; one that the block kills with SIGKILL ends as it is meant to."""
        with self._running("worker", *options) as process:
            yield process

    @contextmanager
    def _running(self, *command: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command; at the end it is asked to stop, and must end well."""
        log = self.folder / f"{command[0]}.log"
        words = (*_SENTIMENT, *command)
        with spawned(words, log_path=log, variables=self.variables) as process:
            yield process
            if process.poll() == -signal.SIGKILL:
                return
            process.send_signal(signal.SIGTERM)
            assert process.wait(_END_TIMEOUT_S) == 0, log.read_text()


def wait_until(is_true: Callable[[], bool], *, timeout_s: float = 30.0) -> None:
    """Return once something is true; fail where it never is."""
    ending = threading.Event()
    for _ in range(int(timeout_s / 0.05)):
        if is_true():
            return
        ending.wait(0.05)
    raise AssertionError("waited in vain")


def wait_until_kept(store: Store, video_id: str, count: int) -> None:
    """Return once so many comments of a video are kept and no poll has more to say of them."""

    def is_kept() -> bool:
        video = store.video(video_id)
        known = store.known_ids(video_id)
        return len(known) == count and video is not None and video.complete

    wait_until(is_kept, timeout_s=90.0)
