"""Analyses as they grow: server-sent events, and how a client that was cut off goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator

from pydantic import BaseModel, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import AppStatus
from starlette.requests import Request
from starlette.responses import Response

from sentiment.errors import BusyError, SentimentError
from sentiment.serving import limits, metrics
from sentiment.serving.analyser import Analyser, Run
from sentiment.serving.logs import logged_refusal
from sentiment.serving.problems import problem_of_validation
from sentiment.serving.wire_analysis import AnalyzeRequest, CommentsBody, StartedBody
from sentiment.serving.workshop import Told

_log = logging.getLogger(__name__)

_PING_S = 15
_RETRY_MS = 1_000
_LOOK_EVERY_S = 0.1
_COMMENTS_AN_EVENT = 500

# The library would cut streams as soon as the server is asked to stop; ours are short, and the
# server waits for them.
AppStatus.disable_automatic_graceful_drain()  # type: ignore[no-untyped-call]


async def stream_analysis(request: Request, *, analyser: Analyser) -> Response:
    """Answer `GET /v1/analyze/stream?video_id=…&max_comments=…&order=…`.

    Events: `started`, then `comments` and `analysis` as they come, `analysis` being over all
    comments so far, then `done`; `problem` instead where the run fails after its first result.
    A client that names the last event's id (`Last-Event-ID`) is told the rest of that run while
    the run is there, else a new one begins with `started`.

    Args:
        request: of the client.
        analyser: runs analyses.
    """
    try:
        wanted = _read_query(request)
        if analyser.followers >= limits.MAX_STREAMS:
            raise BusyError("Too many streams are open.", hint="Wait a moment and try again.")
        run, after = _resumed(request.headers.get("last-event-id", ""), wanted, analyser)
        if run is None:
            run = analyser.open(wanted)
    except ValidationError as error:
        return problem_of_validation(error).response()
    except SentimentError as error:
        return logged_refusal(_log, error).response()
    following = run.follow(after=after)
    try:
        # What fails before anything is known has a status of its own.
        first = await _first(following, request)
    except SentimentError as error:
        return logged_refusal(_log, error).response()
    return EventSourceResponse(
        _events(run, following, first, is_resumed=after > 0, notice=analyser.notice),
        ping=_PING_S,
        send_timeout=limits.STREAM_SEND_DEADLINE_S,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _first(
    following: AsyncGenerator[tuple[int, Told]], request: Request
) -> tuple[int, Told] | None:
    """Return the first thing the run says; None when it, or the client, says no more."""
    waiting = asyncio.ensure_future(anext(following, None))
    while not waiting.done():
        await asyncio.wait({waiting}, timeout=_LOOK_EVERY_S)
        if not waiting.done() and await request.is_disconnected():
            waiting.cancel()
            await asyncio.wait({waiting})
            return None
    return waiting.result()


def _read_query(request: Request) -> AnalyzeRequest:
    query: dict[str, object] = dict(request.query_params)
    number = query.get("max_comments")
    if isinstance(number, str) and number.isascii() and number.isdecimal() and len(number) < 10:
        query["max_comments"] = int(number)
    return AnalyzeRequest.model_validate(query)


def _resumed(
    last_event_id: str, wanted: AnalyzeRequest, analyser: Analyser
) -> tuple[Run | None, int]:
    run_id, _, number = last_event_id.partition(":")
    # Python refuses to read a number of thousands of digits.
    is_id = len(last_event_id) <= limits.MAX_EVENT_ID_CHARACTERS
    is_id = is_id and number.isascii() and number.isdecimal()
    run = analyser.resume(run_id, request=wanted) if is_id else None
    return (None, 0) if run is None else (run, min(int(number), len(run.told)))


async def _events(
    run: Run,
    following: AsyncGenerator[tuple[int, Told]],
    first: tuple[int, Told] | None,
    *,
    is_resumed: bool,
    notice: str,
) -> AsyncIterator[ServerSentEvent]:
    if not is_resumed:
        started = StartedBody(run_id=run.id, video_id=run.video_id, model=run.model, notice=notice)
        yield _event("started", started, retry=_RETRY_MS)
    try:
        if first is not None:
            for event in _told(run, *first):
                yield event
        async for number, told in following:
            for event in _told(run, number, told):
                yield event
    except SentimentError as error:
        problem = logged_refusal(_log, error)
        metrics.count_error(problem.code)
        yield _event("problem", problem.body())
        return
    finally:
        # Else the run would work on until the garbage collector comes by.
        await following.aclose()
    yield ServerSentEvent(data="{}", event="done")


def _told(run: Run, number: int, told: Told) -> Iterator[ServerSentEvent]:
    """Yield what one piece of a run says; the last event carries the id to go on from."""
    for start in range(0, len(told.comments), _COMMENTS_AN_EVENT):
        # Written out event by event: the wire shape of all comments at once takes much memory.
        some = told.comments[start : start + _COMMENTS_AN_EVENT]
        yield _event("comments", CommentsBody(comments=[one.body() for one in some]))
    yield _event("analysis", told.analysis, number=f"{run.id}:{number}")


def _event(
    kind: str, body: BaseModel, *, number: str | None = None, retry: int | None = None
) -> ServerSentEvent:
    return ServerSentEvent(data=body.model_dump_json(), event=kind, id=number, retry=retry)
