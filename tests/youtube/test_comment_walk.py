"""`YouTubeClient.pages` over HTTP: orders, repeats, accounts, ends."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sentiment import errors
from sentiment.comments import Comment
from sentiment.youtube.client import CommentPage, Ending
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.stream.running import wait_until
from tests.youtube.fetching import fetch_comments
from tests.youtube.scripted import page, scripted, thread
from tests.youtube.walking import VIDEO, client_of, comments_of


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
