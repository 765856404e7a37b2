"""One analysis from address to answer: fetch, predict, summarise.

Owns how many analyses run at once. Fetching and predicting block, so both run in threads: a
slow fetch must not stop the predictions of others.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from anyio import CapacityLimiter, to_thread

from sentiment.analysis.summary import summarise
from sentiment.comments import Comment, Prediction
from sentiment.errors import BusyError
from sentiment.serving import limits
from sentiment.serving.wire import AnalyzeBody, AnalyzeRequest, ModelBody, analyze_body
from sentiment.youtube.video_id import parse_video_id

logger = logging.getLogger(__name__)


class Fetched(Protocol):
    """What fetching gave."""

    @property
    def comments(self) -> Sequence[Comment]:
        """Without duplicates, in the order of the API."""

    @property
    def units_spent(self) -> int:
        """Quota units."""

    @property
    def complete(self) -> bool:
        """Whether these are all comments that the API gives."""


class CommentSource(Protocol):
    """Where comments come from. Thread-safe."""

    def fetch_comments(
        self, video_id: str, *, max_comments: int, max_units: int, deadline_s: float
    ) -> Fetched:
        """Fetch comments of a video.

        Args:
            video_id: the 11 characters.
            max_comments: stop after this many.
            max_units: stop after this many quota units.
            deadline_s: stop after this many seconds.

        Raises:
            YouTubeError: the video's comments can't be had.
        """


class Model(Protocol):
    """What labels texts. Thread-safe."""

    name: str
    digest: str

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Label texts, in order."""


class Analyser:
    """Analyses of videos, few at a time.

    Args:
        model: labels the comments.
        open_source: makes the source of comments; called once, at the first analysis, in a
            thread, because its library is slow to import.
        max_analyses: more at once are refused, > 0.
        max_fetches: more fetches at once wait, > 0.
    """

    def __init__(
        self,
        model: Model,
        open_source: Callable[[], CommentSource],
        *,
        max_analyses: int = limits.MAX_CONCURRENT_ANALYSES,
        max_fetches: int = limits.MAX_CONCURRENT_FETCHES,
    ) -> None:
        self._model = model
        self._open_source = open_source
        self._source: CommentSource | None = None
        self._max_analyses = max_analyses
        self._running = 0
        self._fetching = CapacityLimiter(max_fetches)
        # One call already uses all cores: a second would only slow the first down.
        self._predicting = CapacityLimiter(1)

    async def analyse(self, request: AnalyzeRequest) -> AnalyzeBody:
        """Fetch a video's comments, predict and summarise.

        Raises:
            InvalidVideoIdError: the request names no video.
            BusyError: as many analyses run as may.
            YouTubeError: the video's comments can't be had.
            InferenceError: the model broke its contract.
        """
        video_id = parse_video_id(request.video_id)
        started_s = time.monotonic()
        with self._slot():
            fetched = await to_thread.run_sync(
                self._fetch, video_id, request.max_comments, limiter=self._fetching
            )
            comments = list(fetched.comments)
            predictions = await to_thread.run_sync(
                self._model.predict,
                [comment.text for comment in comments],
                limiter=self._predicting,
            )
        logger.info(
            "analysed video %s: %d comments, %d units, %.1f s",
            video_id,
            len(comments),
            fetched.units_spent,
            time.monotonic() - started_s,
        )
        return analyze_body(
            video_id,
            comments=comments,
            predictions=predictions,
            summary=summarise(predictions),
            model=ModelBody(name=self._model.name, digest=self._model.digest),
            units_spent=fetched.units_spent,
            complete=fetched.complete,
        )

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if self._running >= self._max_analyses:
            raise BusyError(
                f"The service runs {self._max_analyses} analyses already.",
                hint="Wait a moment and send the request again.",
            )
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    def _fetch(self, video_id: str, max_comments: int) -> Fetched:
        if self._source is None:
            # Two threads may both open a source: the later one wins, and either serves.
            self._source = self._open_source()
        return self._source.fetch_comments(
            video_id,
            max_comments=max_comments,
            max_units=limits.units_for(max_comments),
            deadline_s=limits.FETCH_DEADLINE_S,
        )
