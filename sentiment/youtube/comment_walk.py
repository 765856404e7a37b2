"""One walk through a video's comments: page after page, each with the replies of its threads.

Owns the order of requests, what is fetched in parallel, and what happens to a page when the
budget ends in the middle of it. Requests run in threads of the walk, so that a caller who has
gone does not wait for one that hangs. Imports no HTTP library.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from sentiment.comments import Comment
from sentiment.errors import (
    CommentThreadNotFoundError,
    SentimentError,
    VideoForbiddenError,
    YouTubeProcessingError,
)
from sentiment.youtube.budget import Budget, BudgetEndedError, Ending
from sentiment.youtube.data_api import ATTEMPTS, FIRST_ATTEMPTS, DataApi, Order
from sentiment.youtube.pages import Thread, Version, merge_versions, read_replies, read_threads
from sentiment.youtube.refusals import too_slow, unreadable

MAX_PARALLEL = 4
"""Requests at once of one walk."""

_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class CommentPage:
    """One page of a video's comments.

    Attributes:
        comments: each top-level comment followed by its replies; none that an earlier page of
            the walk held.
        next_page_token: asks for the page after this one; None on the last page.
        replies_left_out: replies that YouTube counts but that were not asked for, or not given.
        units_spent: quota units of the walk so far, retries included.
        ending: why this is the last page of the walk; None when another page or an error
            follows. The last page that a walk yields has an ending, unless it ends in an error.
        page_token: asked for this page; a walk that starts there completes what this one cut.
        updated: comments of earlier pages that were edited meanwhile, as they are now.
    """

    comments: tuple[Comment, ...]
    next_page_token: str | None
    replies_left_out: int
    units_spent: int
    ending: Ending | None = None
    page_token: str | None = None
    updated: tuple[Comment, ...] = ()


@dataclass(slots=True)
class _Replies:
    """What asking for a thread's replies gave.

    Attributes:
        versions: the replies so far.
        complete: whether these are all.
        thread_is_gone: whether YouTube no longer knows the thread.
        ending: why the rest was not asked for.
        error: what ends the walk.
    """

    versions: list[Version]
    complete: bool = False
    thread_is_gone: bool = False
    ending: Ending | None = None
    error: SentimentError | None = None


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
    ) -> None:
        self._api = api
        self._video_id = video_id
        self._order = order
        self._token = start_token
        self._budget = budget
        self._with_replies = with_replies
        self._max_comments = max_comments
        self._known_replies = known_replies
        self._seen: dict[str, Version] = {}
        self._pool = ThreadPoolExecutor(MAX_PARALLEL, thread_name_prefix="youtube")

    def pages(self) -> Generator[CommentPage, None, None]:
        """Yield the pages, each asked for when it is wanted.

        Raises:
            YouTubeError: one class a reason, see `sentiment.youtube.refusals`. When it strikes
                among the replies of a page, the page is yielded first, without them.
            SentimentError: what the hook that accounts for units raises; the same holds.
        """
        try:
            asked: set[str] = set()
            while True:
                if self._token is not None:
                    asked.add(self._token)
                page, error = self._next_page(asked)
                yield page
                if error is not None:
                    raise error
                if page.ending is not None:
                    return
                self._token = page.next_page_token
        finally:
            self._budget.halt()
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _next_page(self, asked: set[str]) -> tuple[CommentPage, SentimentError | None]:
        """Return the page of `self._token`, and the error that struck among its replies."""
        ending: Ending | None = None
        try:
            threads, next_token = self._threads()
        except BudgetEndedError as ended:
            ending = ended.ending
        if ending is not None:
            if ending is Ending.TIME and not self._seen:
                raise too_slow().error
            return self._cut_page(ending), None

        replies = self._replies_of_all(threads)
        error = next((found.error for found in replies.values() if found.error), None)
        versions: list[Version] = []
        left_out = 0
        for thread in threads:
            found = replies.get(thread.top.comment.id) or _Replies([])
            if found.thread_is_gone:
                continue
            own = merge_versions([*thread.embedded, *found.versions])
            versions += [thread.top, *own]
            held = max(len(own), self._known_replies.get(thread.top.comment.id, 0))
            left_out += 0 if found.complete else max(0, thread.reply_count - held)
        room = self._room()
        fresh, updated = self._unseen(merge_versions(versions))
        if next_token is None:
            ending = Ending.END
        elif next_token in asked:
            ending = Ending.REPEATED_TOKEN
        if room is not None and (len(fresh) > room or (len(fresh) == room and next_token)):
            ending = Ending.COUNT
        cut_short = next((found.ending for found in replies.values() if found.ending), None)
        ending = cut_short or ending or self._budget.ending()
        page = CommentPage(
            comments=tuple(fresh[:room]),
            next_page_token=next_token,
            replies_left_out=left_out,
            units_spent=self._budget.units_spent,
            ending=None if error else ending,
            page_token=self._token,
            updated=tuple(updated),
        )
        return page, error

    def _threads(self) -> tuple[list[Thread], str | None]:
        attempts = ATTEMPTS if self._seen else FIRST_ATTEMPTS
        asking = self._pool.submit(
            self._api.threads,
            self._video_id,
            order=self._order,
            token=self._token,
            budget=self._budget,
            attempts=attempts,
        )
        self._wait_for([asking])
        read = read_threads(asking.result(), video_id=self._video_id)
        if read is None:
            raise unreadable("it is no list of comments").error
        return read

    def _replies_of_all(self, threads: Sequence[Thread]) -> dict[str, _Replies]:
        """Return what was got for each thread that does not embed all its replies."""
        if not self._with_replies:
            return {}
        found = {
            thread.top.comment.id: _Replies([])
            for thread in self._wanted(threads)
            if thread.reply_count
            > max(len(thread.embedded), self._known_replies.get(thread.top.comment.id, 0))
        }
        asking = [
            self._pool.submit(self._read_replies, parent_id, replies)
            for parent_id, replies in found.items()
        ]
        try:
            self._wait_for(asking)
        except BudgetEndedError as ended:
            for future in asking:
                future.cancel()
            # Requests still on their way go on filling what they were given: copies stay.
            return {
                parent_id: replace(
                    replies,
                    versions=list(replies.versions),
                    ending=replies.ending if future.done() else ended.ending,
                )
                for future, (parent_id, replies) in zip(asking, found.items(), strict=True)
            }
        for future in asking:
            future.result()
        return found

    def _wanted(self, threads: Sequence[Thread]) -> Sequence[Thread]:
        """Return the threads that are needed to reach the most comments wanted."""
        room = self._room()
        if room is None:
            return threads
        totals = accumulate((1 + thread.reply_count for thread in threads), initial=0)
        return [thread for thread, before in zip(threads, totals, strict=False) if before < room]

    def _read_replies(self, parent_id: str, replies: _Replies) -> None:
        """Fill `replies`, page by page; runs in a thread."""
        token: str | None = None
        asked: set[str] = set()
        try:
            while True:
                answer = self._api.replies(parent_id, token=token, budget=self._budget)
                read = read_replies(answer, video_id=self._video_id, parent_id=parent_id)
                if read is None:
                    replies.error = unreadable("it is no list of replies").error
                    return
                versions, token = read
                replies.versions += versions
                if token is None or token in asked:
                    replies.complete = token is None
                    return
                asked.add(token)
        except BudgetEndedError as ended:
            replies.ending = ended.ending
        except CommentThreadNotFoundError:
            replies.thread_is_gone = True
        except (VideoForbiddenError, YouTubeProcessingError):
            # Of this thread alone: the walk goes on without its replies.
            return
        except SentimentError as error:
            replies.error = error
            self._budget.halt()

    def _wait_for(self, asking: Sequence[Future[Any]]) -> None:
        """Return when all are done.

        Raises:
            BudgetEndedError: the caller has gone or the time is up; some are still on their way.
        """
        pending = set(asking)
        while pending:
            _, pending = wait(pending, timeout=_POLL_S, return_when=FIRST_EXCEPTION)
            if pending:
                self._budget.check()

    def _unseen(self, versions: Sequence[Version]) -> tuple[list[Comment], list[Comment]]:
        """Return what no earlier page held, and what was edited since one held it."""
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

    def _cut_page(self, ending: Ending) -> CommentPage:
        return CommentPage((), self._token, 0, self._budget.units_spent, ending, self._token)
