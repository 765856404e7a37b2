"""The stand-in of the Data API as a web application: parameters, paging, quota, faults.

Owns what depends on the request; shapes are in `replay_shapes`, comments in `replay_video`.
"""

from __future__ import annotations

import asyncio
import base64
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sentiment.youtube import replay_shapes as shapes
from sentiment.youtube.quota import DEFAULT_UNITS_A_DAY
from sentiment.youtube.replay_cases import (
    BROKEN_PAGE_VIDEO_ID,
    FAULTS,
    SAME_TOKEN_VIDEO_ID,
    SHORT_PAGE_SIZE,
    SHORT_PAGES_VIDEO_ID,
    pages_before_quota,
)
from sentiment.youtube.replay_changes import ReplayChanges
from sentiment.youtube.replay_control import control_routes
from sentiment.youtube.replay_video import VIDEO_ID, thread_of

REFUSED_KEY = "refused-key"
"""The one key that the stand-in does not accept; none is accepted too."""

_DEFAULT_PAGE_SIZE = 20
_MAX_PAGE_SIZE = 100
_MAX_SHORTFALL = 3


class _RefusedError(Exception):
    """Ends the handling of a request; never leaves this module."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """How the stand-in behaves.

    Attributes:
        latency_ms: milliseconds before each answer, >= 0.
        fault_rate: share of requests answered with 503, in [0, 1].
        quota_units: requests before the quota counts as spent, >= 0.
        page_limit: the most threads on a page whatever is asked, in [1, 100]; YouTube gave
            about 20 in October 2023.
        seed: names the series of faults.
        live_per_minute: comments that the live video gets by itself, >= 0.
    """

    latency_ms: float = 0.0
    fault_rate: float = 0.0
    quota_units: int = DEFAULT_UNITS_A_DAY
    page_limit: int = _MAX_PAGE_SIZE
    seed: int = 0
    live_per_minute: float = 0.0


class ReplayApi:
    """Answers requests and counts them.

    Attributes:
        requests: requests answered so far, refused ones included.
        units_spent: quota units spent so far; refused requests cost one too.
        most_at_once: the most requests that were ever in progress together.
        changes: what happened to videos since the start.
    """

    def __init__(self, options: ReplayOptions) -> None:
        self.requests = 0
        self.units_spent = 0
        self.most_at_once = 0
        self._in_progress = 0
        self.changes = ReplayChanges(live_per_minute=options.live_per_minute)
        self._options = options
        self._faults = random.Random(options.seed)  # noqa: S311 - nothing here is secret

    def application(self) -> Starlette:
        """Return the ASGI application: the three lists of the Data API, and the controls."""
        lists: dict[str, Callable[[Request], Response]] = {
            "commentThreads": self._comment_threads,
            "comments": self._comments,
            "videos": self._videos,
        }
        return Starlette(
            routes=[
                *[
                    Route(f"/youtube/v3/{name}", self._endpoint(answer), methods=["GET"])
                    for name, answer in lists.items()
                ],
                *control_routes(self.changes),
            ]
        )

    def _endpoint(
        self, answer: Callable[[Request], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            self._in_progress += 1
            self.most_at_once = max(self.most_at_once, self._in_progress)
            try:
                if self._options.latency_ms > 0:
                    await asyncio.sleep(self._options.latency_ms / 1_000)
                self._admit(request)
                return answer(request)
            except _RefusedError as error:
                status, body = shapes.refusal(error.reason)
                return JSONResponse(body, status_code=status)
            finally:
                self._in_progress -= 1

        return endpoint

    def _admit(self, request: Request) -> None:
        self.requests += 1
        key = request.query_params.get("key") or request.headers.get("x-goog-api-key")
        if key == REFUSED_KEY:
            raise _RefusedError("keyInvalid")
        if self.units_spent >= self._options.quota_units:
            raise _RefusedError("quotaExceeded")
        self.units_spent += 1
        if self._faults.random() < self._options.fault_rate:
            raise _RefusedError("backendError")

    def _comment_threads(self, request: Request) -> Response:
        parts = _parts(request)
        video_id = request.query_params.get("videoId")
        if not video_id:
            raise _RefusedError("missingRequiredParameter")
        _refuse_fault(video_id)
        video = self.changes.video(video_id)
        order = request.query_params.get("order", "time")
        if order not in {"time", "relevance"}:
            raise _RefusedError("invalidParameter")
        as_html = _wants_html(request)
        asked = _page_size(request)
        scope = f"{video_id}:{order}"
        start = _offset(request, scope, limit=video.thread_count)
        size = self._served(asked, start, video_id)
        if (pages := pages_before_quota(video_id)) is not None and start >= pages * size:
            raise _RefusedError("quotaExceeded")
        end = min(start + size, video.thread_count)
        numbers = (
            video.by_time(position) if order == "time" else video.by_relevance(position)
            for position in range(start, end)
        )
        items = [
            shapes.thread_resource(video, number, parts=parts, as_html=as_html)
            for number in numbers
            if video.has_thread(number)
        ]
        repeats = video_id == SAME_TOKEN_VIDEO_ID and start > 0
        answer = JSONResponse(
            shapes.list_response(
                "commentThread",
                items,
                page_info={"totalResults": len(items), "resultsPerPage": asked},
                token=_token(scope, start if repeats else end)
                if end < video.thread_count
                else None,
            )
        )
        if video_id == BROKEN_PAGE_VIDEO_ID and start > 0:
            whole = bytes(answer.body)
            return Response(whole[: len(whole) // 2], media_type="application/json")
        return answer

    def _comments(self, request: Request) -> Response:
        _parts(request)
        parent_id = request.query_params.get("parentId")
        if not parent_id:
            raise _RefusedError("missingRequiredParameter")
        named = thread_of(parent_id)
        if named is None:
            raise _RefusedError("commentNotFound")
        video_id, thread = named
        _refuse_fault(video_id)
        video = self.changes.video(video_id)
        if not video.has_thread(thread):
            raise _RefusedError("commentNotFound")
        as_html = _wants_html(request)
        asked = _page_size(request)
        replies = video.replies(thread)
        start = _offset(request, parent_id, limit=len(replies))
        end = start + min(asked, self._options.page_limit)
        items = [
            shapes.reply_resource(video, thread, reply, as_html=as_html)
            for reply in replies[start:end]
        ]
        return JSONResponse(
            shapes.list_response(
                "comment",
                items,
                page_info={"resultsPerPage": asked},
                token=_token(parent_id, end) if end < len(replies) else None,
            )
        )

    def _videos(self, request: Request) -> Response:
        parts = _parts(request)
        video_ids = [id_ for id_ in request.query_params.get("id", "").split(",") if id_]
        if not video_ids:
            raise _RefusedError("missingRequiredParameter")
        hidden = {"videoNotFound", "forbidden"}
        items = [
            shapes.video_resource(self.changes.video(video_id), parts=parts)
            for video_id in video_ids[:50]
            if VIDEO_ID.fullmatch(video_id) and FAULTS.get(video_id) not in hidden
        ]
        return JSONResponse(
            shapes.list_response(
                "video",
                items,
                page_info={"totalResults": len(items), "resultsPerPage": len(items)},
                token=None,
            )
        )

    def _served(self, asked: int, start: int, video_id: str) -> int:
        """Return how many threads a page holds: real pages fall short of what was asked."""
        if video_id == SHORT_PAGES_VIDEO_ID:
            return min(asked, SHORT_PAGE_SIZE)
        if pages_before_quota(video_id) is not None:
            return min(asked, self._options.page_limit)
        shortfall = start // 7 % _MAX_SHORTFALL if asked > 2 * _MAX_SHORTFALL else 0
        return min(asked - shortfall, self._options.page_limit)


def _refuse_fault(video_id: str) -> None:
    if video_id in FAULTS:
        raise _RefusedError(FAULTS[video_id])
    if not VIDEO_ID.fullmatch(video_id):
        raise _RefusedError("videoNotFound")


def _parts(request: Request) -> set[str]:
    parts = {part.strip() for part in request.query_params.get("part", "").split(",")} - {""}
    if not parts:
        raise _RefusedError("missingRequiredParameter")
    return parts


def _wants_html(request: Request) -> bool:
    text_format = request.query_params.get("textFormat", "html")
    if text_format not in {"html", "plainText"}:
        raise _RefusedError("invalidParameter")
    return text_format == "html"


def _page_size(request: Request) -> int:
    asked = request.query_params.get("maxResults", str(_DEFAULT_PAGE_SIZE))
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:6]) <= _MAX_PAGE_SIZE:
        raise _RefusedError("invalidParameter")
    return int(asked)


def _token(scope: str, offset: int) -> str:
    return base64.urlsafe_b64encode(f"{scope}:{offset}".encode()).decode()


def _offset(request: Request, scope: str, *, limit: int) -> int:
    """Return where the page starts; a token of another video, order or thread is refused."""
    token = request.query_params.get("pageToken")
    if not token:
        return 0
    try:
        named, _, offset = base64.urlsafe_b64decode(token).decode().rpartition(":")
    except ValueError:
        raise _RefusedError("invalidPageToken") from None
    if named != scope or not offset.isdigit() or not 0 < int(offset) < limit:
        raise _RefusedError("invalidPageToken")
    return int(offset)
