"""`YouTubeClient.pages` over HTTP: replies that are not embedded in their threads."""

from __future__ import annotations

import pytest

from sentiment import errors
from sentiment.youtube.client import Ending
from tests.youtube.scripted import Answer, as_json, page, refusal, scripted, thread
from tests.youtube.walking import VIDEO, busy_thread, client_of, comments_of, reply


def test_no_reply_is_asked_for_that_there_is_no_room_for() -> None:
    with scripted([page(busy_thread("a", replies=9), token="t")]) as server:
        pages = list(client_of(server.endpoint).pages(VIDEO, max_comments=1))
    assert [comment.id for comment in comments_of(pages)] == ["a"]
    assert len(server.seen) == 1
    assert (pages[-1].ending, pages[-1].is_whole) == (Ending.COUNT, False)


@pytest.mark.parametrize("replies_of_a", [0, 1])
def test_room_that_the_last_page_uses_up_exactly_is_no_end(replies_of_a: int) -> None:
    last = page(busy_thread("a", replies=replies_of_a), busy_thread("b", replies=6))
    with scripted([last], replies=as_json({"items": [reply("a", 0)]})) as server:
        pages = list(client_of(server.endpoint).pages(VIDEO, max_comments=2 + replies_of_a))
    assert len(comments_of(pages)) == 2 + replies_of_a
    assert (pages[-1].ending, pages[-1].is_whole) == (Ending.COUNT, False)


def test_threads_give_less_than_they_count_and_the_room_is_filled_all_the_same() -> None:
    answers = [page(busy_thread("a", replies=9), busy_thread("b", replies=2), token="t")]
    with scripted(answers, replies=as_json({"items": [reply("a", 0), reply("b", 0)]})) as server:
        pages = list(client_of(server.endpoint).pages(VIDEO, max_comments=4))
    assert len(comments_of(pages)) == 4
    assert {c.id for c in comments_of(pages)} >= {"a", "b"}
    assert pages[-1].ending is Ending.COUNT


def test_replies_follow_their_pages() -> None:
    answers = [
        page(busy_thread("a", replies=3)),
        as_json({"items": [reply("a", 0), reply("a", 1)], "nextPageToken": "r1"}),
        as_json({"items": [reply("a", 2)]}),
    ]
    with scripted(answers) as server:
        found = comments_of(client_of(server.endpoint).pages(VIDEO))
    assert [comment.id for comment in found] == ["a", "a.0", "a.1", "a.2"]
    assert [comment.parent_id for comment in found] == [None, "a", "a", "a"]
    asked = server.seen[2]
    assert asked.path == "/youtube/v3/comments"
    assert asked.query == {
        "part": "snippet",
        "parentId": "a",
        "maxResults": "100",
        "textFormat": "plainText",
        "pageToken": "r1",
        "alt": "json",
    }


def test_replies_are_not_asked_for_where_all_are_embedded() -> None:
    with scripted([page(busy_thread("a", replies=2, embedded=2))]) as server:
        (one,) = client_of(server.endpoint).pages(VIDEO)
    assert len(one.comments) == 3
    assert len(server.seen) == 1


@pytest.mark.parametrize("stale_first", [True, False])
def test_the_text_that_was_edited_last_wins(*, stale_first: bool) -> None:
    old = reply("a", 0, "old", updatedAt="2026-01-01T00:00:00Z")
    new = reply("a", 0, "new", updatedAt="2026-01-02T00:00:00Z")
    top = busy_thread("a", replies=2)
    top["replies"]["comments"] = [old if stale_first else new]
    listed = as_json({"items": [new if stale_first else old, reply("a", 1)]})
    with scripted([page(top), listed]) as server:
        pages = list(client_of(server.endpoint).pages(VIDEO))
    now = {c.id: c.text for one in pages for c in (*one.comments, *one.updated)}
    assert (now["a.0"], len(now)) == ("new", 3)
    assert len(comments_of(pages)) == 3


def test_a_thread_that_goes_after_its_page_was_listed_stays_as_listed() -> None:
    answers = [
        page(busy_thread("a", replies=2, embedded=1), thread("b")),
        refusal(404, "commentNotFound"),
    ]
    with scripted(answers) as server:
        *_, last = pages = list(client_of(server.endpoint).pages(VIDEO))
    assert [comment.id for comment in comments_of(pages)] == ["a", "a.0", "b"]
    assert (last.ending, last.is_whole, last.replies_left_out) == (Ending.END, True, 0)


@pytest.mark.parametrize("reason", ["processingFailure", "forbidden"])
def test_replies_that_one_thread_refuses_are_left_out(reason: str) -> None:
    answers = [page(busy_thread("a", replies=3, embedded=1)), refusal(400, reason)]
    with scripted(answers) as server:
        *_, last = pages = list(client_of(server.endpoint).pages(VIDEO))
    assert [comment.id for comment in comments_of(pages)] == ["a", "a.0"]
    assert (last.ending, last.replies_left_out) == (Ending.END, 2)
    may_come_yet = reason == "processingFailure"
    assert (last.is_failed, len(server.seen)) == ((True, 4) if may_come_yet else (False, 2))


def test_replies_that_youtube_could_not_process_are_asked_for_again() -> None:
    answers = [
        page(busy_thread("a", replies=1)),
        refusal(400, "processingFailure"),
        as_json({"items": [reply("a", 0)]}),
    ]
    with scripted(answers) as server:
        *_, last = pages = list(client_of(server.endpoint).pages(VIDEO))
    assert [comment.id for comment in comments_of(pages)] == ["a", "a.0"]
    assert (last.is_whole, last.is_failed, last.units_spent) == (True, False, 3)


def test_replies_whose_token_comes_back_end() -> None:
    again = as_json({"items": [reply("a", 0)], "nextPageToken": "again"})
    with scripted([page(busy_thread("a", replies=9)), again]) as server:
        *_, last = client_of(server.endpoint).pages(VIDEO)
    assert len(server.seen) == 3
    assert last.replies_left_out == 8


@pytest.mark.parametrize("body", [Answer(b'{"items": [{"id"'), as_json({"items": 3})])
def test_an_error_among_replies_comes_after_their_page(body: Answer) -> None:
    first = page(busy_thread("a", replies=3, embedded=1), token="t")
    with scripted([first], replies=body) as server:
        pages = client_of(server.endpoint).pages(VIDEO)
        found = [next(pages), next(pages)]
        with pytest.raises(errors.YouTubeUnavailableError, match="can't be read"):
            next(pages)
    assert [comment.id for comment in comments_of(found)] == ["a", "a.0"]
    assert (found[1].ending, found[1].replies_left_out) == (None, 2)
    # Who goes on must ask for this page again.
    assert not found[1].is_whole
