"""The store's part of the interface, with a store that does not come back for a while."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
from anyio import to_thread
from starlette.applications import Starlette

from sentiment.errors import StoreError
from sentiment.serving.interface import Interface
from sentiment.serving.limits import MAX_STORE_CALLS
from tests.serving.running import error_of


class _Stuck:
    """A store whose deletions wait."""

    def __init__(self) -> None:
        self.release = threading.Event()

    def undo_feedback(self, _feedback_id: str) -> bool:
        return self.release.wait(30)


class _Broken:
    """A store that fails."""

    def undo_feedback(self, _feedback_id: str) -> bool:
        raise StoreError("the disk at /srv is damaged", hint="Replace it.")


def _client(store: Any) -> httpx.AsyncClient:
    def nothing() -> Any:
        raise NotImplementedError

    interface = Interface(analyser=nothing, store=lambda: store, breaker=nothing)
    transport = httpx.ASGITransport(app=Starlette(routes=interface.routes()))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


def test_slow_store_leaves_threads_to_others_and_refuses_a_crowd() -> None:
    async def run() -> list[httpx.Response]:
        store = _Stuck()
        async with _client(store) as client:
            asked = [
                asyncio.create_task(client.delete(f"/v1/feedback/{number}"))
                for number in range(MAX_STORE_CALLS + 5)
            ]
            await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            # Every thread of the shared pool would be taken.
            async with asyncio.timeout(20):
                await to_thread.run_sync(store.release.set)
            return await asyncio.gather(*asked)

    answers = asyncio.run(run())
    refused = [answer for answer in answers if answer.status_code != 204]
    assert [error_of(answer) for answer in refused] == [(503, "overloaded")] * 5
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)


def test_fault_of_the_store_is_in_the_log_where_the_client_is_sent(caplog: Any) -> None:
    async def run() -> httpx.Response:
        async with _client(_Broken()) as client:
            return await client.delete("/v1/feedback/x")

    answer = asyncio.run(run())
    assert error_of(answer) == (500, "store_error")
    assert "/srv" not in answer.text
    assert "server's log" in answer.json()["error"]["advice"]
    assert "the disk at /srv is damaged" in caplog.text
