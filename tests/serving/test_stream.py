"""Analyses as they grow, over real HTTP and a real store, beside the stand-in of YouTube."""

from __future__ import annotations

import time

import httpx
import pytest

from sentiment.youtube.replay import ReplayServer
from tests.serving.events import analyses_of, comments_of, read_events, stream_of
from tests.serving.running import error_of


def test_stream_begins_grows_and_ends(client: httpx.Client) -> None:
    events = stream_of(client, "size0000350")
    assert events[0].kind == "started"
    assert events[0].data["video_id"] == "size0000350"
    assert events[-1].kind == "done"
    analyses = analyses_of(events)
    counts = [analysis["fetched"] for analysis in analyses]
    assert counts == sorted(counts)
    assert not analyses[0]["complete"]
    assert analyses[0]["reasons"] == ["underway"]
    last = analyses[-1]
    assert (last["fetched"], last["complete"], last["reasons"]) == (350, True, [])
    assert len(comments_of(events)) == 350


def test_stream_and_post_say_the_same(client: httpx.Client) -> None:
    streamed = analyses_of(stream_of(client, "size0000230"))[-1]
    posted = client.post("/v1/analyze", json={"video_id": "size0000230"}).json()
    for name in ("analysed", "shares", "score", "trend", "labels", "threads", "intents"):
        assert posted[name] == streamed[name], name


def test_second_analysis_within_a_minute_spends_nothing(
    client: httpx.Client, replay: ReplayServer
) -> None:
    first = stream_of(client, "size0000140")
    spent = replay.units_spent
    again = stream_of(client, "size0000140")
    assert replay.units_spent == spent
    assert comments_of(again) == comments_of(first)
    assert analyses_of(again)[-1]["complete"]


def test_wider_analysis_fetches_only_what_is_missing(
    client: httpx.Client, replay: ReplayServer
) -> None:
    before = replay.units_spent
    narrow = analyses_of(stream_of(client, "size0000777", max_comments=200))[-1]
    assert (narrow["fetched"], narrow["complete"]) == (200, False)
    assert narrow["reasons"] == ["max_comments"]
    narrow_units = replay.units_spent - before
    wide = analyses_of(stream_of(client, "size0000777", max_comments=1_000))[-1]
    assert (wide["fetched"], wide["complete"]) == (777, True)
    both = replay.units_spent - before
    assert both - narrow_units == wide["units_spent"]
    # As if they were one: the first page again, to see what is new, and the one that was cut.
    whole_units = analyses_of(stream_of(client, "size0000778", max_comments=1_000))[-1]
    assert both <= whole_units["units_spent"] + 4


def test_client_that_comes_back_is_told_the_rest(client: httpx.Client) -> None:
    events = stream_of(client, "size0000640")
    ids = [event.id for event in events if event.id is not None]
    assert ids
    rest = stream_of(client, "size0000640", last_event_id=ids[0])
    assert rest[0].kind != "started"
    assert [event.id for event in rest if event.id is not None] == ids[1:]
    assert rest[-1].kind == "done"


def test_client_that_comes_back_too_late_begins_anew(client: httpx.Client) -> None:
    events = stream_of(client, "size0000050", last_event_id="gone:3")
    assert events[0].kind == "started"
    assert len(comments_of(events)) == 50


@pytest.mark.parametrize(("video_id", "max_comments"), [("size0000010", 500), ("size0000050", 9)])
def test_client_that_asks_for_something_else_is_not_told_the_rest(
    client: httpx.Client, video_id: str, max_comments: int
) -> None:
    id_ = stream_of(client, "size0000050")[-2].id
    assert id_ is not None
    events = stream_of(client, video_id, max_comments=max_comments, last_event_id=id_)
    assert (events[0].kind, events[0].data["video_id"]) == ("started", video_id)
    assert analyses_of(events)[-1]["fetched"] == min(max_comments, int(video_id[4:]))


def test_number_too_long_to_be_an_events_begins_anew(client: httpx.Client) -> None:
    events = stream_of(client, "size0000051")
    run_id = events[0].data["run_id"]
    again = stream_of(client, "size0000051", last_event_id=f"{run_id}:{'9' * 5_000}")
    assert (again[0].kind, again[-1].kind) == ("started", "done")
    assert len(comments_of(again)) == 51


def test_two_clients_follow_one_analysis(client: httpx.Client, replay: ReplayServer) -> None:
    spent = replay.units_spent
    with client.stream("GET", "/v1/analyze/stream?video_id=size0000930&max_comments=1000") as one:
        first = read_events(one)
        run_id = next(first).data["run_id"]
        with client.stream(
            "GET", "/v1/analyze/stream?video_id=size0000930&max_comments=1000"
        ) as other:
            events = list(read_events(other))
        rest = list(first)
    assert len(comments_of(events)) == len(comments_of(rest)) == 930
    assert events[0].data["run_id"] == run_id
    assert replay.units_spent - spent == analyses_of(events)[-1]["units_spent"]


def test_fetching_ends_when_the_client_leaves(
    slow_client: httpx.Client, slow_replay: ReplayServer
) -> None:
    url = "/v1/analyze/stream?video_id=size0009000&max_comments=10000"
    with slow_client.stream("GET", url) as answer:
        events = read_events(answer)
        # The first page with its replies.
        while (event := next(events)).kind != "analysis" or event.data["fetched"] < 225:
            pass
    time.sleep(1.0)
    spent = slow_replay.units_spent
    time.sleep(1.0)
    assert slow_replay.units_spent == spent
    # What was fetched is not fetched again.
    kept = stream_of(slow_client, "size0009000", max_comments=100)
    assert slow_replay.units_spent - spent <= 2
    assert len(comments_of(kept)) >= 100


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "invalid_request"),
        ("video_id=https://example.org/", 400, "invalid_video_id"),
        ("video_id=size0000001&max_comments=0", 400, "invalid_request"),
        ("video_id=size0000001&max_comments=x", 400, "invalid_request"),
        ("video_id=size0000001&max_comments=20000", 400, "invalid_request"),
        ("video_id=size0000001&order=best", 400, "invalid_request"),
        ("video_id=size0000001&surprise=1", 400, "invalid_request"),
        ("video_id=noComments_", 403, "comments_disabled"),
    ],
)
def test_stream_refuses_with_a_status(
    client: httpx.Client, query: str, status: int, code: str
) -> None:
    assert error_of(client.get(f"/v1/analyze/stream?{query}")) == (status, code)


def test_most_relevant_comments_come_in_youtubes_order(client: httpx.Client) -> None:
    answer = client.post(
        "/v1/analyze", json={"video_id": "size0000120", "order": "relevance", "max_comments": 50}
    )
    assert answer.status_code == 200
    times = [
        comment["published_at"] for comment in answer.json()["comments"] if not comment["parent_id"]
    ]
    assert times != sorted(times, reverse=True)
