"""What a poller has sent and the store does not hold yet.

Kept with the watch, so that a poller may be killed, or run elsewhere next time. While comments
are on their way, the store's own record of how far a video is kept stays as it was: it changes
once all of them have arrived.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from sentiment.serving.fetch_plan import Reach
from sentiment.store.records import VideoRecord


class Pending(BaseModel):
    """A poll, or several, whose comments are on their way."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime
    """When the first of them was sent."""
    polled_at: AwareDatetime
    """When the last poll was."""
    sent: dict[str, str] = {}
    """Digest of each text that was sent, by comment id."""
    complete: bool = False
    resume_token: str | None = None
    is_open: bool = True
    """Whether a poll has not ended: what it saw may have a gap, and the next begins anew."""
    generation: str | None = None
    """Of the video's record when the first poll began."""

    @classmethod
    def read(cls, document: str | None) -> Self | None:
        """Return what was written down; None where nothing was, or nobody can read it."""
        if document is None:
            return None
        try:
            return cls.model_validate_json(document)
        except ValidationError:  # of another version: the next poll begins anew
            return None

    @classmethod
    def begun(cls, now: datetime, record: VideoRecord) -> Self:
        """Return that of a poll that begins, knowing a record of the video."""
        return cls(since=now, polled_at=now, generation=record.generation)

    @property
    def reach(self) -> Reach:
        """How far down comments are kept once all that was sent is."""
        return Reach(complete=self.complete, resume_token=self.resume_token)

    def sending(self, digests: Mapping[str, str]) -> Self:
        """Return that of a poll that is about to send comments, by id."""
        return self.model_copy(update={"sent": {**self.sent, **digests}, "is_open": True})

    def ended(self, reach: Reach, *, polled_at: datetime) -> Self:
        """Return that of a poll that has sent all it found."""
        values = {
            "polled_at": polled_at,
            "complete": reach.complete,
            "resume_token": reach.resume_token,
            "is_open": False,
        }
        return self.model_copy(update=values)

    def arrived(self, record: VideoRecord) -> VideoRecord:
        """Return what the store is to know of the video once all has arrived."""
        return replace(
            record,
            fetched_at=self.polled_at,
            complete=self.complete,
            resume_token=self.resume_token,
            generation=self.generation,
        )


@dataclass(frozen=True, slots=True)
class Start:
    """Where a poll begins.

    Attributes:
        kept: how far down comments are kept or on their way, told as if nothing older were
            wanted.
        known_ids: comments that need not be looked at again.
        sent: digests of texts that need not be sent again, by comment id.
    """

    kept: Reach
    known_ids: Set[str]
    sent: Mapping[str, str]

    def reach(self, reach: Reach) -> Reach:
        """Return how far down comments are kept, from what a plan made of `kept`."""
        if reach == self.kept and reach.resume_token is not None:
            return Reach(resume_token=reach.resume_token)
        return reach


def start_of(pending: Pending | None, record: VideoRecord, stored_ids: Set[str]) -> Start:
    """Return where the next poll of a video begins.

    Args:
        pending: what is on its way; None where nothing is.
        record: what the store knows of the video.
        stored_ids: ids of its comments that are kept.
    """
    reach = Reach(complete=record.complete, resume_token=record.resume_token)
    if pending is None:
        return Start(_downwards_closed(reach), stored_ids, {})
    if pending.is_open:
        # What it sent may hide what it did not get to: all of that is looked at again.
        return Start(_downwards_closed(reach), stored_ids - pending.sent.keys(), {})
    return Start(_downwards_closed(pending.reach), stored_ids | pending.sent.keys(), pending.sent)


def _downwards_closed(reach: Reach) -> Reach:
    """Return a reach below which a plan asks for nothing: older comments were not wanted."""
    return Reach(complete=reach.has_end, resume_token=reach.resume_token)
