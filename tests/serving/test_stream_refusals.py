"""What goes wrong in a stream is in the log to which its client is sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from sentiment.comments import Prediction
from sentiment.errors import InferenceError
from sentiment.inference.predictor import Predictor
from sentiment.serving import limits
from sentiment.serving.interface import Interface
from sentiment.serving.memory import Breaker
from sentiment.store import Store, open_store
from sentiment.youtube.replay import ReplayServer
from tests.serving.analysing import new_analyser


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


def streamed(store: Store, endpoint: str, **options: Any) -> httpx.Response:
    """Follow an analysis to its end, without a server."""

    async def run() -> httpx.Response:
        analyser = new_analyser(store, endpoint, **options)
        interface = Interface(analyser=lambda: analyser, store=lambda: store, breaker=Breaker)
        transport = httpx.ASGITransport(app=Starlette(routes=interface.routes()))
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.get("/v1/analyze/stream?video_id=size0000230")
        finally:
            analyser.close()

    return asyncio.run(run())


def errors_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]


class _Breaking:
    """A model that breaks after the first result."""

    digest = "c" * 64
    name = "breaking"

    def __init__(self) -> None:
        self._n_calls = 0

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self._n_calls += 1
        if self._n_calls > 1:
            raise InferenceError("the graph at /srv gave 3 outcomes")
        return Predictor.dummy().predict(texts)


def test_stream_that_is_refused_at_once_is_in_the_log(
    store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_STREAMS", 0)
    assert streamed(store, "http://127.0.0.1:9").status_code == 503
    (line,) = errors_of(caplog)
    assert line.startswith("refused: overloaded: Too many streams are open.")


def test_stream_that_fails_before_its_first_result_is_in_the_log(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    answer = streamed(store, "no-address")
    assert answer.status_code == 500
    assert "Look at the server's log" in answer.json()["error"]["advice"]
    (line,) = errors_of(caplog)
    assert line.startswith("refused: internal_error: ")
    assert "'no-address'" in line


def test_stream_that_fails_later_is_in_the_log(
    store: Store, replay: ReplayServer, caplog: pytest.LogCaptureFixture
) -> None:
    answer = streamed(store, replay.endpoint, model=_Breaking())
    assert answer.status_code == 200
    assert "event: problem" in answer.text
    assert "/srv" not in answer.text
    assert errors_of(caplog) == ["refused: internal_error: the graph at /srv gave 3 outcomes"]
