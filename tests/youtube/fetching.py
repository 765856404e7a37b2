"""All pages of a video put together: what tests of the client look at."""

from __future__ import annotations

from dataclasses import dataclass

from sentiment.comments import Comment
from sentiment.errors import YouTubeError
from sentiment.youtube.client import Ending, YouTubeClient


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The comments of a video, as far as the limits allowed.

    Attributes:
        comments: newest thread first, each followed by its replies; no id twice.
        units_spent: quota units, one a request, retries included.
        complete: whether the last page was reached and no comment or reply was left out.
        replies_left_out: replies that the read threads count and that are not among `comments`.
        interruption: the error that ended the fetch after the first page; None when none did.
        ending: why the fetch ended; None when an error ended it.
    """

    comments: list[Comment]
    units_spent: int
    complete: bool
    replies_left_out: int = 0
    interruption: YouTubeError | None = None
    ending: Ending | None = Ending.END


def fetch_comments(
    client: YouTubeClient,
    video_id: str,
    *,
    max_comments: int = 500,
    max_units: int = 100,
    deadline_s: float = 60.0,
) -> FetchResult:
    """Return a video's newest comments with all their replies.

    Stops at the end, at `max_comments`, at `max_units` or at `deadline_s`, whichever is
    first. An error on the first page is raised; a later one ends the fetch, and the
    result carries it.

    Args:
        client: reads them.
        video_id: an id, or an address that holds one.
        max_comments: the most comments to return, >= 1.
        max_units: the most quota units to spend, >= 1; a request costs one.
        deadline_s: seconds, > 0.

    Returns:
        The comments and what they cost.

    Raises:
        YouTubeError: one class a reason, see `sentiment.youtube.refusals`.
        ValueError: a limit is out of its range.
    """
    threads: dict[str, dict[str, Comment]] = {}
    units_spent = replies_left_out = 0
    ending: Ending | None = None
    interruption: YouTubeError | None = None

    def count(units: int) -> None:
        nonlocal units_spent
        units_spent += units

    try:
        for page in client.pages(
            video_id,
            max_comments=max_comments,
            max_units=max_units,
            deadline_s=deadline_s,
            spend=count,
        ):
            for comment in (*page.comments, *page.updated):
                thread = threads.setdefault(comment.parent_id or comment.id, {})
                thread[comment.id] = comment
            replies_left_out += page.replies_left_out
            ending = page.ending
    except YouTubeError as error:
        if not threads:
            raise
        interruption = error
    return FetchResult(
        comments=[comment for thread in threads.values() for comment in thread.values()],
        units_spent=units_spent,
        complete=ending is Ending.END and replies_left_out == 0,
        replies_left_out=replies_left_out,
        interruption=interruption,
        ending=ending,
    )
