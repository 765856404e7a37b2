"""What the service remembers, also on days when the store does not answer.

A store that fails must not take analyses down: what can't be read is fetched and scored again,
what can't be written is not remembered, and the log, readiness and the answer say so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sentiment.comments import Comment, Prediction
from sentiment.errors import OutOfSpaceError, StoreError
from sentiment.serving.limits import STORE_LOOK_S, STORE_PAUSE_S
from sentiment.store import Store
from sentiment.store.records import ResultRecord, VideoRecord
from sentiment.textclean import text_digest

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is remembered of a video.

    Attributes:
        video: what was written down when it was fetched last; None when it never was.
        comments: newest first.
        known_ids: of all its comments as the record knows them; none where there is no record,
            as they may be removed unnoticed.
    """

    video: VideoRecord | None
    comments: Sequence[Comment]
    known_ids: Set[str]


class Breaker:
    """Calls of a store that may be away. Thread-safe.

    After a failure the store is left alone for a while: else each call of an analysis would wait
    for it anew (Nygard 2007, "Release It!", the circuit breaker). A store that hangs fails no call;
    whoever must not wait for it takes `look`, which finds that out for all.

    Args:
        pause_s: how long, in seconds, >= 0.
        look_s: seconds that `look` waits for the store, > 0.
    """

    def __init__(self, *, pause_s: float = STORE_PAUSE_S, look_s: float = STORE_LOOK_S) -> None:
        self._pause_s = pause_s
        self._look_s = look_s
        self._closed_from_s = 0.0
        self._one_look = threading.Lock()
        self._given_up: Future[Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the store is being left alone."""
        hangs = self._given_up is not None and not self._given_up.done()
        return hangs or time.monotonic() < self._closed_from_s

    def call(self, function: Callable[[], _Value], *, otherwise: _Value) -> _Value:
        """Return what a function of the store gives, or another value where the store fails."""
        if self.is_open:
            return otherwise
        try:
            return function()
        except (StoreError, OutOfSpaceError) as error:
            self._pause(str(error))
            return otherwise

    def look(self, function: Callable[[], _Value], *, otherwise: _Value) -> _Value:
        """Return as `call`, but soon: the store is away, too, where it does not answer in time.

        A thread asks it, one at a time. One that hangs is given up, and the store left alone at
        least until that thread has its answer.
        """
        ends_s = time.monotonic() + self._look_s
        if self.is_open or not self._one_look.acquire(timeout=self._look_s):
            return otherwise
        answer: Future[_Value] = Future()

        def ask() -> None:
            try:
                answer.set_result(self.call(function, otherwise=otherwise))
            except BaseException as error:  # noqa: BLE001 - raised where the answer is waited for
                answer.set_exception(error)
            finally:
                self._one_look.release()

        # None of a pool, whose threads keep the process from ending.
        threading.Thread(target=ask, name="look", daemon=True).start()
        try:
            return answer.result(ends_s - time.monotonic())
        except TimeoutError:
            self._given_up = answer
            self._pause(f"it gave no answer within {self._look_s:g} s")
            return otherwise

    def _pause(self, why: str) -> None:
        self._closed_from_s = time.monotonic() + self._pause_s
        _log.warning(
            "the store failed, and is left alone for at least %.0f s: %s", self._pause_s, why
        )


class Memory:
    """The store as an analysis uses it. Thread-safe; no method raises.

    Args:
        store: where comments and predictions are kept.
        breaker: shared by all who use this store.
    """

    def __init__(self, store: Store, *, breaker: Breaker) -> None:
        self._store = store
        self._breaker = breaker

    @property
    def is_away(self) -> bool:
        """Whether the store does not answer."""
        return self._breaker.is_open

    def recall(self, video_id: str, *, max_comments: int) -> Recalled:
        """Return what is remembered of a video, as if nothing were where the store fails.

        Args:
            video_id: the 11 characters.
            max_comments: the newest so many.
        """

        def read() -> Recalled:
            known = self._store.known_video(video_id)
            return Recalled(
                known.record,
                self._store.comments(video_id, limit=max_comments),
                known.ids if known.record is not None else frozenset(),
            )

        return self._breaker.call(read, otherwise=Recalled(None, (), frozenset()))

    def predictions(
        self, comments: Sequence[Comment], *, model_digest: str
    ) -> dict[str, Prediction]:
        """Return what a model has said already, by comment id."""
        digests = {comment.id: text_digest(comment.text) for comment in comments}
        nothing: dict[str, Prediction] = {}
        known = self._breaker.call(
            lambda: self._store.predictions(model_digest, list(set(digests.values()))),
            otherwise=nothing,
        )
        return {id_: known[digest] for id_, digest in digests.items() if digest in known}

    def keep(
        self,
        comments: Sequence[Comment],
        predictions: Mapping[str, Prediction],
        *,
        model_digest: str,
        fetched_at: datetime,
        of: VideoRecord,
    ) -> bool:
        """Remember comments and what was said of them; tell whether that went well.

        Args:
            comments: as fetched.
            predictions: new ones, by comment id.
            model_digest: of the model that made them.
            fetched_at: when, with time zone.
            of: their video, as `keep_video` gave it back: nothing is remembered where something
                of it was removed since.
        """

        def write() -> bool:
            if not self._store.save_comments(comments, fetched_at=fetched_at, of=of):
                return False
            self._store.save_predictions(model_digest, _by_text(comments, predictions))
            return True

        return self._breaker.call(write, otherwise=False)

    def keep_predictions(
        self,
        comments: Sequence[Comment],
        predictions: Mapping[str, Prediction],
        *,
        model_digest: str,
    ) -> None:
        """Remember what a model said of comments that are remembered already; as in `keep`."""
        self._breaker.call(
            lambda: self._store.save_predictions(model_digest, _by_text(comments, predictions)),
            otherwise=None,
        )

    def keep_video(self, video: VideoRecord) -> VideoRecord | None:
        """Remember how far a video was fetched; return it as it is kept, None where it is not."""
        return self._breaker.call(lambda: self._store.save_video(video), otherwise=None)

    def keep_result(
        self, video_id: str, document: str, *, model_digest: str, computed_at: datetime
    ) -> None:
        """Remember the aggregates of a finished analysis by a model."""
        self._breaker.call(
            lambda: self._store.save_result(video_id, model_digest, document, computed_at),
            otherwise=None,
        )

    def keep_shown(self, video_id: str, *, model_digest: str) -> None:
        """Remember whose labels a video's comments are shown with from now on."""
        self._breaker.call(lambda: self._store.save_shown(video_id, model_digest), otherwise=None)

    def latest_result(self, video_id: str) -> ResultRecord | None:
        """Return the aggregates of the last analysis, of any model."""
        return self._breaker.call(lambda: self._store.latest_result(video_id), otherwise=None)


def _by_text(
    comments: Sequence[Comment], predictions: Mapping[str, Prediction]
) -> dict[str, Prediction]:
    return {
        text_digest(comment.text): predictions[comment.id]
        for comment in comments
        if comment.id in predictions
    }
