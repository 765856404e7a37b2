"""What the service remembers, also on days when the store does not answer.

A store that fails must not take analyses down: what can't be read is fetched and scored again,
what can't be written is not remembered, and the log, readiness and the answer say so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sentiment.comments import Comment, Prediction
from sentiment.errors import OutOfSpaceError, StoreError
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
    """

    video: VideoRecord | None
    comments: Sequence[Comment]


class Memory:
    """The store as an analysis uses it. Thread-safe; no method raises.

    Args:
        store: where comments and predictions are kept.
        model_digest: predictions of other models are not looked at.
    """

    def __init__(self, store: Store, *, model_digest: str) -> None:
        self._store = store
        self._model_digest = model_digest
        self._problem: str | None = None

    @property
    def problem(self) -> str | None:
        """Why the last call failed, in a word; None when it went well."""
        return self._problem

    def recall(self, video_id: str, *, max_comments: int) -> Recalled:
        """Return what is remembered of a video, as if nothing were where the store fails."""
        return self._guarded(
            lambda: Recalled(
                self._store.video(video_id), self._store.comments(video_id, limit=max_comments)
            ),
            otherwise=Recalled(None, ()),
        )

    def predictions(self, comments: Sequence[Comment]) -> dict[str, Prediction]:
        """Return what this model has said already, by comment id."""
        digests = {comment.id: text_digest(comment.text) for comment in comments}
        nothing: dict[str, Prediction] = {}
        known = self._guarded(
            lambda: self._store.predictions(self._model_digest, list(set(digests.values()))),
            otherwise=nothing,
        )
        return {id_: known[digest] for id_, digest in digests.items() if digest in known}

    def keep(
        self,
        comments: Sequence[Comment],
        predictions: Mapping[str, Prediction],
        *,
        fetched_at: datetime,
    ) -> bool:
        """Remember comments and what was said of them; tell whether that went well.

        Args:
            comments: as fetched.
            predictions: new ones, by comment id.
            fetched_at: when, with time zone.
        """

        def write() -> bool:
            self._store.save_comments(comments, fetched_at=fetched_at)
            said = {
                text_digest(comment.text): predictions[comment.id]
                for comment in comments
                if comment.id in predictions
            }
            self._store.save_predictions(self._model_digest, said)
            return True

        return self._guarded(write, otherwise=False)

    def keep_video(self, video: VideoRecord) -> bool:
        """Remember how far a video was fetched; tell whether that went well."""

        def write() -> bool:
            self._store.save_video(video)
            return True

        return self._guarded(write, otherwise=False)

    def keep_result(self, video_id: str, document: str, *, computed_at: datetime) -> None:
        """Remember the aggregates of a finished analysis."""
        self._guarded(
            lambda: self._store.save_result(video_id, self._model_digest, document, computed_at),
            otherwise=None,
        )

    def latest_result(self, video_id: str) -> ResultRecord | None:
        """Return the aggregates of the last analysis, of any model."""
        return self._guarded(lambda: self._store.latest_result(video_id), otherwise=None)

    def _guarded(self, call: Callable[[], _Value], *, otherwise: _Value) -> _Value:
        try:
            value = call()
        except (StoreError, OutOfSpaceError) as error:
            self._problem = type(error).__name__
            _log.warning("the store failed: %s", error)
            return otherwise
        self._problem = None
        return value
