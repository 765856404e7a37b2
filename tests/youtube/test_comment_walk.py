"""`YouTubeClient.pages` over HTTP: replies, orders, repeats, accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sentiment import errors
from sentiment.comments import Comment
from sentiment.youtube.client import CommentPage, Ending, YouTubeClient
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.stream.running import wait_until
from tests.youtube.fetching import fetch_comments
from tests.youtube.scripted import Answer, as_json, page, refusal, scripted, thread

VIDEO = "dQw4w9WgXcQ"


def client_of(endpoint: str) -> YouTubeClient:
    return YouTubeClient(None, endpoint=endpoint, backoff_s=0.001, timeout_s=5)


def comments_of(pages: Iterable[CommentPage]) -> list[Comment]:
    return [comment for page in pages for comment in page.comments]


def busy_thread(comment_id: str, *, replies: int, embedded: int = 0) -> dict[str, Any]:
    resource = thread(comment_id)
    resource["snippet"]["totalReplyCount"] = replies
    resource["replies"] = {"comments": [reply(comment_id, number) for number in range(embedded)]}
    return resource


def reply(parent_id: str, number: int, text: str = "yes", **snippet: Any) -> dict[str, Any]:
    return {
        "id": f"{parent_id}.{number}",
        "snippet": {"textOriginal": text, "parentId": parent_id, **snippet},
    }


def test_pages_are_asked_for_when_they_are_wanted() -> None:
    with ReplayServer() as server:
        pages = client_of(server.endpoint).pages("size0100000", with_replies=False)
        assert server.requests == 0
        first = next(pages)
        assert server.requests == first.units_spent == 1
        second = next(pages)
        assert server.requests == second.units_spent == 2
    assert not {c.id for c in first.comments} & {c.id for c in second.comments}


@pytest.mark.parametrize("order", ["time", "relevance"])
def test_pages_hold_every_comment_and_every_reply_once(order: Any) -> None:
    with ReplayServer() as server:
        pages = list(client_of(server.endpoint).pages("size0001000", order=order))
        assert pages[-1].units_spent == server.requests
    comments = comments_of(pages)
    assert len({comment.id for comment in comments}) == len(comments) == 1_000
    assert sum(page.replies_left_out for page in pages) == 0
    assert [page.ending for page in pages] == [None] * (len(pages) - 1) + [Ending.END]
    told: set[str] = set()
    for one in pages:
        told |= {c.id for c in one.comments}
        assert {c.parent_id for c in one.comments if c.parent_id} <= told


def test_a_page_comes_before_its_replies_are_asked_for() -> None:
    with ReplayServer() as server:
        pages = client_of(server.endpoint).pages("size0001000")
        first = next(pages)
        assert server.requests == first.units_spent == 1
        second = next(pages)
        pages.close()
    assert len([c for c in first.comments if c.parent_id is None]) == 100
    assert {c.parent_id is None for c in second.comments} == {False}
    assert (first.page_token, first.next_page_token) == (
        second.page_token,
        second.next_page_token,
    )
    assert (first.is_whole, second.is_whole) == (False, True)


def test_the_next_page_is_on_its_way_while_replies_are() -> None:
    with ReplayServer() as server:
        pages = client_of(server.endpoint).pages("size0001000")
        next(pages)
        replies = next(pages)
        # The page, ten threads of it that lack replies, and the page after it: asked for, though
        # it may not have arrived yet.
        wait_until(lambda: server.requests == 12)
        assert replies.units_spent == 12
        assert next(pages).units_spent == 12


def test_a_page_that_holds_no_new_thread_is_the_last() -> None:
    with ReplayServer() as server:
        client = client_of(server.endpoint)
        whole = list(client.pages("size0001000"))
        known = {comment.id for comment in comments_of(whole)}
        server.changes.grow("size0001000", 150)
        spent = server.requests
        pages = list(client.pages("size0001000", known_ids=known, known_replies={}))
        assert pages[-1].ending is Ending.KNOWN
        assert [one.is_known for one in pages if one.page_token is None] == [False]
        # Three pages: all new, some new, none new. No page below is asked for.
        assert len({one.page_token for one in pages}) == 3
        assert server.requests - spent == pages[-1].units_spent


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


def test_pages_by_relevance_have_the_order_of_the_api() -> None:
    with scripted([page(thread("b"), thread("a"))]) as server:
        pages = client_of(server.endpoint).pages(VIDEO, order="relevance")
        assert [comment.id for comment in comments_of(pages)] == ["b", "a"]
    assert server.seen[0].query["order"] == "relevance"


def test_pages_without_replies_cost_one_unit_each_and_count_the_rest() -> None:
    with ReplayServer() as server:
        pages = list(client_of(server.endpoint).pages("size0001000", with_replies=False))
    assert pages[-1].units_spent == len(pages)
    left_out = sum(page.replies_left_out for page in pages)
    assert left_out > 0
    assert len(comments_of(pages)) + left_out == 1_000


@pytest.mark.parametrize("size", [1_000, 3_000])
def test_pages_are_whole_although_every_fifth_request_fails(size: int) -> None:
    with ReplayServer(ReplayOptions(fault_rate=0.2, seed=size)) as server:
        pages = client_of(server.endpoint).pages(f"size{size:07d}", max_units=1_000)
        assert len({comment.id for comment in comments_of(pages)}) == size


def test_pages_go_on_at_a_token() -> None:
    with ReplayServer() as server:
        client = client_of(server.endpoint)
        whole = list(client.pages("size0001000"))
        rest = list(client.pages("size0001000", start_token=whole[0].next_page_token))
    assert comments_of(rest) == comments_of(one for one in whole if one.page_token is not None)
    assert rest[0].page_token == whole[0].next_page_token


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


def test_a_comment_edited_between_pages_is_updated_not_doubled() -> None:
    answers = [page(thread("a", "old"), token="t"), page(thread("a", "new"), thread("b"))]
    with scripted(answers) as server:
        pages = list(client_of(server.endpoint).pages(VIDEO))
    assert [comment.id for comment in comments_of(pages)] == ["a", "b"]
    assert [comment.text for comment in pages[1].updated] == ["new"]
    with scripted(answers) as server:
        result = fetch_comments(client_of(server.endpoint), VIDEO)
    assert [comment.text for comment in result.comments] == ["new", "hello"]


def test_comments_that_arrive_meanwhile_double_none() -> None:
    with ReplayServer() as server:
        pages = client_of(server.endpoint).pages("size0001000")
        found = [next(pages)]
        server.changes.grow("size0001000", 7)
        found += pages
    ids = [comment.id for comment in comments_of(found)]
    assert len(set(ids)) == len(ids) == 1_000


def test_a_repeated_token_ends_the_walk() -> None:
    with ReplayServer() as server:
        pages = list(client_of(server.endpoint).pages("sameToken__", with_replies=False))
        assert server.requests == 2
    assert [page.ending for page in pages] == [None, Ending.REPEATED_TOKEN]


def test_a_malformed_page_is_an_error_after_the_good_one() -> None:
    with ReplayServer() as server:
        pages = client_of(server.endpoint).pages("brokenPage_")
        assert next(pages).comments
        assert next(pages).is_whole
        with pytest.raises(errors.YouTubeUnavailableError, match="can't be read"):
            next(pages)


def test_short_pages_hold_everything() -> None:
    with ReplayServer() as server:
        pages = list(client_of(server.endpoint).pages("twentyPage_"))
    tops = Counter(p.page_token for p in pages for c in p.comments if c.parent_id is None)
    assert set([*tops.values()][:-1]) == {20}
    assert len(comments_of(pages)) == 300


def test_a_quota_spent_on_the_way_is_an_error_after_the_good_pages() -> None:
    with ReplayServer() as server:
        found: list[CommentPage] = []
        with pytest.raises(errors.QuotaExceededError):
            found.extend(client_of(server.endpoint).pages("quota000002"))
    assert len({one.page_token for one in found}) == 2
    assert found[-1].is_whole


def test_several_walks_at_once_do_not_mix() -> None:
    sizes = [300, 600, 900, 450] * 2
    with ReplayServer() as server:
        client = client_of(server.endpoint)

        def walk(size: int) -> list[Comment]:
            return comments_of(client.pages(f"size{size:07d}"))

        with ThreadPoolExecutor(max_workers=8) as pool:
            found = list(pool.map(walk, sizes))
    assert [len({comment.id for comment in comments}) for comments in found] == sizes
    for size, comments in zip(sizes, found, strict=True):
        assert {comment.video_id for comment in comments} == {f"size{size:07d}"}


def test_pages_refuse_limits_out_of_range_before_they_are_iterated() -> None:
    client = client_of("http://127.0.0.1:9")
    with pytest.raises(ValueError, match="max_comments must be 1 or more, found 0"):
        client.pages(VIDEO, max_comments=0)
    with pytest.raises(errors.InvalidVideoIdError):
        client.pages("nonsense")
