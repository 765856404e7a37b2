"""How much `fetch_comments` spends before it stops: comments, units, seconds."""

from __future__ import annotations

import pytest

from sentiment import errors
from sentiment.youtube.client import Ending, YouTubeClient
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.youtube.fetching import fetch_comments
from tests.youtube.scripted import page, refusal, scripted, thread

VIDEO = "dQw4w9WgXcQ"
SERVER_FAULT = refusal(503, "backendError")


def client_of(endpoint: str) -> YouTubeClient:
    return YouTubeClient(None, endpoint=endpoint, backoff_s=0.001, timeout_s=5)


def test_fetch_comments_stops_on_count() -> None:
    with ReplayServer() as server:
        result = fetch_comments(client_of(server.endpoint), "size0100000", max_comments=250)
        assert server.requests == result.units_spent
    assert (len(result.comments), result.ending) == (250, Ending.COUNT)
    assert not result.complete
    # Two pages, and the replies of few threads: none is asked for beyond the count.
    assert 2 < result.units_spent < 15


def test_fetch_comments_of_exactly_the_count_is_complete() -> None:
    with scripted([page(thread("a"), thread("b"))]) as server:
        client = client_of(server.endpoint)
        assert fetch_comments(client, VIDEO, max_comments=2).complete
        assert not fetch_comments(client, VIDEO, max_comments=1).complete


def test_fetch_comments_stops_on_units() -> None:
    with ReplayServer(ReplayOptions(page_limit=20)) as server:
        result = fetch_comments(
            client_of(server.endpoint), "size0100000", max_comments=1_000, max_units=9
        )
        assert server.requests == 9
    assert (result.units_spent, result.complete) == (9, False)
    assert result.ending is Ending.UNITS
    # Each page of 20 threads has two that do not embed all their replies.
    assert len([c for c in result.comments if c.parent_id is None]) == 60


def test_fetch_comments_counts_replies_that_the_units_did_not_allow() -> None:
    with ReplayServer(ReplayOptions(page_limit=20)) as server:
        result = fetch_comments(client_of(server.endpoint), "size0000045", max_units=1)
    assert len(result.comments) + result.replies_left_out == 45
    assert result.replies_left_out > 0
    assert not result.complete


def test_fetch_comments_stops_on_time() -> None:
    with ReplayServer(ReplayOptions(latency_ms=150)) as server:
        result = fetch_comments(
            client_of(server.endpoint),
            "size0100000",
            max_comments=100_000,
            max_units=1_000,
            deadline_s=0.4,
        )
    assert (result.complete, result.ending) == (False, Ending.TIME)
    assert result.comments
    # One page, then four replies at a time.
    assert 1 <= result.units_spent <= 9


def test_fetch_comments_does_not_wait_for_an_answer_beyond_the_deadline() -> None:
    with (
        ReplayServer(ReplayOptions(latency_ms=20_000)) as server,
        pytest.raises(errors.YouTubeUnavailableError, match="in the time"),
    ):
        fetch_comments(client_of(server.endpoint), VIDEO, deadline_s=0.1)


def test_fetch_comments_refuses_limits_out_of_range() -> None:
    client = client_of("http://127.0.0.1:9")
    with pytest.raises(ValueError, match="max_comments must be 1 or more, found 0"):
        fetch_comments(client, VIDEO, max_comments=0)
    with pytest.raises(ValueError, match="max_units must be 1 or more, found 0"):
        fetch_comments(client, VIDEO, max_units=0)
    with pytest.raises(ValueError, match="deadline_s must be above 0, found 0"):
        fetch_comments(client, VIDEO, deadline_s=0)


def test_fetch_comments_counts_retries_against_the_units() -> None:
    with scripted([SERVER_FAULT]) as server, pytest.raises(errors.YouTubeUnavailableError):
        fetch_comments(client_of(server.endpoint), VIDEO, max_units=2)
    assert len(server.seen) == 2


def test_fetch_comments_does_not_wait_beyond_the_deadline() -> None:
    with scripted([SERVER_FAULT]) as server:
        client = YouTubeClient(None, endpoint=server.endpoint, backoff_s=30)
        with pytest.raises(errors.YouTubeUnavailableError):
            fetch_comments(client, VIDEO, deadline_s=2)
    assert len(server.seen) == 1
