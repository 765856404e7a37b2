"""Which pages of a video an analysis asks for: only what is not remembered already.

Newest first, a fetch goes down from the top until it meets a page that is known, then goes on
below where an earlier one was cut off. Owns what is written down for the next time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sentiment.errors import YouTubeProcessingError
from sentiment.serving import limits
from sentiment.serving.wire_analysis import Order, Reason
from sentiment.store.records import VideoRecord
from sentiment.youtube.budget import Ending
from sentiment.youtube.comment_walk import CommentPage
from sentiment.youtube.video_info import VideoInfo


class CommentSource(Protocol):
    """Where comments come from: the Data API or a stand-in. Thread-safe."""

    def pages(
        self,
        video_id: str,
        *,
        order: Order,
        start_token: str | None,
        max_units: int,
        deadline_s: float,
        max_comments: int | None,
        spend: Callable[[int], None],
        stop: threading.Event | None,
        known_replies: Mapping[str, int] | None,
    ) -> Iterator[CommentPage]:
        """Yield a video's pages; see `sentiment.youtube.client.YouTubeClient.pages`."""

    def video_info(self, video_id: str, *, spend: Callable[[int], None]) -> VideoInfo:
        """Return title and number of comments; see `YouTubeClient.video_info`."""


_REASONS: dict[Ending, set[Reason]] = {
    Ending.END: set(),
    Ending.REPEATED_TOKEN: {Reason.YOUTUBE},
    Ending.COUNT: {Reason.MAX_COMMENTS},
    Ending.UNITS: {Reason.UNITS},
    Ending.TIME: {Reason.DEADLINE},
    Ending.STOPPED: {Reason.UNDERWAY},
}


def token_to_go_on(page: CommentPage) -> str | None:
    """Return the token of the page to go on with: the next, or this one where it was cut."""
    is_whole = page.ending in {None, Ending.END, Ending.REPEATED_TOKEN}
    return page.next_page_token if is_whole else page.page_token


@dataclass(slots=True)
class FetchPlan:
    """One fetch, from the first request to what it leaves behind.

    Attributes:
        source: where comments come from.
        video_id: the 11 characters.
        order: of the comments.
        max_comments: comments wanted, remembered ones included.
        video: what was written down last time; None when nothing was.
        known_ids: ids of remembered comments.
        known_replies: how many replies are remembered, by id of their thread.
        spend: called before each request, with its units; may refuse.
        stop: set when nobody waits any more.
        complete: whether nothing of the video is missing, after `pages` has ended.
        resume_token: asks for the page to go on with; None when there is none.
        replies_left_out: replies that the budget did not allow.
        reasons: why the fetch ended early.
        units_spent: quota units.
        has_begun: whether a page came.
    """

    source: CommentSource
    video_id: str
    order: Order
    max_comments: int
    video: VideoRecord | None
    known_ids: frozenset[str]
    known_replies: Mapping[str, int]
    spend: Callable[[int], None]
    stop: threading.Event
    complete: bool = False
    resume_token: str | None = None
    replies_left_out: int = 0
    reasons: set[Reason] = field(default_factory=set)
    units_spent: int = 0
    has_begun: bool = False
    _new: int = 0

    def pages(self) -> Iterator[CommentPage]:
        """Yield the pages that are needed, newest first.

        Raises:
            YouTubeError: the comments can't be had, or no further.
        """
        before = self.video
        # Comments that are known without a word of how far they reach may have gaps between them.
        has_end = before is not None and (before.complete or before.resume_token is not None)
        known_below = has_end and self.order == "time" and bool(self.known_ids)
        reached_known = yield from self._walk(None, until_known=known_below)
        if not reached_known or before is None:
            return
        if before.complete:
            self.complete, self.resume_token = True, None
        elif before.resume_token is not None and self._so_far() < self.max_comments:
            below = self.resume_token
            try:
                yield from self._walk(before.resume_token, until_known=False)
            except YouTubeProcessingError:
                # A token of long ago may have lost its meaning: go on from the known page.
                yield from self._walk(below, until_known=False)
        else:
            self.resume_token = before.resume_token
            self.reasons.add(Reason.MAX_COMMENTS)

    def look_up(self) -> VideoInfo:
        """Return title and number of comments, for a unit.

        Raises:
            YouTubeError: they can't be had.
        """
        return self.source.video_info(self.video_id, spend=self._spend)

    def _spend(self, units: int) -> None:
        self.spend(units)
        self.units_spent += units

    def _walk(self, token: str | None, *, until_known: bool) -> Generator[CommentPage, None, bool]:
        """Yield pages from a token on; return whether a known page was met."""
        pages = self.source.pages(
            self.video_id,
            order=self.order,
            start_token=token,
            max_units=limits.units_for(self.max_comments),
            deadline_s=limits.FETCH_DEADLINE_S,
            # What is remembered comes again on the way down to what is not.
            max_comments=self.max_comments,
            spend=self._spend,
            stop=self.stop,
            known_replies=self.known_replies,
        )
        for page in pages:
            self.has_begun = True
            self.resume_token = token_to_go_on(page)
            self.replies_left_out += page.replies_left_out
            self._new += sum(comment.id not in self.known_ids for comment in page.comments)
            yield page
            if until_known and self._is_known(page):
                return True
            if page.ending is not None:
                self.complete = page.ending in {Ending.END, Ending.REPEATED_TOKEN}
                self.reasons |= _REASONS[page.ending]
        return False

    def _is_known(self, page: CommentPage) -> bool:
        tops = [comment.id for comment in page.comments if comment.parent_id is None]
        return bool(tops) and all(id_ in self.known_ids for id_ in tops)

    def _so_far(self) -> int:
        return self._new + (len(self.known_ids) if self.order == "time" else 0)
