"""One request to the Data API: made, paid for, sent, asked again, and read as JSON.

The only module that imports googleapiclient. Imports no training library.

The API key travels in a header (`X-Goog-Api-Key`, one of Google's documented system parameters),
so that no address, and so no log or error that shows an address, can hold it.
"""

from __future__ import annotations

import json
from collections import deque
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import Error as GoogleApiError
from pydantic import SecretStr
from tenacity import RetryCallState, Retrying, wait_exponential, wait_random

from sentiment.errors import (
    ApiKeyInvalidError,
    ApiKeyMissingError,
    ConfigError,
    YouTubeProcessingError,
)
from sentiment.youtube.budget import Budget
from sentiment.youtube.refusals import Refusal, read_refusal, unreachable, unreadable
from sentiment.youtube.transport import DiscreetHttp, ErrorAnswerError

if TYPE_CHECKING:
    from googleapiclient._apis.youtube.v3.resources import YouTubeResource

Json = dict[str, object]
Order = Literal["time", "relevance"]

ATTEMPTS = 8
"""Requests for one page of a fetch that has already paid for others."""

FIRST_ATTEMPTS = 5
"""Requests for a first page: a server that is down should be told soon."""

PROCESSING_ATTEMPTS = 3
"""Requests for replies that YouTube can't process; each costs a unit."""

_KEY_HEADER = "X-Goog-Api-Key"
_PAGE_SIZE = 100
_MAX_WAIT_S = 4.0
_MAX_IDLE_CONNECTIONS = 16


class DataApi:
    """Sends requests to the Data API or a stand-in of it. Thread-safe.

    Args:
        api_key: the server's key; None or blank works only with a stand-in.
        endpoint: address of a stand-in; None is YouTube.
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
        endpoint: str | None,
        timeout_s: float,
        backoff_s: float,
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
        # httplib2 objects are not thread-safe: each request borrows one.
        self._idle: deque[DiscreetHttp] = deque(maxlen=_MAX_IDLE_CONNECTIONS)
        self._api: YouTubeResource = build(
            "youtube",
            "v3",
            http=self._new_http(),
            static_discovery=True,
            cache_discovery=False,
            client_options=None if self._endpoint is None else {"api_endpoint": self._endpoint},
        )

    def threads(
        self, video_id: str, *, order: Order, token: str | None, budget: Budget, attempts: int
    ) -> Json:
        """Return a page of `commentThreads.list`; see `_ask` for what it raises."""
        request = self._api.commentThreads().list(
            part="snippet,replies",
            videoId=video_id,
            maxResults=_PAGE_SIZE,
            order=order,
            textFormat="plainText",
            pageToken=token,
        )
        return self._ask(request, budget, attempts)

    def replies(self, parent_id: str, *, token: str | None, budget: Budget) -> Json:
        """Return a page of `comments.list`: replies of one thread; see `_ask`.

        Asked again also where YouTube can't process the request, which may be passing.
        """
        request = self._api.comments().list(
            part="snippet",
            parentId=parent_id,
            maxResults=_PAGE_SIZE,
            textFormat="plainText",
            pageToken=token,
        )
        return self._ask(request, budget, ATTEMPTS, processing_attempts=PROCESSING_ATTEMPTS)

    def video(self, video_id: str, *, budget: Budget) -> Json:
        """Return `videos.list` for one video; see `_ask`."""
        request = self._api.videos().list(part="snippet,statistics", id=video_id)
        return self._ask(request, budget, FIRST_ATTEMPTS)

    # The stubs give each list a request class of its own, without a common parent.
    def _ask(
        self,
        request: Any,  # noqa: ANN401
        budget: Budget,
        attempts: int,
        *,
        processing_attempts: int = 1,
    ) -> Json:
        """Return an answer's JSON, asking again where that may help.

        Raises:
            YouTubeError: one class a reason, see `sentiment.youtube.refusals`.
            BudgetEndedError: the request could not be sent.
        """
        if self._api_key is None and self._endpoint is None:
            raise ApiKeyMissingError(
                "Comments can't be fetched: no YouTube API key is configured.",
                hint="Set YOUTUBE_API_KEY in the environment or in .env, or set "
                "SENTIMENT_YOUTUBE_ENDPOINT to the address that `sentiment replay` prints.",
            )
        if self._api_key is not None:
            request.headers = {
                **(request.headers or {}),
                _KEY_HEADER: self._api_key.get_secret_value(),
            }

        def asks_again(state: RetryCallState) -> bool:
            if state.outcome is None or state.outcome.failed:
                return False
            outcome = state.outcome.result()
            if not isinstance(outcome, Refusal):
                return False
            is_left = state.attempt_number < processing_attempts
            return outcome.retry or (is_left and isinstance(outcome.error, YouTubeProcessingError))

        def gives_up(state: RetryCallState) -> bool:
            ending = budget.ending(after_s=state.upcoming_sleep)
            return state.attempt_number >= attempts or ending is not None

        retrying = Retrying(
            retry=asks_again,
            stop=gives_up,
            wait=wait_exponential(multiplier=self._backoff_s, max=_MAX_WAIT_S)
            + wait_random(0, self._backoff_s),
            sleep=budget.sleep,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        outcome = retrying(self._ask_once, request, budget)
        if isinstance(outcome, Refusal):
            raise outcome.error
        return outcome

    def _ask_once(self, request: Any, budget: Budget) -> Json | Refusal:  # noqa: ANN401
        # A refusal is returned, not raised: our error then has no foreign one in its chain.
        budget.charge()
        http = self._borrow()
        try:
            answer: object = request.execute(http=http, num_retries=0)
        except ErrorAnswerError as error:
            self._idle.append(http)
            return read_refusal(error.status, error.body)
        except (OSError, HTTPException, httplib2.HttpLib2Error) as error:
            http.close()
            return unreachable(type(error).__name__)
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError, GoogleApiError):
            self._idle.append(http)
            return unreadable("it is not JSON")
        self._idle.append(http)
        return answer if isinstance(answer, dict) else unreadable("it is not a JSON object")

    def _borrow(self) -> DiscreetHttp:
        try:
            return self._idle.pop()
        except IndexError:
            return self._new_http()

    def _new_http(self) -> DiscreetHttp:
        return DiscreetHttp(self._api_key, timeout_s=self._timeout_s, endpoint=self._endpoint)


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
