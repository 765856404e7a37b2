"""One walk through a video's comments: page after page, each with the replies of its threads.

Owns the order of requests and what happens to a page when the budget ends in the middle of it.
A page is told as it was listed, before its other replies are asked for; while these are on
their way, so is the next page. Imports no HTTP library.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate

from sentiment.comments import Comment
from sentiment.errors import SentimentError
from sentiment.youtube.budget import Budget, BudgetEndedError, Ending
from sentiment.youtube.comment_page import CommentPage
from sentiment.youtube.data_api import ATTEMPTS, FIRST_ATTEMPTS, DataApi, Json, Order
from sentiment.youtube.pages import Thread, Version, merge_versions, read_threads
from sentiment.youtube.refusals import too_slow, unreadable
from sentiment.youtube.thread_replies import AskedReplies, Replies, lacks_replies, wait_for

MAX_PARALLEL = 4
"""Requests at once of one walk."""


@dataclass(frozen=True, slots=True)
class _Listing:
    """A page as it was listed.

    Attributes:
        token: asked for it.
        next_token: asks for the one after it.
        threads: in YouTube's order.
        is_known: whether the caller holds all their top-level comments.
        is_repeated: whether `next_token` was asked for already.
    """

    token: str | None
    next_token: str | None
    threads: Sequence[Thread]
    is_known: bool
    is_repeated: bool


class CommentWalk:
    """Reads the pages of one video, once. To be iterated by one thread at a time.

    Args:
        api: sends the requests.
        video_id: the 11 characters.
        order: newest first, or as YouTube ranks them.
        start_token: the page to start with; None is the first.
        budget: what may be spent; the walk halts it when it ends.
        with_replies: whether to ask for the replies that threads do not embed.
        max_comments: the most comments to yield, >= 1; None is all.
        known_replies: replies that the caller holds, by thread; a thread that has no more of them
            is not asked for its replies.
        known_ids: comments that the caller holds; a page with no other threads is the last.
    """

    def __init__(
        self,
        api: DataApi,
        video_id: str,
        *,
        order: Order,
        start_token: str | None,
        budget: Budget,
        with_replies: bool,
        max_comments: int | None,
        known_replies: Mapping[str, int],
        known_ids: Set[str],
    ) -> None:
        self._api = api
        self._video_id = video_id
        self._order = order
        self._start_token = start_token
        self._budget = budget
        self._with_replies = with_replies
        self._max_comments = max_comments
        self._known_replies = known_replies
        self._known_ids = known_ids
        self._asked: set[str | None] = set()
        self._seen: dict[str, Version] = {}
        self._pool = ThreadPoolExecutor(MAX_PARALLEL, thread_name_prefix="youtube")

    def pages(self) -> Generator[CommentPage, None, None]:
        """Yield the pages; the next one is asked for at most while replies of one are awaited.

        Raises:
            YouTubeError: one class a reason, see `sentiment.youtube.refusals`. When it strikes
                among the replies of a page, those that came are yielded first.
            SentimentError: what the hook that accounts for units raises; the same holds.
        """
        token = self._start_token
        ahead: Future[Json] | None = None
        try:
            while True:
                try:
                    listing = self._read(ahead or self._ask(token), token)
                except BudgetEndedError as ended:
                    ending = ended.ending
                    break
                ahead = None
                is_told = False
                replies: dict[str, Replies] = {}
                # Once again where fewer replies came than YouTube counts, and more are wanted.
                while lacking := self._lacking(listing, replies):
                    if not is_told:
                        is_told = True
                        yield self._first_part(listing)
                        continue  # there may be no room left for any reply
                    asked = AskedReplies(
                        self._api, self._video_id, lacking, budget=self._budget, pool=self._pool
                    )
                    if ahead is None and self._is_next_wanted(listing, requests=len(lacking)):
                        ahead = self._ask(listing.next_token)
                    replies |= asked.wait()
                error = next((found.error for found in replies.values() if found.error), None)
                page = self._page(listing, replies, error=error, goes_on=ahead is not None)
                yield page
                if error is not None:
                    raise error
                if page.ending is not None:
                    return
                token = listing.next_token
            if ending is Ending.TIME and not self._seen:
                raise too_slow().error
            yield CommentPage(
                page_token=token,
                next_page_token=token,
                is_whole=False,
                units_spent=self._budget.units_spent,
                ending=ending,
            )
        finally:
            self._budget.halt()
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self, token: str | None) -> Future[Json]:
        return self._pool.submit(
            self._api.threads,
            self._video_id,
            order=self._order,
            token=token,
            budget=self._budget,
            attempts=ATTEMPTS if self._seen else FIRST_ATTEMPTS,
        )

    def _read(self, asking: Future[Json], token: str | None) -> _Listing:
        wait_for([asking], self._budget)
        read = read_threads(asking.result(), video_id=self._video_id)
        if read is None:
            raise unreadable("it is no list of comments").error
        threads, next_token = read
        self._asked.add(token)
        return _Listing(
            token=token,
            next_token=next_token,
            threads=threads,
            is_known=bool(threads)
            and all(thread.top.comment.id in self._known_ids for thread in threads),
            is_repeated=next_token is not None and next_token in self._asked,
        )

    def _lacking(self, listing: _Listing, replies: Mapping[str, Replies]) -> list[Thread]:
        """Return the threads whose replies are still to be asked for."""
        if not self._with_replies or any(found.error or found.ending for found in replies.values()):
            return []
        return [
            thread
            for thread, _ in self._wanted(listing.threads, replies)
            if thread.top.comment.id not in replies and lacks_replies(thread, self._known_replies)
        ]

    def _wanted(
        self, threads: Sequence[Thread], replies: Mapping[str, Replies]
    ) -> Iterator[tuple[Thread, int | None]]:
        """Yield the threads that are needed to reach the most comments wanted.

        Each with how many comments may be of it and of those after it; None is any number.
        """
        room = self._room()
        before = accumulate((self._missing(thread, replies) for thread in threads), initial=0)
        for thread, count in zip(threads, before, strict=False):
            if room is None:
                yield thread, None
            elif count < room:
                yield thread, room - count

    def _missing(self, thread: Thread, replies: Mapping[str, Replies]) -> int:
        """Return how many comments of a thread are still to be yielded, as far as can be told."""
        listed = {version.comment.id for version in (thread.top, *thread.embedded)}
        found = replies.get(thread.top.comment.id)
        if found is not None:
            listed |= {version.comment.id for version in found.versions}
        elif lacks_replies(thread, self._known_replies):
            return 1 + thread.reply_count - sum(id_ in self._seen for id_ in listed)
        return sum(id_ not in self._seen for id_ in listed)

    def _is_next_wanted(self, listing: _Listing, *, requests: int) -> bool:
        """Tell whether the next page will be needed, and can be paid for after some requests."""
        if listing.next_token is None or listing.is_repeated or listing.is_known:
            return False
        room = self._room()
        missing = sum(self._missing(thread, {}) for thread in listing.threads)
        return self._budget.units_left > requests and (room is None or missing < room)

    def _first_part(self, listing: _Listing) -> CommentPage:
        versions: list[Version] = []
        for thread, room in self._wanted(listing.threads, {}):
            versions += [thread.top, *thread.embedded][:room]
        fresh, updated = self._unseen(merge_versions(versions))
        return CommentPage(
            comments=tuple(fresh),
            updated=tuple(updated),
            page_token=listing.token,
            next_page_token=listing.next_token,
            is_whole=False,
            is_known=listing.is_known,
            units_spent=self._budget.units_spent,
        )

    def _page(
        self,
        listing: _Listing,
        replies: Mapping[str, Replies],
        *,
        error: SentimentError | None,
        goes_on: bool,
    ) -> CommentPage:
        """Return what no first part held.

        Args:
            listing: the page.
            replies: what was got for the threads that were asked for theirs.
            error: what struck among them.
            goes_on: whether the next page is on its way.
        """
        versions: list[Version] = []
        left_out = 0
        is_unasked = False
        for thread in listing.threads:
            thread_id = thread.top.comment.id
            found = replies.get(thread_id) or Replies()
            own = merge_versions([*thread.embedded, *found.versions])
            versions += [thread.top, *own]
            held = max(len(own), self._known_replies.get(thread_id, 0))
            left_out += 0 if found.complete else max(0, thread.reply_count - held)
            is_unasked |= thread_id not in replies and lacks_replies(thread, self._known_replies)
        is_unasked &= self._with_replies
        room = self._room()
        fresh, updated = self._unseen(merge_versions(versions))
        is_last = listing.next_token is None
        is_cut = room is not None and len(fresh) > room
        cut_short = next((found.ending for found in replies.values() if found.ending), None)
        if cut_short is not None:
            ending: Ending | None = cut_short
        elif listing.is_known and not is_last:
            ending = Ending.KNOWN
        elif is_cut or (room is not None and len(fresh) == room and not is_last):
            ending = Ending.COUNT
        elif is_last:
            # The room may be used up exactly, with replies that were not asked for.
            ending = Ending.COUNT if is_unasked else Ending.END
        elif listing.is_repeated:
            ending = Ending.REPEATED_TOKEN
        else:
            ending = None if goes_on else self._budget.ending()
        return CommentPage(
            comments=tuple(fresh[:room]),
            updated=tuple(updated),
            page_token=listing.token,
            next_page_token=listing.next_token,
            is_whole=not (error or cut_short or is_cut or is_unasked),
            is_known=listing.is_known,
            is_failed=any(found.is_failed for found in replies.values()),
            replies_left_out=left_out,
            units_spent=self._budget.units_spent,
            ending=None if error else ending,
        )

    def _unseen(self, versions: Sequence[Version]) -> tuple[list[Comment], list[Comment]]:
        """Return what was not yielded yet, and what was edited since it was."""
        fresh: list[Comment] = []
        updated: list[Comment] = []
        for version in versions:
            known = self._seen.get(version.comment.id)
            if known is None:
                fresh.append(version.comment)
            elif version.updated_at >= known.updated_at and version.comment != known.comment:
                updated.append(version.comment)
            else:
                continue
            self._seen[version.comment.id] = version
        return fresh, updated

    def _room(self) -> int | None:
        """Return how many comments may still be yielded; None is any number."""
        return None if self._max_comments is None else self._max_comments - len(self._seen)
