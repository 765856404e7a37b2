"""Which pages of a video an analysis asks for: only what is not remembered already.

Newest first, a fetch goes down from the top until it meets a page that is known, then goes on
below where an earlier one was cut off. Owns what is written down for the next time.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Set
from contextlib import closing
from dataclasses import dataclass, field
from typing import Protocol

from sentiment.errors import YouTubeProcessingError, YouTubeUnavailableError
from sentiment.serving import limits
from sentiment.serving.wire_analysis import Order, Reason
from sentiment.youtube.budget import Ending
from sentiment.youtube.comment_page import CommentPage
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
        known_ids: Set[str],
    ) -> Generator[CommentPage, None, None]:
        """Yield a video's pages; see `sentiment.youtube.client.YouTubeClient.pages`."""

    def video_info(self, video_id: str, *, spend: Callable[[int], None]) -> VideoInfo:
        """Return title and number of comments; see `YouTubeClient.video_info`."""


_REASONS: dict[Ending, set[Reason]] = {
    Ending.END: set(),
    Ending.REPEATED_TOKEN: {Reason.YOUTUBE},
    Ending.KNOWN: set(),
    Ending.COUNT: {Reason.MAX_COMMENTS},
    Ending.UNITS: {Reason.UNITS},
    Ending.TIME: {Reason.DEADLINE},
    Ending.STOPPED: {Reason.UNDERWAY},
}


_MOMENT_S = 0.001
"""Given to a walk that has no time left: none at all is refused."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far down a video's comments are kept, without a gap from the newest on.

    Attributes:
        complete: whether to the end.
        resume_token: asks for the page to go on with; None when there is none.
    """

    complete: bool = False
    resume_token: str | None = None

    @property
    def has_end(self) -> bool:
        """Whether it is known where it ends; comments kept without that may have gaps."""
        return self.complete or self.resume_token is not None


@dataclass(frozen=True, slots=True)
class Step:
    """A page, or a part of one, and what is written down with it.

    Attributes:
        page: to be kept.
        before: holds also when only some of the page is kept: a kill in between leaves no gap.
        after: holds once all of it is kept.
    """

    page: CommentPage
    before: Reach
    after: Reach


