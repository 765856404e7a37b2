"""The Data API's client: pages of a video's comments, with limits, retries and clear errors.

The only module that imports googleapiclient. Imports no training library.

The API key travels in a header (`X-Goog-Api-Key`, one of Google's documented system parameters),
so that no address, and so no log or error that shows an address, can hold it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import Error as GoogleApiError
from pydantic import SecretStr
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_result,
    wait_exponential,
    wait_random,
)

from sentiment.comments import Comment
from sentiment.errors import (
    ApiKeyInvalidError,
    ApiKeyMissingError,
    ConfigError,
    YouTubeError,
)
from sentiment.youtube.budget import Budget
from sentiment.youtube.pages import CommentPage, read_thread_page
from sentiment.youtube.refusals import Refusal, read_refusal, unreachable, unreadable
from sentiment.youtube.transport import DiscreetHttp, ErrorAnswerError
from sentiment.youtube.video_id import parse_video_id

if TYPE_CHECKING:
    from googleapiclient._apis.youtube.v3.resources import YouTubeResource

_KEY_HEADER = "X-Goog-Api-Key"
_PAGE_SIZE = 100
_MAX_ATTEMPTS = 4
_MAX_WAIT_S = 8.0


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The comments of a video, as far as the limits allowed.

    Attributes:
        comments: newest thread first, each followed by the replies that it embeds; no id twice.
        units_spent: quota units, one a request, retries included.
        complete: whether the last page was reached and no comment was cut off.
        replies_left_out: replies that the read threads count but do not embed.
        interruption: the error that ended the fetch after the first page; None when none did.
    """

    comments: list[Comment]
    units_spent: int
    complete: bool
    replies_left_out: int = 0
    interruption: YouTubeError | None = None


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
        # A key from a file may end in a newline, and http.client would show the whole header.
        key = "" if api_key is None else api_key.get_secret_value().strip()
        self._api_key = SecretStr(key) if key else None
        self._endpoint = None if endpoint is None else _checked_endpoint(endpoint)
        self._timeout_s = timeout_s
        self._backoff_s = backoff_s
        if not (key.isascii() and key.isprintable()):
            raise ApiKeyInvalidError(
                "The configured API key holds characters that no key has.",
                hint="Check YOUTUBE_API_KEY: it is plain letters, digits, - and _.",
            )
        # httplib2 objects are not thread-safe: one a thread.
        self._local = threading.local()
        self._api: YouTubeResource = build(
            "youtube",
            "v3",
            http=self._http(),
            static_discovery=True,
            cache_discovery=False,
            client_options=None if self._endpoint is None else {"api_endpoint": self._endpoint},
        )

    def fetch_comments(
        self,
        video_id: str,
        *,
        max_comments: int = 500,
        max_units: int = 100,
        deadline_s: float = 60.0,
    ) -> FetchResult:
        """Return a video's newest comments, replies that their threads embed included.

        Stops at the end, at `max_comments`, at `max_units` or at `deadline_s`, whichever is
        first. An error on the first page is raised; a later one ends the fetch, and the
        result carries it.

        Args:
            video_id: an id, or an address that holds one.
            max_comments: the most comments to return, >= 1.
            max_units: the most quota units to spend, >= 1; a page costs one.
            deadline_s: seconds, > 0, looked at between requests: a request that hangs may
                overrun it by the client's timeout.

        Returns:
            The comments and what they cost.

        Raises:
            YouTubeError: one class a reason, see `sentiment.youtube.refusals`.
            ValueError: a limit is out of its range.
        """
        if max_comments < 1:
            raise ValueError(f"max_comments must be 1 or more, found {max_comments}")
        budget = Budget(max_units=max_units, deadline_s=deadline_s)
        comments: dict[str, Comment] = {}
        replies_left_out = 0
        complete = False
        interruption: YouTubeError | None = None
        try:
            for page in self._pages(parse_video_id(video_id), budget):
                for comment in page.comments:
                    comments.setdefault(comment.id, comment)
                replies_left_out += page.replies_left_out
                complete = page.next_page_token is None
                if len(comments) >= max_comments:
                    break
        except YouTubeError as error:
            if not comments:
                raise
            interruption = error
        return FetchResult(
            comments=list(comments.values())[:max_comments],
            units_spent=budget.units_spent,
            complete=complete and len(comments) <= max_comments,
            replies_left_out=replies_left_out,
            interruption=interruption,
        )

    def iter_pages(
        self, video_id: str, *, max_units: int = 100, deadline_s: float = 60.0
    ) -> Iterator[CommentPage]:
        """Yield a video's pages of comments, newest first, each asked for when it is wanted.

        Args:
            video_id: an id, or an address that holds one.
            max_units: the most quota units to spend, >= 1.
            deadline_s: seconds, > 0, counted from the first page on.

        Yields:
            Pages; an id may stand on two of them when comments arrive meanwhile.

        Raises:
            YouTubeError: one class a reason, see `sentiment.youtube.refusals`.
            ValueError: a limit is out of its range.
        """
        budget = Budget(max_units=max_units, deadline_s=deadline_s)
        yield from self._pages(parse_video_id(video_id), budget)

    def _pages(self, video_id: str, budget: Budget) -> Iterator[CommentPage]:
        if self._api_key is None and self._endpoint is None:
            raise ApiKeyMissingError(
                "Comments can't be fetched: no YouTube API key is configured.",
                hint="Set YOUTUBE_API_KEY in the environment or in .env, or set "
                "SENTIMENT_YOUTUBE_ENDPOINT to the address that `sentiment replay` prints.",
            )
        seen_tokens: set[str] = set()
        token: str | None = None
        while not budget.is_spent():
            page = read_thread_page(self._ask(video_id, token, budget), video_id=video_id)
            token = page.next_page_token
            yield page
            # A token that comes back would go round for ever.
            if token is None or token in seen_tokens:
                return
            seen_tokens.add(token)

    def _ask(self, video_id: str, token: str | None, budget: Budget) -> dict[str, object]:
        """Return a page's JSON, asking again where that may help."""

        def gives_up(state: RetryCallState) -> bool:
            return state.attempt_number >= _MAX_ATTEMPTS or budget.is_spent(
                after_s=state.upcoming_sleep
            )

        retrying = Retrying(
            retry=retry_if_result(lambda outcome: isinstance(outcome, Refusal) and outcome.retry),
            stop=gives_up,
            wait=wait_exponential(multiplier=self._backoff_s, max=_MAX_WAIT_S)
            + wait_random(0, self._backoff_s),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        outcome = retrying(self._ask_once, video_id, token, budget)
        if isinstance(outcome, Refusal):
            raise outcome.error
        return outcome

    def _ask_once(
        self, video_id: str, token: str | None, budget: Budget
    ) -> dict[str, object] | Refusal:
        # A refusal is returned, not raised: our error then has no foreign one in its chain.
        request = self._api.commentThreads().list(
            part="snippet,replies",
            videoId=video_id,
            maxResults=_PAGE_SIZE,
            order="time",
            textFormat="plainText",
            pageToken=token,
        )
        if self._api_key is not None:
            request.headers = {
                **(request.headers or {}),
                _KEY_HEADER: self._api_key.get_secret_value(),
            }
        budget.units_spent += 1
        try:
            answer: object = request.execute(http=self._http(), num_retries=0)
        except ErrorAnswerError as error:
            return read_refusal(error.status, error.body)
        except (OSError, HTTPException, httplib2.HttpLib2Error) as error:
            return unreachable(type(error).__name__)
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError, GoogleApiError):
            return unreadable("it is not JSON")
        return answer if isinstance(answer, dict) else unreadable("it is not a JSON object")

    def _http(self) -> httplib2.Http:
        http: httplib2.Http | None = getattr(self._local, "http", None)
        if http is None:
            http = DiscreetHttp(self._api_key, timeout_s=self._timeout_s, endpoint=self._endpoint)
            self._local.http = http
        return http


def _checked_endpoint(endpoint: str) -> str:
    try:
        parts = urlsplit(endpoint)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_address = is_address and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ConfigError(
            f"Wanted an http address of a stand-in of the Data API, found {endpoint!r}.",
            hint="Set SENTIMENT_YOUTUBE_ENDPOINT to what `sentiment replay` prints, or unset it.",
        )
    return f"{endpoint.rstrip('/')}/"
