"""What is queued: comments of one video, as JSON that every queue can carry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence, Set
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sentiment.comments import Comment
from sentiment.errors import MessageError
from sentiment.textclean import storable

MAX_MESSAGE_BYTES = 250_000
"""Less than the 256 KiB that SQS has always taken, its own attributes included."""
COMMENTS_A_MESSAGE = 100

# YouTube's own limit is 10,000; what no reader can have typed must not stop the rest.
_MAX_TEXT_CHARACTERS = 20_000
_ID = Field(min_length=1, max_length=200)
_VideoId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{11}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class QueuedComment(_Part):
    """A comment on its way."""

    id: Annotated[str, _ID]
    parent_id: Annotated[str, _ID] | None
    text: Annotated[str, Field(max_length=_MAX_TEXT_CHARACTERS)]
    like_count: int
    published_at: AwareDatetime


class CommentBatch(_Part):
    """One message."""

    version: Literal[1] = 1
    video_id: _VideoId
    fetched_at: AwareDatetime
    comments: Annotated[tuple[QueuedComment, ...], Field(min_length=1)]

    def body(self) -> str:
        """Return the message's text: ASCII alone, which passes everywhere."""
        return json.dumps(self.model_dump(mode="json"), separators=(",", ":"))

    def unpacked(self) -> list[Comment]:
        """Return the comments as the store takes them."""
        return [
            Comment(
                id=one.id,
                video_id=self.video_id,
                text=one.text,
                like_count=one.like_count,
                published_at=one.published_at,
                parent_id=one.parent_id,
            )
            for one in self.comments
        ]


def pack(
    video_id: str,
    comments: Sequence[Comment],
    *,
    fetched_at: datetime,
    alone: Set[str] = frozenset(),
) -> Iterator[CommentBatch]:
    """Cut comments of a video into messages, in order.

    Args:
        video_id: the 11 characters.
        comments: any number; a text of more than 20,000 characters is cut.
        fetched_at: when YouTube gave them, with time zone.
        alone: ids of those that share a message with no other.
    """
    batch: list[QueuedComment] = []
    n_bytes = 0
    for comment in comments:
        queued = QueuedComment(
            id=comment.id,
            parent_id=comment.parent_id,
            text=storable(comment.text)[:_MAX_TEXT_CHARACTERS],
            like_count=comment.like_count,
            published_at=comment.published_at,
        )
        size = len(json.dumps(queued.model_dump(mode="json"))) + 1
        is_full = len(batch) == COMMENTS_A_MESSAGE or n_bytes + size > MAX_MESSAGE_BYTES - 1_000
        is_apart = bool(batch) and not alone.isdisjoint({batch[-1].id, comment.id})
        if batch and (is_full or is_apart):
            yield CommentBatch(video_id=video_id, fetched_at=fetched_at, comments=tuple(batch))
            batch, n_bytes = [], 0
        batch.append(queued)
        n_bytes += size
    if batch:
        yield CommentBatch(video_id=video_id, fetched_at=fetched_at, comments=tuple(batch))


def read_message(body: str) -> CommentBatch:
    """Return what a message says.

    Raises:
        MessageError: it is no message of ours; the error does not quote it.
    """
    try:
        return CommentBatch.model_validate_json(body)
    except ValidationError as error:
        problem = error.errors(include_input=False)[0]
        where = ".".join(str(part) for part in problem["loc"]) or "the whole"
        raise MessageError(f"A message can't be read: {where}: {problem['msg']}.") from None


class _Named(BaseModel):
    video_id: _VideoId


def video_of(body: str) -> str | None:
    """Return the id of the video that a message names, also where its rest can't be read."""
    try:
        return _Named.model_validate_json(body).video_id
    except ValidationError:
        return None
