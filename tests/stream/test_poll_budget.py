"""Polls that end because their units, their time or the day's quota are spent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sentiment.serving.fetch_plan import FetchPlan, Reach
from sentiment.serving.limits import MAX_COMMENTS
from sentiment.store import Store
from sentiment.stream.poller import QUOTA_SPENT, Poller
from sentiment.youtube.budget import Ending
from sentiment.youtube.client import YouTubeClient
from sentiment.youtube.comment_page import CommentPage
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_video import FIRST_ARRIVAL, thread_id
from tests.store.samples import Clock
from tests.stream.polling import Stream

BIG = "size0002000"


class Late(YouTubeClient):
    """Has no time left after its first whole page."""

    def pages(  # type: ignore[override]
        self, *arguments: Any, **named: Any
    ) -> Iterator[CommentPage]:
        for page in super().pages(*arguments, **named):
            yield page
            if page.is_whole:
                token = page.next_page_token
                yield CommentPage(
                    page_token=token,
                    next_page_token=token,
                    is_whole=False,
                    units_spent=page.units_spent,
                    ending=Ending.TIME,
                )
                return


def kept_with_what_is_below(stream: Stream, video_id: str) -> set[str]:
    """What is kept once somebody has gone on where the store says that it can be done."""
    record, known_ids = stream.store.video(video_id), stream.store.known_ids(video_id)
    assert record is not None
    assert record.resume_token is not None
    plan = FetchPlan(
        stream.client,
        video_id,
        order="time",
        max_comments=MAX_COMMENTS,
        kept=Reach(resume_token=record.resume_token),
        known_ids=known_ids,
        spend=lambda _: None,
        stop=threading.Event(),
    )
    return {*known_ids} | {one.id for step in plan.steps() for one in step.page.comments}


@pytest.mark.parametrize("works_meanwhile", [True, False])
def test_a_first_poll_that_spends_its_units_is_not_repeated(
    stream: Stream, replay: ReplayServer, works_meanwhile: bool
) -> None:
    """The newest 1,000 cost more than they may: each thread's replies have a request."""
    video_id = f"size000005{int(works_meanwhile)}"
    replay.changes.grow(video_id, 300)
    for number in range(300):
        assert replay.changes.answer(thread_id(video_id, FIRST_ARRIVAL + number), 7)
    first = stream.poll(video_id).done
    assert first.units > 100
    if works_meanwhile:
        assert stream.work() == first.sent
    second = stream.poll(video_id).done
    assert (second.units, second.sent) == (1, 0)
    stream.work()
    stream.poll(video_id)
    assert len(stream.store.known_ids(video_id)) == first.sent
    count = replay.changes.video(video_id).comment_count
    assert len(kept_with_what_is_below(stream, video_id)) == count


def test_a_first_poll_whose_time_is_up_is_not_repeated(
    stream: Stream, replay: ReplayServer
) -> None:
    stream.client = Late(None, endpoint=replay.endpoint)
    first = stream.poll(BIG).done
    stream.work()
    assert stream.poll(BIG).done.units == 1
    assert len(stream.store.known_ids(BIG)) == first.sent
    stream.client = YouTubeClient(None, endpoint=replay.endpoint)
    assert len(kept_with_what_is_below(stream, BIG)) == 2_000


def test_a_later_poll_whose_time_is_up_leaves_no_gap(stream: Stream, replay: ReplayServer) -> None:
    def poll(client: YouTubeClient) -> Poller:
        stream.client = client
        return stream.poll("size0002001")

    timely = YouTubeClient(None, endpoint=replay.endpoint)
    poll(timely)
    stream.work()
    replay.changes.grow("size0002001", 450)
    poll(Late(None, endpoint=replay.endpoint))
    stream.work()
    poll(timely)
    stream.work()
    assert len(stream.store.known_ids("size0002001")) == 1_450


def test_a_poll_that_spends_the_last_units_waits_for_the_renewal_and_goes_on(
    store: Store, replay: ReplayServer, clock: Clock
) -> None:
    video_id = "size0002002"
    stream = Stream(store, replay.endpoint, clock, limit=4)
    first = stream.poll(video_id).done
    assert (first.units, first.stretch) == (4, None)
    assert 0 < first.sent < 1_000
    watch, resets_at = stream.watch(video_id), stream.ledger.state().resets_at
    assert (watch.problem, watch.due_at, watch.polled_at) == (QUOTA_SPENT, resets_at, clock())
    assert stream.poller().poll_due() == 0
    clock.now = resets_at
    stream.ledger.limit = 10_000
    assert stream.poller().poll_due() == 1
    assert stream.watch(video_id).problem is None
    stream.work()
    assert len(store.known_ids(video_id)) == 1_000


def test_a_poll_to_which_youtube_says_that_the_quota_is_spent_waits_for_the_renewal(
    stream: Stream,
) -> None:
    stream.poll("overQuota__")
    watch, quota = stream.watch("overQuota__"), stream.ledger.state()
    assert (quota.units_left, watch.problem) == (0, QUOTA_SPENT)
    assert (watch.due_at, watch.polled_at) == (quota.resets_at, stream.clock())


def test_a_refusal_that_speaks_of_the_day_before_does_not_cost_the_new_day(
    stream: Stream,
) -> None:
    stream.clock.now = stream.ledger.state().resets_at + timedelta(seconds=30)
    stream.poll("overQuota__")
    watch = stream.watch("overQuota__")
    assert stream.ledger.state().units_left > 0
    assert watch.problem == QUOTA_SPENT
    assert watch.due_at is not None
    assert watch.due_at - stream.clock() < timedelta(hours=1)
