"""What an analysis writes down of its video: title, number of comments, how far it was fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sentiment.serving.fetch_plan import Reach
from sentiment.serving.looking_up import wants_info, with_info
from sentiment.serving.memory import Memory
from sentiment.serving.wire_analysis import Order, VideoBody
from sentiment.store.records import VideoRecord
from sentiment.youtube.video_info import VideoInfo


class VideoNotes:
    """What is known of one video, written to the store as it changes.

    Args:
        video_id: the 11 characters.
        order: in which this analysis fetches.
        memory: where it is written to.

    Attributes:
        record: as it is now.
        is_stored: whether the store took everything. Where it did not, be it away or was something
            of the video removed, nothing more is written: it would hide a gap.
    """

    def __init__(self, video_id: str, *, order: Order, memory: Memory) -> None:
        self.record = VideoRecord(video_id)
        self.is_stored = True
        self._order = order
        self._memory = memory
        self._looked_up: tuple[VideoInfo, datetime] | None = None
        self._written = Reach()

    def recall(self, recalled: VideoRecord | None) -> None:
        """Take in what was written down last time; None when nothing was."""
        self.record = recalled or self.record
        self._written = self.reach

    @property
    def reach(self) -> Reach:
        """How far down the comments are kept."""
        return Reach(self.record.complete, self.record.resume_token)

    def wants_info(self) -> bool:
        """Tell whether title and number of comments are not known, or are old."""
        return wants_info(self.record, now=datetime.now(UTC))

    def take_info(self, info: VideoInfo) -> None:
        """Take in what was looked up; in another thread than the one that writes, if need be."""
        self._looked_up = info, datetime.now(UTC)

    def note(self, reach: Reach, *, at_end: bool = False) -> None:
        """Write down how far the video is kept.

        Args:
            reach: how far.
            at_end: whether the fetch is over; before that, only what changed is written.
        """
        before = self.record
        if self._looked_up is not None:
            info, looked_up_at = self._looked_up
            before = with_info(before, info, looked_up_at=looked_up_at)
        # Comments picked by relevance that are all known make the newest no fresher.
        is_fetched = self._order == "time" or not reach.has_end
        self.record = replace(
            before,
            fetched_at=datetime.now(UTC) if is_fetched else before.fetched_at,
            complete=reach.complete,
            resume_token=reach.resume_token,
        )
        # Before any comment of it is: what is removed later is noticed by the record.
        is_new = self.record.generation is None
        if self.is_stored and (at_end or is_new or reach != self._written):
            kept = self._memory.keep_video(self.record)
            self.is_stored = kept is not None
            self.record = kept or self.record
            self._written = reach

    def body(self) -> VideoBody:
        """Return the wire shape."""
        return VideoBody(
            title=self.record.title,
            comment_count=self.record.comment_count,
            is_live=self._looked_up[0].is_live if self._looked_up else None,
        )