@dataclass(slots=True)
class FetchPlan:
    """One fetch, from the first request to what it leaves behind.

    However many walks it takes, they share the time and the units of one.

    Attributes:
        source: where comments come from.
        video_id: the 11 characters.
        order: of the comments.
        max_comments: comments wanted, kept ones included.
        kept: how far down they are kept.
        known_ids: ids of all that are kept.
        spend: called before each request, with its units; may refuse.
        stop: set when nobody waits any more.
        reach: how far down they will be kept once the steps so far are.
        complete: whether all comments that YouTube gives are fetched or kept.
        reasons: why the fetch ended early.
        units_spent: quota units.
        has_begun: whether a page came.
    """

    source: CommentSource
    video_id: str
    order: Order
    max_comments: int
    kept: Reach
    known_ids: Set[str]
    spend: Callable[[int], None]
    stop: threading.Event
    reach: Reach = field(default_factory=Reach)
    complete: bool = False
    reasons: set[Reason] = field(default_factory=set)
    units_spent: int = 0
    has_begun: bool = False
    # By id and by page: a walk may come where an earlier one has been.
    _new_ids: set[str] = field(default_factory=set)
    _left_out: dict[str | None, int] = field(default_factory=dict)
    _has_failed: bool = False  # YouTube, to give replies that it may give another time
    _gap: Reach | None = None  # no further down: the next fetch asks for those replies
    _ends_at_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def replies_left_out(self) -> int:
        """Replies that the budget did not allow, or that YouTube did not give."""
        return sum(tuple(self._left_out.values()))  # another thread may read the next page

    def steps(self) -> Iterator[Step]:
        """Yield the pages that are needed, newest first.

        A page whose threads are all known ends the way down: what happened below it YouTube
        tells only to who reads all of it again, for a unit a page. So replies that arrived under
        older threads are found on the pages that are read, the first one at least; and a comment
        that was deleted there stays until its text is purged, after some three weeks.

        Raises:
            YouTubeError: the comments can't be had, or no further.
        """
        self._ends_at_s = time.monotonic() + limits.FETCH_DEADLINE_S
        goes_to_known = self.order == "time" and self.kept.has_end and bool(self.known_ids)
        last = yield from self._walk(None, known_ids=self.known_ids if goes_to_known else set())
        if last.ending is not Ending.KNOWN:
            return
        if self.kept.complete:
            self.complete = not self._has_failed
            return
        if self._has_enough():
            self.reasons.add(Reason.MAX_COMMENTS)
            return
        try:
            yield from self._walk_on(self.kept.resume_token)
        except YouTubeProcessingError:
            # A token of long ago may have lost its meaning: go on from the known page.
            yield from self._walk_on(last.next_page_token)

    def look_up(self) -> VideoInfo:
        """Return title and number of comments, for a unit.

        Raises:
            YouTubeError: they can't be had.
        """
        return self.source.video_info(self.video_id, spend=self._spend)

    def _has_enough(self) -> bool:
        return len(self._new_ids) + len(self.known_ids) >= self.max_comments

    def _walk_on(self, token: str | None) -> Iterator[Step]:
        """Yield the steps below what is kept, until there are enough comments."""
        if self._left_units() < 1:
            self.reasons.add(Reason.UNITS)
            return
        if self._left_s() <= _MOMENT_S:
            self.reasons.add(Reason.DEADLINE)
            return
        try:
            with closing(self._walk(token)) as steps:
                for step in steps:
                    yield step
                    # The walk itself counts also what comes again.
                    if self._has_enough() and step.page.ending is None:
                        self.reasons.add(Reason.MAX_COMMENTS)
                        return
        except YouTubeUnavailableError:
            # A walk without time for its first page calls YouTube slow: the one before took it.
            if self._left_s() > _MOMENT_S:
                raise
            self.reasons.add(Reason.DEADLINE)

    def _left_s(self) -> float:
        return max(_MOMENT_S, self._ends_at_s - time.monotonic())

    def _left_units(self) -> int:
        return limits.units_for(self.max_comments) - self.units_spent

    def _spend(self, units: int) -> None:
        self.spend(units)
        with self._lock:  # the next page may be on its way while the video is looked up
            self.units_spent += units

    def _walk(
        self, token: str | None, *, known_ids: Set[str] = frozenset()
    ) -> Generator[Step, None, CommentPage]:
        """Yield the steps from a token on; return the last page."""
        pages = self.source.pages(
            self.video_id,
            order=self.order,
            start_token=token,
            max_units=self._left_units(),
            deadline_s=self._left_s(),
            # What is remembered comes again on the way down to what is not.
            max_comments=self.max_comments,
            spend=self._spend,
            stop=self.stop,
            known_replies=self._known_replies(),
            known_ids=known_ids,
        )
        with closing(pages):  # else it would ask on for nobody
            for page in pages:
                self.has_begun = True
                if page.is_whole or page.replies_left_out:  # a first part knows of none
                    self._left_out[page.page_token] = page.replies_left_out
                self._new_ids.update({one.id for one in page.comments} - self.known_ids)
                self._has_failed |= page.is_failed
                before, self.reach = self._reaches(page)
                if page.ending is not None:
                    self.reasons |= _REASONS[page.ending]
                    self.complete = page.ending is Ending.END and not self._has_failed
                yield Step(page, before, self.reach)
        return page

    def _known_replies(self) -> Mapping[str, int]:
        """Return how many replies are kept and need not come again, by thread."""
        if self.order != "time":
            # Nothing kept is recalled beside comments by relevance: what does not come is missing.
            return {}
        # A reply's id is `thread.reply`.
        return Counter(id_.partition(".")[0] for id_ in self.known_ids if "." in id_)

    def _reaches(self, page: CommentPage) -> tuple[Reach, Reach]:
        """Return how far down comments are kept before this page is, and after."""
        if self.order != "time":
            # New comments out of order tell nothing of what lies between them.
            reach = Reach() if self._new_ids else self.kept
            return reach, reach
        above = self._gap or Reach(resume_token=page.page_token)
        if page.is_known and self._gap is None:
            self._gap = self.kept if page.is_failed else None
            # Nothing is between it and what was kept; on top, nothing new is above it either.
            return self.kept if page.page_token is None else above, self.kept
        if page.is_failed and self._gap is None:
            # Each fetch reads the first page again, and asks for what is missing there.
            is_read_again = page.page_token is None and page.is_whole
            self._gap = Reach(resume_token=page.next_page_token) if is_read_again else above
        if self._gap is not None:
            return above, self._gap
        if not page.is_whole or page.ending is Ending.REPEATED_TOKEN:
            # What such a token gives is known already: the next fetch asks this page for another.
            return above, above
        if page.ending is Ending.END:
            return above, Reach(complete=True)
        return above, Reach(resume_token=page.next_page_token)
