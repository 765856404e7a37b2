"""The service at half its load for a long time: whether memory, handles or threads grow."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from typing import Any

from sentiment.benchmark.analyses import stream_analysis
from sentiment.benchmark.holdings import handles, resident_megabytes, threads
from sentiment.benchmark.service import RunningService, post_once
from sentiment.errors import InferenceError

CLIENTS = 4
_TEXTS_A_REQUEST = 20
_SAMPLE_EVERY_S = 5.0
_CAPACITY_REQUESTS = 40
# A small set of videos, analysed again and again, and now and then a new one.
_ANALYSE_EVERY = 25
_VIDEO_SIZES = range(100, 400, 20)
_WARM_UP_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Sample:
    """What the service held at one moment.

    Attributes:
        at_s: since the beginning.
        megabytes: resident memory.
        handles: open files and sockets.
        threads: of the process.
    """

    at_s: float
    megabytes: float
    handles: int
    threads: int


@dataclass(frozen=True, slots=True)
class Soak:
    """What a soak found.

    Attributes:
        minutes: how long it took.
        requests_per_s: that were sent.
        requests: answered.
        analyses: followed to their end.
        failures: requests that were not answered as they should be.
        before: medians over the fifth of the samples after the warm-up.
        after: medians over the last fifth.
    """

    minutes: float
    requests_per_s: float
    requests: int
    analyses: int
    failures: int
    before: Sample
    after: Sample

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)


def run_soak(
    service: RunningService,
    texts: Sequence[str],
    *,
    minutes: float,
    seed: int,
    on_sample: Callable[[Sample], None] = lambda _: None,
) -> Soak:
    """Send half of what the service can answer, and look at what it holds.

    Args:
        service: without a cache, with the stand-in as its source of comments.
        texts: real comments.
        minutes: how long, > 0.
        seed: draws texts and videos.
        on_sample: told of each sample.

    Raises:
        InferenceError: the system does not tell what a process holds, or nothing was answered.
    """
    rate = _capacity(service, texts) / 2
    work = _Work(service, texts, seed=seed, rate=rate)
    started_s = time.monotonic()
    samples: list[Sample] = []
    with work:
        while (now_s := time.monotonic() - started_s) < minutes * 60:
            samples.append(_sample(service.pid, now_s))
            on_sample(samples[-1])
            time.sleep(_SAMPLE_EVERY_S)
    kept = samples[int(len(samples) * _WARM_UP_SHARE) :]
    fifth = max(1, len(kept) // 5)
    if not kept or not work.requests:
        raise InferenceError("The soak was too short to see anything.", hint="Give it minutes.")
    return Soak(
        minutes=minutes,
        requests_per_s=rate,
        requests=work.requests,
        analyses=work.analyses,
        failures=work.failures,
        before=_median(kept[:fifth]),
        after=_median(kept[-fifth:]),
    )


class _Work:
    """Clients that send at a rate until the block ends."""

    def __init__(
        self, service: RunningService, texts: Sequence[str], *, seed: int, rate: float
    ) -> None:
        self.requests = self.analyses = self.failures = 0
        self._service = service
        self._texts = texts
        self._pause_s = CLIENTS / rate
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._send, args=(seed + number,)) for number in range(CLIENTS)
        ]

    def __enter__(self) -> _Work:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - no secret
        for number in self._numbers():
            try:
                if number % _ANALYSE_EVERY == 0:
                    size = chance.choice(_VIDEO_SIZES)
                    stream_analysis(self._service.url, f"size{size:07d}", size)
                    self._count(analyses=1)
                else:
                    post_once(self._service.url, chance.choices(self._texts, k=_TEXTS_A_REQUEST))
                    self._count(requests=1)
            except InferenceError:
                self._count(failures=1)

    def _numbers(self) -> Iterator[int]:
        due_s = time.monotonic()
        for number in cycle(range(1, _ANALYSE_EVERY + 1)):
            due_s = max(due_s + self._pause_s, time.monotonic())
            if self._stop.wait(due_s - time.monotonic()):
                return
            yield number

    def _count(self, *, requests: int = 0, analyses: int = 0, failures: int = 0) -> None:
        with self._lock:
            self.requests += requests
            self.analyses += analyses
            self.failures += failures


def _capacity(service: RunningService, texts: Sequence[str]) -> float:
    """Return how many requests a second the service answers when it is asked for more."""
    chunks = [
        list(texts[start : start + _TEXTS_A_REQUEST])
        for start in range(0, _CAPACITY_REQUESTS * _TEXTS_A_REQUEST, _TEXTS_A_REQUEST)
    ]
    chunks = [chunk for chunk in chunks if chunk]
    started_s = time.monotonic()
    for chunk in chunks:
        post_once(service.url, chunk)
    return len(chunks) / (time.monotonic() - started_s)


def _sample(pid: int, at_s: float) -> Sample:
    memory, open_handles, running = resident_megabytes(pid), handles(pid), threads(pid)
    if memory is None or open_handles is None or running is None:
        raise InferenceError("This system does not tell what a process holds.", hint="Use Linux.")
    return Sample(at_s, memory, open_handles, running)


def _median(samples: Sequence[Sample]) -> Sample:
    return Sample(
        at_s=samples[-1].at_s,
        megabytes=statistics.median(sample.megabytes for sample in samples),
        handles=round(statistics.median(sample.handles for sample in samples)),
        threads=round(statistics.median(sample.threads for sample in samples)),
    )
