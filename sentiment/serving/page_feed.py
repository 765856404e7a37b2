"""The pages of one fetch on their way from the thread that asks YouTube to the one that labels.

So neither waits for the other. Owns both ends of the queue.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterator
from concurrent.futures import Executor

from sentiment.errors import YouTubeError
from sentiment.serving.fetch_plan import FetchPlan, Step
from sentiment.serving.video_notes import VideoNotes

_log = logging.getLogger(__name__)

_QUEUED_STEPS = 8
_POLL_S = 0.1


class PageFeed:
    """Runs a plan in another thread, and looks the video up in between.

    Args:
        plan: what to fetch.
        notes: told what was looked up.
        fetchers: lends the thread; the feed starts when one is free.
        stop: ends the feed when somebody sets it.
    """

    def __init__(
        self, plan: FetchPlan, notes: VideoNotes, *, fetchers: Executor, stop: threading.Event
    ) -> None:
        self._plan = plan
        self._notes = notes
        self._stop = stop
        self._steps: queue.Queue[Step | None] = queue.Queue(_QUEUED_STEPS)
        self._is_looked_up = not notes.wants_info()
        self._pulling = fetchers.submit(self._pull)

    def batches(self) -> Iterator[list[Step]]:
        """Yield the steps of the plan, all that are there at once.

        After `stop` those that are there already are yielded, and nothing is waited for.
        """
        while batch := self._next_batch():
            yield batch

    def error(self) -> YouTubeError | None:
        """Return what ended the fetch, after its last batch; None when nothing did."""
        if self._pulling.cancel() or self._stop.is_set():
            return None
        return self._pulling.result()

    def _next_batch(self) -> list[Step]:
        batch: list[Step] = []
        while True:
            is_stopped = self._stop.is_set()
            try:
                step = self._steps.get(timeout=0 if batch or is_stopped else _POLL_S)
            except queue.Empty:
                if batch or is_stopped:
                    break
                continue
            if step is None:
                if batch:
                    self._steps.put(None)  # there is room: this thread alone has just made some
                break
            batch.append(step)
        return batch

    def _pull(self) -> YouTubeError | None:
        try:
            for step in self._plan.steps():
                self._offer(step)
                # After a whole page: the replies of the first are not kept waiting.
                if step.page.is_whole or step.page.ending:
                    self._look_up()
        except YouTubeError as error:
            return error
        finally:
            self._offer(None)
        return None

    def _offer(self, step: Step | None) -> None:
        while not self._stop.is_set():
            try:
                self._steps.put(step, timeout=_POLL_S)
            except queue.Full:
                continue
            return

    def _look_up(self) -> None:
        if self._is_looked_up:
            return
        self._is_looked_up = True
        try:
            self._notes.take_info(self._plan.look_up())
        except YouTubeError as error:
            _log.info("no title of video %s: %s", self._plan.video_id, type(error).__name__)
