"""The replies of a page's threads: which are asked for, in parallel, and what came of it.

Requests run in threads of a pool, so that a caller who has gone does not wait for one that
hangs. Imports no HTTP library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Executor, Future, wait
from dataclasses import dataclass, field, replace
from typing import Any

from sentiment.errors import (
    CommentThreadNotFoundError,
    SentimentError,
    VideoForbiddenError,
    YouTubeProcessingError,
)
from sentiment.youtube.budget import Budget, BudgetEndedError, Ending
from sentiment.youtube.data_api import DataApi
from sentiment.youtube.pages import Thread, Version, read_replies
from sentiment.youtube.refusals import unreadable

_POLL_S = 0.05


@dataclass(slots=True)
class Replies:
    """What asking for a thread's replies gave.

    Attributes:
        versions: the replies so far.
        complete: whether there are no more to be had.
        is_failed: whether YouTube could not process a request for the rest, which it may do another
            time.
        ending: why the rest was not asked for.
        error: what ends the walk.
    """

    versions: list[Version] = field(default_factory=list)
    complete: bool = False
    is_failed: bool = False
    ending: Ending | None = None
    error: SentimentError | None = None


def lacks_replies(thread: Thread, known_replies: Mapping[str, int]) -> bool:
    """Tell whether YouTube counts more replies of a thread than it embeds and the caller holds."""
    held = max(len(thread.embedded), known_replies.get(thread.top.comment.id, 0))
    return thread.reply_count > held


class AskedReplies:
    """Requests on their way for the replies of some threads.

    Args:
        api: sends the requests.
        video_id: of the threads.
        threads: whose replies are wanted.
        budget: what may be spent; an error halts it.
        pool: runs the requests.
    """

    def __init__(
        self,
        api: DataApi,
        video_id: str,
        threads: Sequence[Thread],
        *,
        budget: Budget,
        pool: Executor,
    ) -> None:
        self._api = api
        self._video_id = video_id
        self._budget = budget
        self._found = {thread.top.comment.id: Replies() for thread in threads}
        self._asking = [
            pool.submit(self._read, parent_id, replies)
            for parent_id, replies in self._found.items()
        ]

    def wait(self) -> dict[str, Replies]:
        """Return what came, by id of the thread, once all is there or the budget has ended."""
        try:
            wait_for(self._asking, self._budget)
        except BudgetEndedError as ended:
            for future in self._asking:
                future.cancel()
            is_over = [future.done() and not future.cancelled() for future in self._asking]
            # Requests still on their way go on filling what they were given: copies stay.
            return {
                parent_id: replace(
                    replies,
                    versions=list(replies.versions),
                    ending=replies.ending if over else ended.ending,
                )
                for over, (parent_id, replies) in zip(is_over, self._found.items(), strict=True)
            }
        for future in self._asking:
            future.result()
        return self._found

    def _read(self, parent_id: str, replies: Replies) -> None:
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
            # Deleted since its page was listed: nothing more is to be had of it.
            replies.complete = True
        # Both of this thread alone: the walk goes on without its replies.
        except VideoForbiddenError:
            return
        except YouTubeProcessingError:
            replies.is_failed = True
        except SentimentError as error:
            replies.error = error
            self._budget.halt()


def wait_for(asking: Sequence[Future[Any]], budget: Budget) -> None:
    """Return when all requests are done.

    Raises:
        BudgetEndedError: the caller has gone or the time is up; some are still on their way.
    """
    pending = set(asking)
    while pending:
        _, pending = wait(pending, timeout=_POLL_S, return_when=FIRST_EXCEPTION)
        if pending:
            budget.check()
