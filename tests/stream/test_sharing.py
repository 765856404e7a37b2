"""Rounds of several videos: pollers that share a store, and what a failure leaves to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from sentiment.errors import QueueError
from sentiment.store.records import QueueCounts
from sentiment.stream.embedded import EmbeddedQueue
from sentiment.stream.messages import CommentBatch
from sentiment.youtube.client import YouTubeClient
from sentiment.youtube.comment_page import CommentPage
from sentiment.youtube.replay import ReplayServer
from tests.stream.polling import Stream

VIDEOS = [f"size000003{number}" for number in range(5)]


@pytest.fixture
def watching(stream: Stream) -> Stream:
    """A stream of several videos that are due."""
    for video_id in VIDEOS:
        stream.store.add_watch(video_id, interval_s=1_800)
    return stream


class Noting(YouTubeClient):
    """Notes what is polled, and lets something happen meanwhile."""

    def __init__(
        self, endpoint: str, polled: list[str], meanwhile: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(None, endpoint=endpoint)
        self._polled, self._meanwhile = polled, meanwhile

    def pages(  # type: ignore[override]
        self, video_id: str, **named: Any
    ) -> Iterator[CommentPage]:
        self._polled.append(video_id)
        self._meanwhile()
        yield from super().pages(video_id, **named)


def test_a_round_that_takes_long_is_paid_for_once(watching: Stream, replay: ReplayServer) -> None:
    polled: list[str] = []
    watching.client = Noting(replay.endpoint, polled)
    other = watching.poller()

    def a_minute_passes() -> None:
        watching.clock.now += timedelta(minutes=1)
        if watching.clock() - began > timedelta(minutes=2):
            other.poll_due()

    began = watching.clock()
    watching.client = Noting(replay.endpoint, polled, a_minute_passes)
    watching.poller().poll_due()
    assert sorted(polled) == VIDEOS


class Away(EmbeddedQueue):
    """Can't be reached, from one of its calls on."""

    def __init__(self, stream: Stream, *, can_count: bool) -> None:
        super().__init__(stream.store)
        self._can_count = can_count

    def counts(self) -> QueueCounts:
        if self._can_count:
            return super().counts()
        raise QueueError("The queue can't be reached.")

    def send(self, batches: Sequence[CommentBatch]) -> None:
        raise QueueError("The queue can't be reached.")


@pytest.mark.parametrize("can_count", [False, True])
def test_a_queue_that_is_away_holds_nothing_up_for_long(watching: Stream, can_count: bool) -> None:
    with pytest.raises(QueueError):
        watching.poller(queue=Away(watching, can_count=can_count)).poll_due()
    watching.clock.now += timedelta(seconds=5)
    assert watching.poller().poll_due() == len(VIDEOS)


def test_a_round_polls_each_video_once(watching: Stream) -> None:
    poller = watching.poller()
    assert (poller.poll_due(), poller.done.polls) == (len(VIDEOS), len(VIDEOS))
    assert poller.poll_due() == 0
