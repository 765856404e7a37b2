"""Polls that end because their units or their time are spent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from sentiment.serving.fetch_plan import FetchPlan, Reach
from sentiment.serving.limits import MAX_COMMENTS
from sentiment.stream.poller import Poller
from sentiment.youtube.budget import Ending
from sentiment.youtube.client import YouTubeClient
from sentiment.youtube.comment_page import CommentPage
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_video import FIRST_ARRIVAL, thread_id
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
