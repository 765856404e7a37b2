"""What is removed beside an analysis stays removed, and what is fetched next has no gap."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from sentiment.store import Store, open_store
from sentiment.youtube.replay import ReplayServer
from tests.serving.analysing import analyse, now
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


@pytest.mark.parametrize("remove", [purge, delete])
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


def test_analyses_of_one_video_at_once_are_both_stored(store: Store, replay: ReplayServer) -> None:
    def analyse_too() -> None:
        assert analyse(store, replay.endpoint, VIDEO, max_comments=100).stored

    source = InterruptedSource(replay.endpoint, analyse_too)
    body = analyse(store, replay.endpoint, VIDEO, source=source)
    assert (body.fetched, body.complete, body.stored) == (487, True, True)
    spent = replay.units_spent
    assert analyse(store, replay.endpoint, VIDEO).complete
    assert replay.units_spent - spent == 1
