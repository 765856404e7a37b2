"""What the service shows in a browser: the demo page, and the model's name for programs.

Serves the side panel's own files, and nothing outside their folder.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sentiment.serving.wire import ModelBody

DEMO_PAGE = "demo.html"

_HEADERS = {
    b"content-security-policy": (
        b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        b"img-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cache-control": b"no-cache",
}


def build_pages(
    panel_dir: Path, *, model: Callable[[], ModelBody], video_id: str | None, replayed: bool
) -> Starlette:
    """Make the application that is mounted beside the interface.

    Args:
        panel_dir: folder of the side panel's files, `demo.html` among them.
        model: tells which model answers.
        video_id: the video that the page shows at first; None shows none.
        replayed: whether videos are made up by the stand-in of the Data API.

    Returns:
        Routes for `/demo`, `/demo/<file>`, `/demo/config.json` and `GET /v1/model`.
    """

    def show_model(_: Request) -> Response:
        return JSONResponse(model().model_dump())

    def show_config(_: Request) -> Response:
        return JSONResponse({"video_id": video_id, "replayed": replayed})

    def show_demo(_: Request) -> Response:
        page = panel_dir / DEMO_PAGE
        if not page.is_file():
            raise HTTPException(404)
        return FileResponse(page)

    return Starlette(
        routes=[
            Route("/v1/model", show_model),
            Route("/demo", show_demo),
            Route("/demo/", show_demo),
            Route("/demo/config.json", show_config),
            *([Mount("/demo", StaticFiles(directory=panel_dir))] if panel_dir.is_dir() else []),
        ],
        middleware=[Middleware(_PageHeaders)],
    )


class _PageHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS.items()]
            await send(message)

        await self._app(scope, receive, send_with_headers)
