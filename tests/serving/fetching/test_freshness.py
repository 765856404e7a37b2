"""Which of what is known of a video is young enough to be taken from memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sentiment.store import Store
from sentiment.youtube.replay import ReplayServer
from tests.serving.analysing import analyse, now
from tests.serving.fetching.whole_video import VIDEO, analysed


def grow_older(store: Store, age: timedelta, **changed: Any) -> None:
    """Let time pass over what is known of the video."""
    record = store.video(VIDEO)
    assert record is not None
    assert record.fetched_at is not None
    assert record.looked_up_at is not None
    fetched_at, looked_up_at = record.fetched_at - age, record.looked_up_at - age
    store.save_video(replace(record, fetched_at=fetched_at, looked_up_at=looked_up_at, **changed))


@pytest.mark.parametrize(("age_h", "title"), [(0.5, "Old title"), (2, f"Made-up video {VIDEO}")])
def test_a_title_is_looked_up_again_after_an_hour(
    store: Store, youtube: ReplayServer, age_h: float, title: str
) -> None:
    analysed(store, youtube)
    grow_older(store, timedelta(hours=age_h), title="Old title")
    assert analyse(store, youtube.endpoint, VIDEO).video.title == title


def test_a_video_that_is_used_all_the_time_is_looked_up_again(
    store: Store, youtube: ReplayServer
) -> None:
    counts = []
    for _ in range(3):
        counts.append(analyse(store, youtube.endpoint, VIDEO).video.comment_count)
        youtube.changes.grow(VIDEO, 10)
        grow_older(store, timedelta(minutes=40))
    assert counts == [487, 487, 507]


def test_a_video_that_was_fetched_by_a_clock_ahead_is_fetched_again(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    grow_older(store, -timedelta(days=1), title="Old title")
    youtube.changes.grow(VIDEO, 5)
    body = analyse(store, youtube.endpoint, VIDEO, fresh=timedelta(hours=1))
    assert (body.fetched, body.video.title) == (492, f"Made-up video {VIDEO}")
    record = store.video(VIDEO)
    assert record is not None
    assert record.fetched_at is not None
    assert record.fetched_at <= now()
    spent = youtube.units_spent
    analyse(store, youtube.endpoint, VIDEO, fresh=timedelta(hours=1))
    assert youtube.units_spent == spent


def test_clocks_that_differ_by_a_second_make_nothing_old(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    grow_older(store, -timedelta(seconds=1))
    spent = youtube.units_spent
    analysed(store, youtube, fresh=timedelta(hours=1))
    assert youtube.units_spent == spent


@pytest.mark.parametrize(
    ("complete", "resume_token", "is_fresh"),
    [(True, None, True), (False, "token", False), (False, None, False)],
)
def test_a_video_is_fresh_where_it_is_known_how_far_it_is_kept(
    store: Store, youtube: ReplayServer, *, complete: bool, resume_token: str | None, is_fresh: bool
) -> None:
    analysed(store, youtube)
    record = store.video(VIDEO)
    assert record is not None
    store.save_video(replace(record, complete=complete, resume_token=resume_token))
    spent = youtube.units_spent
    analysed(store, youtube, fresh=timedelta(hours=1))
    assert (youtube.units_spent == spent) is is_fresh


def test_enough_comments_above_a_token_are_fresh(store: Store, youtube: ReplayServer) -> None:
    first = analyse(store, youtube.endpoint, VIDEO, max_comments=300)
    assert (first.fetched, first.complete) == (300, False)
    spent = youtube.units_spent
    again = analyse(store, youtube.endpoint, VIDEO, max_comments=300, fresh=timedelta(hours=1))
    assert (again.fetched, again.complete, again.reasons) == (300, False, ["max_comments"])
    assert youtube.units_spent == spent
