"""What is removed beside an analysis stays removed, and what is fetched next has no gap."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from sentiment.comments import Prediction
from sentiment.inference.predictor import Predictor
from sentiment.serving.interface import Interface
from sentiment.serving.memory import Breaker
from sentiment.serving.wire_analysis import AnalyzeRequest
from sentiment.store import Store, open_store
from sentiment.youtube.replay import ReplayServer
from tests.serving.analysing import analyse, new_analyser, now
from tests.youtube.interrupted import InterruptedSource

VIDEO = "size0000487"
PATIENCE_S = 20

Remove = Callable[[Store], object]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


def purge(store: Store) -> None:
    store.purge(older_than=now() + timedelta(minutes=1))


def delete(store: Store) -> None:
    assert store.delete_video(VIDEO)


def delete_newest_comment(store: Store) -> None:
    assert store.delete_comment(store.comments(VIDEO, limit=1)[0].id)


@pytest.mark.parametrize("remove", [purge, delete, delete_newest_comment])
def test_what_is_removed_beside_an_analysis_is_fetched_by_the_next(
    store: Store, replay: ReplayServer, remove: Remove
) -> None:
    analyse(store, replay.endpoint, VIDEO)
    source = InterruptedSource(replay.endpoint, lambda: remove(store))
    assert analyse(store, replay.endpoint, VIDEO, source=source).stored is False
    body = analyse(store, replay.endpoint, VIDEO)
    assert (body.fetched, body.complete, body.stored) == (487, True, True)
    assert len(store.known_ids(VIDEO)) == 487


def test_deletion_is_not_undone_by_the_first_analysis(store: Store, replay: ReplayServer) -> None:
    def delete_what_came() -> None:
        ends_s = time.monotonic() + PATIENCE_S
        while not store.known_ids(VIDEO):
            assert time.monotonic() < ends_s
            time.sleep(0.01)
        delete(store)

    source = InterruptedSource(replay.endpoint, delete_what_came, before_part=3)
    assert analyse(store, replay.endpoint, VIDEO, source=source).fetched == 487
    assert store.video(VIDEO) is None
    assert store.known_ids(VIDEO) == set()
    body = analyse(store, replay.endpoint, VIDEO)
    assert (body.fetched, body.complete, body.stored) == (487, True, True)


def test_deletion_is_not_undone_by_an_analysis_that_began_before(
    store: Store, replay: ReplayServer
) -> None:
    analyse(store, replay.endpoint, VIDEO)
    source = InterruptedSource(replay.endpoint, lambda: delete(store))
    # It tells all that it has.
    assert analyse(store, replay.endpoint, VIDEO, source=source).fetched == 487
    assert store.video(VIDEO) is None
    assert store.comments(VIDEO, limit=9) == []
    assert store.latest_result(VIDEO) is None


def test_deletion_of_a_comment_is_not_undone_by_an_analysis_that_began_before(
    store: Store, replay: ReplayServer
) -> None:
    analyse(store, replay.endpoint, VIDEO)
    (newest,) = store.comments(VIDEO, limit=1)
    source = InterruptedSource(replay.endpoint, lambda: delete_newest_comment(store))
    assert analyse(store, replay.endpoint, VIDEO, source=source).fetched == 487
    assert newest.id not in store.known_ids(VIDEO)
    assert store.latest_result(VIDEO) is None


def test_deletion_of_a_comment_is_not_undone_by_the_first_analysis(
    store: Store, replay: ReplayServer
) -> None:
    gone: list[str] = []

    def delete_one_that_came() -> None:
        ends_s = time.monotonic() + PATIENCE_S
        while not store.known_ids(VIDEO):
            assert time.monotonic() < ends_s
            time.sleep(0.01)
        gone.append(store.comments(VIDEO, limit=1)[0].id)
        assert store.delete_comment(gone[0])

    source = InterruptedSource(replay.endpoint, delete_one_that_came, before_part=3)
    assert analyse(store, replay.endpoint, VIDEO, source=source).stored is False
    assert gone[0] not in store.known_ids(VIDEO)
    assert store.latest_result(VIDEO) is None


@dataclass
class Stalling:
    """A model that says when it is asked, and waits."""

    digest: str = "a" * 64
    name: str = "stalling"
    asked: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.asked.set()
        self.release.wait(PATIENCE_S)
        return Predictor.dummy().predict(texts)


def test_a_comment_is_deleted_once_the_analyses_of_its_video_have_written_their_last(
    store: Store, replay: ReplayServer
) -> None:
    analyse(store, replay.endpoint, VIDEO)
    (newest,) = store.comments(VIDEO, limit=1)
    model = Stalling()
    # It fetches nothing: its last word is of what it recalled, the comment among that.
    analyser = new_analyser(store, replay.endpoint, model=model, fresh=timedelta(hours=1))
    interface = Interface(analyser=lambda: analyser, store=lambda: store, breaker=Breaker)
    transport = httpx.ASGITransport(app=Starlette(routes=interface.routes()))

    async def run() -> int:
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            running = analyser.open(AnalyzeRequest(video_id=VIDEO))
            await asyncio.to_thread(model.asked.wait, PATIENCE_S)
            deleting = asyncio.create_task(client.delete(f"/v1/comments/{newest.id}"))
            done, _ = await asyncio.wait([deleting], timeout=0.5)
            model.release.set()
            answer = await deleting
            await running.ended()
            assert not done
            return answer.status_code

    try:
        assert asyncio.run(run()) == 204
    finally:
        analyser.close()
    assert newest.id not in store.known_ids(VIDEO)
    assert store.latest_result(VIDEO) is None


def test_analyses_of_one_video_at_once_are_both_stored(store: Store, replay: ReplayServer) -> None:
    def analyse_too() -> None:
        assert analyse(store, replay.endpoint, VIDEO, max_comments=100).stored

    source = InterruptedSource(replay.endpoint, analyse_too)
    body = analyse(store, replay.endpoint, VIDEO, source=source)
    assert (body.fetched, body.complete, body.stored) == (487, True, True)
    spent = replay.units_spent
    assert analyse(store, replay.endpoint, VIDEO).complete
    assert replay.units_spent - spent == 1
