"""A service over real HTTP on loopback that gives answers to order."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from sentiment.serving.pages import build_pages
from sentiment.serving.wire import ModelBody
from tests.panel.bodies import Body

DEMO_DIR = Path(__file__).resolve().parents[2] / "chrome_extension" / "demo"
_PATIENCE_S = 30.0


@dataclass(frozen=True)
class Answer:
    """What is answered for a video; `release` holds it back until it is set."""

    status: int
    content: str
    release: threading.Event
    headers: dict[str, str]


class FakeService:
    """The real demo pages, beside a stream of analyses that knows only what a test told it."""

    def __init__(self, *, demo_video: str | None = None, replayed: bool = True) -> None:
        self.asked: list[Body] = []
        self._answers: dict[str, Answer] = {}
        self._arrived = threading.Condition()
        pages = build_pages(DEMO_DIR, model=_no_model, video_id=demo_video, replayed=replayed)
        app = Starlette(
            routes=[
                Route("/v1/analyze/stream", self._stream),
                Route("/favicon.ico", _no_content),
                Mount("/", pages),
            ]
        )
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def answer(
        self,
        video: str,
        body: object,
        *,
        status: int = 200,
        held: bool = False,
        retry_after_s: int | None = None,
    ) -> threading.Event:
        """Answer `body`, a string as it is and all else as JSON, once the event is set.

        With status 200 it is streamed: `started`, `comments`, `analysis`, `done`.
        """
        release = threading.Event()
        if not held:
            release.set()
        content = body if isinstance(body, str) else json.dumps(body)
        if status == 200:
            content = _events(video, body)
        headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
        self._answers[video] = Answer(status, content, release, headers)
        return release

    def forget(self) -> None:
        """Let go of what is held back, and know nothing any more."""
        for answer in self._answers.values():
            answer.release.set()
        self._answers.clear()
        self.asked.clear()

    def wait_until_asked(self, count: int) -> None:
        """Wait until `count` requests have arrived."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.asked) >= count, _PATIENCE_S):
                raise TimeoutError(f"wanted {count} requests, got {len(self.asked)}")

    @property
    def origin(self) -> str:
        """As in `http://127.0.0.1:50123`."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + _PATIENCE_S
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise TimeoutError("the fake service does not start")
            time.sleep(0.01)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.forget()
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(_PATIENCE_S)

    async def _stream(self, request: Request) -> Response:
        asked: Body = dict(request.query_params)
        asked["max_comments"] = int(asked["max_comments"])
        with self._arrived:
            self.asked.append(asked)
            self._arrived.notify_all()
        answer = self._answers[asked["video_id"]]
        await _wait(answer.release)
        kind = "text/event-stream" if answer.status == 200 else "application/json"
        return Response(answer.content, answer.status, answer.headers, media_type=kind)


def _events(video: str, body: object) -> str:
    started = {"run_id": "run", "video_id": video, "model": {"name": "m", "digest": ""}}
    comments: list[object] = []
    if isinstance(body, dict):
        comments = body.get("comments", [])
        body = {key: value for key, value in body.items() if key != "comments"}
    said = [
        ("started", json.dumps(started)),
        ("comments", json.dumps({"comments": comments})),
        ("analysis", body if isinstance(body, str) else json.dumps(body)),
        ("done", "{}"),
    ]
    return "".join(f"event: {kind}\nid: run:1\ndata: {data}\n\n" for kind, data in said)


async def _wait(release: threading.Event) -> None:
    with anyio.fail_after(_PATIENCE_S):
        while not release.is_set():
            await anyio.sleep(0.01)


async def _no_content(_: Request) -> Response:
    return Response(status_code=204)


def _no_model() -> ModelBody:
    raise NotImplementedError("the panel does not ask for it")
