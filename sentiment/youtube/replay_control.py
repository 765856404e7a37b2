"""What the Data API has not: paths that let comments of made-up videos arrive, change and go.

They count as no request and cost no unit. Like the stand-in they answer on this machine alone.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sentiment.youtube.replay_changes import ReplayChanges

_MAX_ARRIVALS = 100_000


def control_routes(changes: ReplayChanges) -> list[Route]:
    """Return the routes under `/replay` that change `changes`."""

    async def grow(request: Request) -> Response:
        number = _number(request)
        if number is None:
            return _refused(400, f"wanted n from 0 to {_MAX_ARRIVALS}")
        video_id = request.path_params["video_id"]
        if not changes.grow(video_id, number):
            return _refused(404, "no such video")
        return JSONResponse({"commentCount": changes.video(video_id).comment_count})

    async def answer(request: Request) -> Response:
        number = _number(request)
        if number is None:
            return _refused(400, f"wanted n from 0 to {_MAX_ARRIVALS}")
        return _done(changes.answer(request.path_params["comment_id"], number))

    async def edit(request: Request) -> Response:
        text = request.query_params.get("text")
        if text is None:
            return _refused(400, "wanted the parameter text")
        return _done(changes.edit(request.path_params["comment_id"], text))

    async def delete(request: Request) -> Response:
        return _done(changes.delete(request.path_params["comment_id"]))

    return [
        Route("/replay/videos/{video_id}/grow", grow, methods=["POST"]),
        Route("/replay/comments/{comment_id}/grow", answer, methods=["POST"]),
        Route("/replay/comments/{comment_id}", edit, methods=["POST"]),
        Route("/replay/comments/{comment_id}", delete, methods=["DELETE"]),
    ]


def _number(request: Request) -> int | None:
    number = request.query_params.get("n", "1")
    is_number = number.isascii() and number.isdigit() and int(number[:7]) <= _MAX_ARRIVALS
    return int(number) if is_number else None


def _done(is_done: bool) -> Response:
    return Response(status_code=204) if is_done else _refused(404, "no such comment")


def _refused(status: int, problem: str) -> Response:
    return JSONResponse({"error": problem}, status_code=status)
