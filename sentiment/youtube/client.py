"""The Data API's client: a video's comments with all replies, with limits and clear errors.

Owns the face that the rest of the project sees. Requests are made in `data_api`, pages are put
together in `comment_walk`. Imports no training library.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping, Set

from pydantic import SecretStr

from sentiment.youtube.budget import Budget, BudgetEndedError, Ending, spend_freely
from sentiment.youtube.comment_page import CommentPage
from sentiment.youtube.comment_walk import CommentWalk
from sentiment.youtube.data_api import FIRST_ATTEMPTS, DataApi, Order
from sentiment.youtube.refusals import too_slow, unlisted
from sentiment.youtube.video_id import parse_video_id
from sentiment.youtube.video_info import VideoInfo, read_video_info

__all__ = ["CommentPage", "Ending", "Order", "VideoInfo", "YouTubeClient"]


class YouTubeClient:
    """Reads comments from the YouTube Data API, or from a stand-in of it. Thread-safe.

    Args:
        api_key: the server's key; None or blank works only with a stand-in.
        endpoint: address of a stand-in such as `sentiment replay`; None is YouTube.
        timeout_s: seconds that one request may wait for its connection or for bytes, > 0.
        backoff_s: seconds before the first retry, doubled each time, >= 0.

    Raises:
        ConfigError: `endpoint` is no http address.
        ApiKeyInvalidError: the key holds characters that no key has.
    """

    def __init__(
        self,
        api_key: SecretStr | None,
        *,
        endpoint: str | None = None,
        timeout_s: float = 10.0,
        backoff_s: float = 0.5,
    ) -> None:
        self._api = DataApi(api_key, endpoint=endpoint, timeout_s=timeout_s, backoff_s=backoff_s)

    def pages(
        self,
        video_id: str,
        *,
        order: Order = "time",
        start_token: str | None = None,
        max_units: int = 100,
        deadline_s: float = 60.0,
        max_comments: int | None = None,
        spend: Callable[[int], None] = spend_freely,
        stop: threading.Event | None = None,
        with_replies: bool = True,
        known_replies: Mapping[str, int] | None = None,
        known_ids: Set[str] = frozenset(),
    ) -> Generator[CommentPage, None, None]:
        """Return a video's pages of comments, asked for as they are wanted.

        Replies that a thread does not embed are asked for too, at most four requests at once,
        after their page was yielded as it was listed; the next page is asked for meanwhile.
        The last page says in `ending` why it is the last; a walk that is stopped, or out of
        time or units, may end in a page without comments.

        Args:
            video_id: an id, or an address that holds one.
            order: `time` is newest thread first, `relevance` is as YouTube ranks them.
            start_token: a page's `next_page_token`, to go on there; None starts at the top.
            max_units: the most quota units to spend, >= 1; a request costs one.
            deadline_s: seconds from now, > 0.
            max_comments: the most comments to yield, >= 1; None is all.
            spend: called with 1 before each request, retries included, from any thread but
                never twice at once; what it raises ends the walk.
            stop: ends the walk at once when somebody sets it: nothing is sent any more, and a
                request on its way or a wait between two is not waited for.
            with_replies: whether to ask for replies that threads do not embed.
            known_replies: how many replies the caller holds, by id of the top-level comment: only
                threads that have more are asked for theirs.
            known_ids: comments that the caller holds: a page with no other top-level comments is
                the last.

        Raises:
            InvalidVideoIdError: `video_id` holds no id.
            ValueError: a limit is out of its range.
            YouTubeError: while iterating; one class a reason, see `sentiment.youtube.refusals`.
        """
        if max_comments is not None and max_comments < 1:
            raise ValueError(f"max_comments must be 1 or more, found {max_comments}")
        walk = CommentWalk(
            self._api,
            parse_video_id(video_id),
            order=order,
            start_token=start_token,
            budget=Budget(max_units=max_units, deadline_s=deadline_s, spend=spend, stop=stop),
            with_replies=with_replies,
            max_comments=max_comments,
            known_replies=known_replies or {},
            known_ids=known_ids,
        )
        return walk.pages()

    def video_info(
        self,
        video_id: str,
        *,
        deadline_s: float = 20.0,
        spend: Callable[[int], None] = spend_freely,
    ) -> VideoInfo:
        """Return a video's title, number of comments, and whether it is live.

        Args:
            video_id: an id, or an address that holds one.
            deadline_s: seconds from now, > 0, after which it is not asked again.
            spend: called with 1 before each request, retries included; what it raises is
                raised.

        Raises:
            VideoNotFoundError: there is no such video, or it is private.
            YouTubeError: one class a reason, see `sentiment.youtube.refusals`.
            ValueError: `deadline_s` is out of its range.
        """
        video_id = parse_video_id(video_id)
        budget = Budget(max_units=FIRST_ATTEMPTS, deadline_s=deadline_s, spend=spend)
        try:
            answer = self._api.video(video_id, budget=budget)
        except BudgetEndedError:
            raise too_slow().error from None
        info = read_video_info(answer, video_id=video_id)
        if info is None:
            raise unlisted(video_id).error
        return info
