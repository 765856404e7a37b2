"""What the service shows in a browser: the demo page and the interface's document.

Serves the built demo page, and nothing outside its folder; no page names another host.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sentiment.serving.folders import swagger_folder
from sentiment.serving.openapi import openapi_document
from sentiment.serving.paths import INTERFACE_PREFIX
from sentiment.serving.wire import ModelBody

DEMO_PAGE = "demo.html"

_DOCS_FOLDER = Path(__file__).with_name("docs")
_SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    b"content-security-policy": _POLICY.encode(),
    b"cross-origin-opener-policy": b"same-origin",
    b"cache-control": b"no-cache",
}


def build_pages(
    panel_dir: Path,
    *,
    model: Callable[[], ModelBody],
    video_id: str | None,
    replayed: bool,
    more: Sequence[BaseRoute] = (),
) -> Starlette:
    """Make the application that stands beside the framework's.

    Args:
        panel_dir: folder of the built demo page, `demo.html` among its files.
        model: tells which model answers.
        video_id: the video that the page shows at first; None shows none.
        replayed: whether videos are made up by the stand-in of the Data API.
        more: further routes of the interface.

    Returns:
        Routes for `/`, `/demo`, `/demo/<file>`, `/demo/config.json`, `/docs`, `/docs.json` and
        `GET /v1/model`.
    """
    document = openapi_document()

    def show_model(_: Request) -> Response:
        return JSONResponse(model().model_dump())

    def show_config(_: Request) -> Response:
        return JSONResponse({"video_id": video_id, "replayed": replayed})

    def show_demo(_: Request) -> Response:
        page = panel_dir / DEMO_PAGE
        if not page.is_file():
            raise HTTPException(404)
        return FileResponse(page)

    def show_start(_: Request) -> Response:
        return RedirectResponse("/demo" if (panel_dir / DEMO_PAGE).is_file() else "/docs")

    def show_document(_: Request) -> Response:
        return JSONResponse(document)

    return Starlette(
        routes=[
            *more,
            Route("/v1/model", show_model),
            Route("/", show_start),
            Route("/demo", show_demo),
            Route("/demo/", show_demo),
            Route("/demo/config.json", show_config),
            *([Mount("/demo", StaticFiles(directory=panel_dir))] if panel_dir.is_dir() else []),
            Route("/docs.json", show_document),
            _file("/docs", _DOCS_FOLDER / "index.html"),
            _file("/docs/start.js", _DOCS_FOLDER / "start.js"),
            *(_file(f"/docs/{name}", swagger_folder() / name) for name in _SWAGGER_FILES),
        ],
        middleware=[Middleware(_PageHeaders)],
    )


def _file(address: str, path: Path) -> Route:
    def show(_: Request) -> Response:
        if not path.is_file():
            raise HTTPException(404)
        return FileResponse(path)

    return Route(address, show)


class _PageHeaders:
    """Headers of pages; what belongs to the interface has stricter ones already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS.items()]
            await send(message)

        is_page = scope["type"] == "http" and not scope["path"].startswith(INTERFACE_PREFIX)
        await self._app(scope, receive, send_with_headers if is_page else send)
