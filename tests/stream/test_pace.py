"""How often the stand-in of YouTube is polled: by what comes, by the quota, by the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sentiment.store import Store
from sentiment.stream.pace import Pace
from sentiment.youtube.replay import ReplayServer
from tests.store.samples import Clock
from tests.stream.polling import Stream


def test_interval_follows_what_comes(stream: Stream, replay: ReplayServer) -> None:
    stream.poll("size0000050")
    stream.work()
    assert stream.watch("size0000050").interval_s == 30
    stream.poll("size0000050")
    assert stream.watch("size0000050").interval_s == 45
    for _ in range(20):
        stream.poll("size0000050")
    assert stream.watch("size0000050").interval_s == 1_800
    replay.changes.grow("size0000050", 1)
    stream.poll("size0000050")
    assert stream.watch("size0000050").interval_s == 900


def test_quota_lasts_until_it_is_renewed(store: Store, replay: ReplayServer, clock: Clock) -> None:
    stream = Stream(store, replay.endpoint, clock, limit=100)
    due, spent = clock(), 0
    store.add_watch("size0000040", interval_s=15)
    resets_at = stream.ledger.state().resets_at
    while due < resets_at:
        clock.now = due
        spent += stream.poll("size0000040").done.units
        stream.work()
        next_due = stream.watch("size0000040").due_at
        assert next_due is not None
        assert next_due > due
        due = next_due
    # Not all in the first minutes, and a share is left for those who open videos.
    assert clock() > resets_at - timedelta(hours=3)
    assert 20 <= spent <= 60


def test_nothing_is_polled_while_the_quota_is_spent(
    store: Store, replay: ReplayServer, clock: Clock
) -> None:
    stream = Stream(store, replay.endpoint, clock)
    stream.ledger.exhausted()
    before = replay.requests
    poller = stream.poll("size0000041")
    assert replay.requests == before
    assert poller.done.stretch is None
    assert stream.watch("size0000041").due_at == stream.ledger.state().resets_at


def test_polls_are_stretched_while_the_queue_is_full(stream: Stream) -> None:
    stream.pace = Pace(full_messages=5)
    stream.poll("size0001000")
    ready = stream.queue.counts().ready
    assert ready > 5
    held_back = stream.poll("size0001000")
    assert held_back.done.stretch == pytest.approx(ready / 5)
    watch = stream.watch("size0001000")
    assert watch.due_at == stream.clock() + timedelta(seconds=ready / 5 * watch.interval_s)
    stream.work()
    assert stream.poll("size0001000").done.stretch == 1.0


def test_a_quiet_video_among_busy_ones_is_polled_once_the_quota_is_renewed(
    store: Store, replay: ReplayServer, clock: Clock
) -> None:
    stream = Stream(store, replay.endpoint, clock, limit=100)
    for number in range(5):
        store.add_watch(f"size100000{number}", interval_s=15)
        store.update_watch(f"size100000{number}", due_at=clock() + timedelta(days=1))
    store.add_watch("size0000046", interval_s=1_800)
    poller = stream.poll("size0000046")
    assert poller.done.stretch is not None
    assert poller.done.stretch > 100
    watch = stream.watch("size0000046")
    assert watch.due_at == stream.ledger.state().resets_at
    # Nor earlier than it wants to be, shortly before.
    clock.now = watch.due_at - timedelta(seconds=1)
    stream.poll("size0000046")
    watch = stream.watch("size0000046")
    assert watch.due_at == clock() + timedelta(seconds=watch.interval_s)


def test_a_quiet_video_is_polled_while_the_queue_is_full(stream: Stream) -> None:
    stream.pace = Pace(full_messages=1)
    stream.poll("size0001001")
    stream.store.update_watch("size0001001", interval_s=1_800)
    assert (stream.poll("size0001001").done.stretch or 0) > 5
    due_at = stream.watch("size0001001").due_at
    assert due_at == stream.clock() + timedelta(seconds=stream.pace.longest_s)
