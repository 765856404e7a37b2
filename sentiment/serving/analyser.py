"""The analyses under way: started once, followed by whoever asks, stopped when nobody does.

Owns how many run at once, and what a client that comes back can still be told. Lives on the
event loop; the runs themselves work in threads.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sentiment.errors import BusyError, SentimentError
from sentiment.serving import limits, metrics
from sentiment.serving.analysis_run import AnalysisRun
from sentiment.serving.models import name_of
from sentiment.serving.trial.arms import Assigned
from sentiment.serving.trial.labelling import Labelling
from sentiment.serving.wire import ModelBody
from sentiment.serving.wire_analysis import AnalyzeBody, AnalyzeRequest
from sentiment.serving.workshop import Told, Workshop
from sentiment.youtube.video_id import parse_video_id

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Run:
    """One analysis and all that it has said. Lives on the event loop.

    Attributes:
        id: names it to a client that comes back.
        request: what it answers; its `video_id` is the 11 characters.
        model: that labels all of its comments; another one where it failed.
        told: what was said so far, in order.
        error: what ended it; None when nothing did.
        has_ended: whether nothing more comes.
        stop: set when nobody follows any more.
        followers: how many do.
    """

    id: str
    request: AnalyzeRequest
    model: ModelBody
    told: list[Told] = field(default_factory=list)
    error: SentimentError | None = None
    has_ended: bool = False
    stop: threading.Event = field(default_factory=threading.Event)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    followers: int = 0

    @property
    def video_id(self) -> str:
        """The 11 characters."""
        return self.request.video_id

    def add(self, told: Told) -> None:
        """Take in what the run says."""
        self.told.append(told)
        self._wake()

    def end(self, error: SentimentError | None) -> None:
        """Take in that it is over."""
        self.error, self.has_ended = error, True
        self._wake()

    async def follow(self, *, after: int = 0) -> AsyncGenerator[tuple[int, Told]]:
        """Yield what the run says, from the beginning or from where a client was cut off.

        Args:
            after: how many were received already.

        Yields:
            The number of each, from 1, and what it says.

        Raises:
            SentimentError: what ended the run.
        """
        self.followers += 1
        try:
            while True:
                changed = self._changed
                while after < len(self.told):
                    after += 1
                    yield after, self.told[after - 1]
                if self.has_ended:
                    if self.error is not None:
                        raise self.error
                    return
                await changed.wait()
        finally:
            self.followers -= 1
            if self.followers == 0 and not self.has_ended:
                self.stop.set()

    async def ended(self) -> None:
        """Return when nothing more is said, nor written."""
        while not self.has_ended:
            await self._changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


# Who asks after another model has taken over is answered by that one.
_Key = tuple[AnalyzeRequest, str]


class Analyser:
    """Analyses of videos, few at a time.

    Args:
        workshop: what the runs work with.
        max_runs: more at once are refused, > 0.
    """

    def __init__(
        self, workshop: Workshop, *, max_runs: int = limits.MAX_CONCURRENT_ANALYSES
    ) -> None:
        self._workshop = workshop
        self._max_runs = max_runs
        self._workers = ThreadPoolExecutor(max_runs, thread_name_prefix="analysis")
        # Those too that were left and still work: whoever asks again gets another one.
        self._running: dict[str, tuple[_Key, Run]] = {}
        self._held_off: Counter[str] = Counter()
        self._ended: dict[str, Run] = {}

    def open(self, request: AnalyzeRequest) -> Run:
        """Return the run that answers a request: one under way, or a new one.

        Raises:
            InvalidVideoIdError: the request names no video.
            BusyError: as many analyses run as may, or the video is being removed.
        """
        request = _by_id(request)
        video_id = request.video_id
        if self._held_off[video_id]:
            raise BusyError(
                "What is kept of this video is being removed.",
                hint="Wait a moment and send the request again.",
            )
        assigned = self._workshop.arms.lend(video_id)
        model = name_of(assigned.loan.model)
        key = (request, model.digest)
        for its_key, run in self._running.values():
            if its_key == key and not run.stop.is_set():
                assigned.end()
                return run
        if len(self._running) >= self._max_runs:
            assigned.end()
            raise BusyError(
                f"The service runs {self._max_runs} analyses already.",
                hint="Wait a moment and send the request again.",
            )
        run = Run(uuid.uuid4().hex, request, model)
        self._running[run.id] = key, run
        task = asyncio.get_running_loop().create_task(self._work(run, assigned))
        task.add_done_callback(functools.partial(self._forget, run, assigned))
        return run

    def resume(self, run_id: str, *, request: AnalyzeRequest) -> Run | None:
        """Return a run that a client was following; None when it is gone, or answers another.

        Raises:
            InvalidVideoIdError: the request names no video.
        """
        _, run = self._running.get(run_id, (None, None))
        if run is None or run.stop.is_set():
            run = self._ended.get(run_id)
        return run if run is not None and run.request == _by_id(request) else None

    async def analyse(self, request: AnalyzeRequest) -> AnalyzeBody:
        """Follow a run to its end and return all of it.

        Raises:
            InvalidVideoIdError: the request names no video.
            BusyError: as many analyses run as may.
            YouTubeError: the video's comments can't be had.
            InferenceError: the model broke its contract.
        """
        told = [told async for _, told in self.open(request).follow()]
        judged = {one.comment.id: one for part in told for one in part.comments}
        chosen = list(judged.values())
        if request.order == "time":
            chosen.sort(key=lambda one: one.comment.published_at, reverse=True)
        bodies = [one.body() for one in chosen[: request.max_comments]]
        return AnalyzeBody(**dict(told[-1].analysis), comments=bodies)

    @asynccontextmanager
    async def held_off(self, video_id: str) -> AsyncIterator[None]:
        """Keep a video free of analyses while it is removed.

        Those under way are stopped, and have written their last when the block begins; what was
        told of it is forgotten; until the block ends, no other begins.

        Args:
            video_id: the 11 characters.
        """
        self._held_off[video_id] += 1
        try:
            running = [run for _, run in self._running.values() if run.video_id == video_id]
            for run in running:
                run.stop.set()
            for run in running:
                await run.ended()
            await asyncio.to_thread(self._workshop.arms.forget, video_id)
            for run in [run for run in self._ended.values() if run.video_id == video_id]:
                self._drop(run.id)
            yield
        finally:
            self._held_off[video_id] -= 1
            self._held_off += Counter()  # drops what nobody holds off

    @property
    def notice(self) -> str:
        """What every result says of its origin."""
        return self._workshop.notice

    @property
    def followers(self) -> int:
        """How many follow a run now."""
        running = (run for _, run in self._running.values())
        return sum(run.followers for run in (*running, *self._ended.values()))

    def close(self) -> None:
        """Stop every run; those that follow one are told so by its end."""
        for _, run in self._running.values():
            run.stop.set()
        self._workers.shutdown(wait=False, cancel_futures=True)
        self._workshop.fetchers.shutdown(wait=False, cancel_futures=True)

    async def _work(self, run: Run, assigned: Assigned) -> None:
        loop = asyncio.get_running_loop()
        started_s = time.monotonic()

        def tell(told: Told) -> None:
            loop.call_soon_threadsafe(hear, told)

        def hear(told: Told) -> None:
            if not run.told:
                metrics.observe_first_result(time.monotonic() - started_s)
            run.model = labelling.model
            run.add(told)

        labelling = Labelling(
            run.video_id,
            assigned,
            predicting=self._workshop.predicting,
            activity=self._workshop.activity,
            stop=run.stop,
        )
        work = AnalysisRun(
            run.request,
            run.video_id,
            labelling=labelling,
            workshop=self._workshop,
            tell=tell,
            stop=run.stop,
        )
        # Stands where something unforeseen breaks off the run; its traceback goes to the log.
        error: SentimentError | None = SentimentError("The analysis broke off.")
        try:
            await loop.run_in_executor(self._workers, work.work)
            error = _why_unfinished(run)
        except SentimentError as caught:
            error = caught
        finally:
            run.end(error)
        duration_s = time.monotonic() - started_s
        if error is None and not run.stop.is_set():
            metrics.observe_last_result(duration_s)
        logger.info(
            "analysis of video %s %s after %.2f s",
            run.video_id,
            "was left" if run.stop.is_set() else type(error).__name__ if error else "ended",
            duration_s,
        )

    def _forget(self, run: Run, assigned: Assigned, _: asyncio.Task[None]) -> None:
        assigned.end()
        del self._running[run.id]
        if run.error is not None or run.stop.is_set():
            return
        self._ended[run.id] = run
        if len(self._ended) > limits.MAX_KEPT_RUNS:
            self._drop(next(iter(self._ended)))
        # Not when another run ends: it holds texts, and that may take days.
        asyncio.get_running_loop().call_later(limits.KEPT_RUN_S, self._drop, run.id)

    def _drop(self, run_id: str) -> None:
        self._ended.pop(run_id, None)


def _why_unfinished(run: Run) -> SentimentError | None:
    """Return what to tell those who still follow a run that was stopped; None for a whole one."""
    if run.told and run.told[-1].is_last:
        return None
    return BusyError("The analysis was stopped.", hint="Send the request again.")


def _by_id(request: AnalyzeRequest) -> AnalyzeRequest:
    return request.model_copy(update={"video_id": parse_video_id(request.video_id)})
