"""The routes that BentoML's own decorators don't fit: streams, corrections, deletions, swaps."""

from __future__ import annotations

import functools
import hashlib
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sentiment.errors import BusyError, NotStoredError, SentimentError
from sentiment.labels import Label
from sentiment.serving import limits
from sentiment.serving.analyser import Analyser
from sentiment.serving.changes import Changes
from sentiment.serving.leaving import unless_left
from sentiment.serving.logs import logged_refusal
from sentiment.serving.memory import Breaker
from sentiment.serving.paths import RELOAD_PATH
from sentiment.serving.problems import problem_of_status, problem_of_validation
from sentiment.serving.stream import stream_analysis
from sentiment.serving.swapping import Swapper
from sentiment.serving.wire import FeedbackBody, FeedbackRequest, ReloadRequest
from sentiment.store import Store
from sentiment.youtube.video_id import parse_video_id

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")
_Handler = Callable[[Request], Awaitable[Response]]


class Interface:
    """The routes, over what they need.

    Args:
        analyser: gives the analyses under way.
        store: gives the store.
        breaker: gives what is shared by all who use it.
        swapper: gives what replaces the model; None leaves the administrator's path out.

    They are called at each request: the service makes them after its routes.
    """

    def __init__(
        self,
        *,
        analyser: Callable[[], Analyser],
        store: Callable[[], Store],
        breaker: Callable[[], Breaker],
        swapper: Callable[[], Swapper] | None = None,
    ) -> None:
        self._analyser = analyser
        self._store = store
        self._swapper = swapper
        self._changes = Changes(store, breaker=breaker)
        self._turns = CapacityLimiter(limits.MAX_CONCURRENT_STORE_CALLS)
        self._store_calls = 0

    def routes(self) -> list[BaseRoute]:
        """Return the routes to be mounted."""
        routes: list[BaseRoute] = [
            Route("/v1/analyze/stream", self._stream, methods=["GET"]),
            Route("/v1/feedback", _told_of_problems(self._correct), methods=["POST"]),
            Route("/v1/feedback/{id}", _told_of_problems(self._undo), methods=["DELETE"]),
            Route(
                "/v1/videos/{id}/changes",
                _told_of_problems(self._await_changes),
                methods=["GET"],
            ),
            Route("/v1/videos/{id}", _told_of_problems(self._delete_video), methods=["DELETE"]),
            Route("/v1/comments/{id}", _told_of_problems(self._delete_comment), methods=["DELETE"]),
        ]
        if self._swapper is not None:
            reload = _told_of_problems(functools.partial(_reload, self._swapper))
            routes.append(Route(RELOAD_PATH, reload, methods=["POST"]))
        return routes

    async def _stream(self, request: Request) -> Response:
        return await stream_analysis(request, analyser=self._analyser())

    async def _await_changes(self, request: Request) -> Response:
        video_id = parse_video_id(request.path_params["id"])
        waiting = self._changes.wait(video_id, request.query_params.get("after"))
        body = await unless_left(request, waiting)
        if body is None:
            return problem_of_status(499).response()
        return JSONResponse(body.model_dump())

    async def _correct(self, request: Request) -> Response:
        wanted = FeedbackRequest.model_validate_json(await request.body())
        voter = None if wanted.voter is None else hashlib.sha256(wanted.voter.encode()).hexdigest()

        def write() -> FeedbackBody:
            store = self._store()
            # An unknown comment is refused by the store.
            video_id = store.video_of(wanted.comment_id) or ""
            # Not whose share the video is in: the analysis may have fallen back, and shares change.
            record = store.add_feedback(
                wanted.comment_id,
                Label(wanted.label),
                model_digest=store.shown_model(video_id),
                voter=voter,
            )
            return FeedbackBody(id=record.id, comment_id=record.comment_id, label=int(record.label))

        body = await self._in_turn(write)
        return JSONResponse(body.model_dump(), status_code=201)

    async def _undo(self, request: Request) -> Response:
        feedback_id: str = request.path_params["id"]
        return await self._delete(lambda: self._store().undo_feedback(feedback_id))

    async def _delete_video(self, request: Request) -> Response:
        video_id = parse_video_id(request.path_params["id"])
        # Else a run under way would write again what is deleted here.
        async with self._analyser().held_off(video_id):
            return await self._delete(lambda: self._store().delete_video(video_id))

    async def _delete_comment(self, request: Request) -> Response:
        comment_id: str = request.path_params["id"]
        video_id = await self._in_turn(lambda: self._store().video_of(comment_id))
        if video_id is None:
            raise _not_stored()
        # As above: a run under way has read the comment.
        async with self._analyser().held_off(video_id):
            return await self._delete(lambda: self._store().delete_comment(comment_id))

    async def _delete(self, delete: Callable[[], bool]) -> Response:
        if not await self._in_turn(delete):
            raise _not_stored()
        return Response(status_code=204)

    async def _in_turn(self, call: Callable[[], _Value]) -> _Value:
        """Call the store in a thread, when it is this call's turn."""
        if self._store_calls >= limits.MAX_STORE_CALLS:
            raise BusyError(
                "Too many requests wait for the store.",
                hint="Wait a moment and send the request again.",
            )
        self._store_calls += 1
        try:
            return await to_thread.run_sync(call, limiter=self._turns)
        finally:
            self._store_calls -= 1


def _not_stored() -> NotStoredError:
    return NotStoredError(
        "Nothing is stored under this id.", hint="It may have been deleted already."
    )


async def _reload(swapper: Callable[[], Swapper], request: Request) -> Response:
    ReloadRequest.model_validate_json(await request.body())
    swapped = await swapper().swap()
    return JSONResponse(swapped.model_dump())


def _told_of_problems(handler: _Handler) -> _Handler:
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ValidationError as error:
            return problem_of_validation(error).response()
        except SentimentError as error:
            return logged_refusal(_log, error).response()

    return answer
