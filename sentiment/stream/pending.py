"""What a poller has sent and the store does not hold yet.

Kept with the watch, so that a poller may be killed, or run elsewhere next time. While comments
are on their way, the store's own record of how far a video is kept stays as it was: it changes
once all of them have arrived.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from sentiment.serving.fetch_plan import Reach
from sentiment.store.records import VideoRecord

# Bounds of what is remembered of lost texts: digests are data of YouTube's, as the texts are.
_MOST_GIVEN_UP = 200
_GIVEN_UP_FOR = timedelta(days=7)


class Pending(BaseModel):
    """A poll, or several, whose comments are on their way."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime
    """When the first of them was sent."""
    polled_at: AwareDatetime
    """When the last poll was."""
    sent: dict[str, str] = {}
    """Digest of each text that was sent, by comment id."""
    lost: set[str] = set()
    """Ids among them that never arrived once: these are on their way for the second time."""
    given_up: dict[str, str] = {}
    """Digest of each text that never arrived twice: neither sent again nor waited for."""
    given_up_at: AwareDatetime | None = None
    """When the first of these was given up."""
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
    def begun(cls, now: datetime, record: VideoRecord, before: Self | None) -> Self:
        """Return that of a poll that begins, knowing a record and what was pending before."""
        if before is None:
            return cls(since=now, polled_at=now, generation=record.generation)
        if before.sent:
            return before
        values = {"since": now, "polled_at": now, "generation": record.generation}
        return before.model_copy(update=values)

    @property
    def reach(self) -> Reach:
        """How far down comments are kept once all that was sent is."""
        return Reach(complete=self.complete, resume_token=self.resume_token)

    def sending(self, digests: Mapping[str, str]) -> Self:
        """Return that of a poll that is about to send comments, by id."""
        return self.model_copy(update={"sent": {**self.sent, **digests}, "is_open": True})

    def ended(self, reach: Reach, sent: Mapping[str, str], *, polled_at: datetime) -> Self:
        """Return that of a poll that has sent all it found.

        Args:
            reach: how far down comments are kept once all that is on its way is.
            sent: digests of that, by comment id.
            polled_at: when the poll was.
        """
        values = {
            "sent": dict(sent),
            "lost": self.lost & sent.keys(),
            "polled_at": polled_at,
            "complete": reach.complete,
            "resume_token": reach.resume_token,
            "is_open": False,
        }
        return self.model_copy(update=values)

    def doubted(self, missing: Set[str], *, now: datetime) -> Self:
        """Return that of comments that take too long: what is missing is sent once more.

        What is missing for the second time is given up: it would be lost for ever, and a message
        that ends its workers would come back for ever.

        Args:
            missing: ids of which the store does not hold what was sent, given up or not.
            now: with time zone.
        """
        is_past = self.given_up_at is not None and now - self.given_up_at > _GIVEN_UP_FOR
        before = {} if is_past else self.given_up
        twice = {id_: one for id_, one in self.sent.items() if id_ in self.lost & missing}
        still = [(id_, one) for id_, one in before.items() if id_ in missing]
        given_up = dict([*still, *twice.items()][-_MOST_GIVEN_UP:])
        given_up_at = self.given_up_at if still else now
        values = {
            "since": now,
            "sent": {id_: one for id_, one in self.sent.items() if id_ not in twice},
            "lost": (self.sent.keys() & missing) - twice.keys(),
            "given_up": given_up,
            "given_up_at": given_up_at if given_up else None,
            "is_open": True,
        }
        return self.model_copy(update=values)

    def settled(self) -> Self | None:
        """Return what is left once all that was sent has arrived: what was given up, if any."""
        if not self.given_up:
            return None
        # Open: the next poll begins where the store's own record says.
        return self.model_copy(update={"sent": {}, "lost": set(), "is_open": True})

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
        sent: digests of texts that are on their way, by comment id.
        given_up: digests of texts that are not sent again either.
    """

    kept: Reach
    known_ids: Set[str]
    sent: Mapping[str, str]
    given_up: Mapping[str, str]

    def reach(self, reach: Reach) -> Reach:
        """Return how far down comments are kept, from what a plan made of `kept`."""
        if reach == self.kept and reach.resume_token is not None:
            return Reach(resume_token=reach.resume_token)
        return reach


def start_of(pending: Pending | None, record: VideoRecord, stored_ids: Set[str]) -> Start:
    """Return where the next poll of a video begins.

    Args:
        pending: what is on its way or was given up; None where nothing is.
        record: what the store knows of the video.
        stored_ids: ids of its comments that are kept.
    """
    reach = Reach(complete=record.complete, resume_token=record.resume_token)
    if pending is None:
        return Start(_downwards_closed(reach), stored_ids, {}, {})
    given_up = pending.given_up
    known_ids = stored_ids | given_up.keys()
    if pending.is_open:
        # What it sent may hide what it did not get to: all of that is looked at again.
        return Start(_downwards_closed(reach), known_ids - pending.sent.keys(), {}, given_up)
    known_ids |= pending.sent.keys()
    return Start(_downwards_closed(pending.reach), known_ids, pending.sent, given_up)


def _downwards_closed(reach: Reach) -> Reach:
    """Return a reach below which a plan asks for nothing: older comments were not wanted."""
    return Reach(complete=reach.has_end, resume_token=reach.resume_token)
