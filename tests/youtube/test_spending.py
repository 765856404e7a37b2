"""Who pays for requests, and what happens when somebody has had enough."""

from __future__ import annotations

import threading
import time

import pytest

from sentiment import errors
from sentiment.youtube.client import CommentPage, Ending, YouTubeClient
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.youtube.scripted import page, refusal, scripted, thread

VIDEO = "dQw4w9WgXcQ"
# Far above what ending takes, far below what it would take to go on.
SOON_S = 3.0


def client_of(endpoint: str, backoff_s: float = 0.001) -> YouTubeClient:
    return YouTubeClient(None, endpoint=endpoint, backoff_s=backoff_s, timeout_s=30)


class Account:
    """Pays until nothing is left, and notes whether two threads ever paid at once."""

    def __init__(self, units: int) -> None:
        self.paid = 0
        self.was_shared = False
        self._units = units
        self._lock = threading.Lock()

    def spend(self, units: int) -> None:
        if not self._lock.acquire(blocking=False):
            self.was_shared = True
            return
        with_this = self.paid + units
        time.sleep(0.001)
        self._lock.release()
        if with_this > self._units:
            raise errors.QuotaExceededError("The account is empty.", hint="Fill it.")
        self.paid = with_this


def test_every_request_is_paid_before_it_is_sent_retries_included() -> None:
    account = Account(10_000)
    with ReplayServer(ReplayOptions(fault_rate=0.2, seed=5)) as server:
        pages = list(client_of(server.endpoint).pages("size0001000", spend=account.spend))
        assert account.paid == server.requests == pages[-1].units_spent
    assert not account.was_shared


@pytest.mark.parametrize(("units", "pages_given"), [(0, 0), (1, 1), (4, 1), (12, 2)])
def test_an_account_that_refuses_ends_the_walk_without_a_request(
    units: int, pages_given: int
) -> None:
    account = Account(units)
    found: list[CommentPage] = []
    with ReplayServer() as server:
        pages = client_of(server.endpoint).pages("size0001000", spend=account.spend)
        with pytest.raises(errors.QuotaExceededError, match="The account is empty"):
            found.extend(pages)
        # Some may still be on their way.
        assert server.requests <= account.paid == units
    # The page whose replies could not be paid for is given all the same, and is not whole.
    assert len({one.page_token for one in found}) == pages_given
    assert all(one.ending is None for one in found)
    assert not any(one.is_whole for one in found[-1:])


def test_units_are_kept_although_replies_are_asked_for_in_parallel() -> None:
    with ReplayServer() as server:
        pages = list(client_of(server.endpoint).pages("size0001000", max_units=6))
        assert server.requests == pages[-1].units_spent == 6
    assert pages[-1].ending is Ending.UNITS
    assert pages[-1].replies_left_out > 0
    assert not pages[-1].is_whole


def test_at_most_four_requests_run_at_once() -> None:
    with ReplayServer(ReplayOptions(latency_ms=50)) as server:
        list(client_of(server.endpoint).pages("size0001000", max_comments=400))
        assert server.most_at_once == 4


def test_a_stop_before_the_start_sends_nothing() -> None:
    stop = threading.Event()
    stop.set()
    with ReplayServer() as server:
        (one,) = client_of(server.endpoint).pages(VIDEO, stop=stop)
        assert server.requests == 0
    assert (one.comments, one.ending, one.units_spent) == ((), Ending.STOPPED, 0)


def test_a_stop_between_pages_sends_nothing_more() -> None:
    stop = threading.Event()
    with ReplayServer() as server:
        pages = client_of(server.endpoint).pages("size0001000", stop=stop)
        first = next(pages)
        spent = server.requests
        stop.set()
        (last,) = pages
        assert server.requests == spent
    assert (last.comments, last.ending) == ((), Ending.STOPPED)
    # Its replies were not asked for: who goes on must begin with the same page.
    assert (last.page_token, last.is_whole) == (first.page_token, False)


def test_a_stop_does_not_wait_for_a_request_on_its_way() -> None:
    stop = threading.Event()
    with ReplayServer(ReplayOptions(latency_ms=8_000)) as server:
        timer = threading.Timer(0.2, stop.set)
        timer.start()
        started_at_s = time.monotonic()
        (one,) = client_of(server.endpoint).pages(VIDEO, stop=stop)
        assert time.monotonic() - started_at_s < SOON_S
        timer.join()
    assert (one.ending, one.units_spent) == (Ending.STOPPED, 1)


def test_a_stop_among_replies_gives_the_page_and_sends_no_more() -> None:
    stop = threading.Event()

    def spend(_units: int) -> None:
        spent.append(1)
        if len(spent) == 4:
            stop.set()

    spent: list[int] = []
    with ReplayServer(ReplayOptions(latency_ms=100)) as server:
        first, last = client_of(server.endpoint).pages("size0001000", spend=spend, stop=stop)
        assert last.units_spent == len(spent) == 4
        time.sleep(0.3)
        assert server.requests <= 4
    assert first.comments
    assert (last.ending, last.is_whole) == (Ending.STOPPED, False)
    assert last.replies_left_out > 0


def test_a_stop_ends_a_wait_between_retries() -> None:
    stop = threading.Event()
    with scripted([refusal(503, "backendError")]) as server:
        timer = threading.Timer(0.2, stop.set)
        timer.start()
        started_at_s = time.monotonic()
        (one,) = client_of(server.endpoint, backoff_s=20).pages(VIDEO, stop=stop)
        assert time.monotonic() - started_at_s < SOON_S
        timer.join()
    assert one.ending is Ending.STOPPED
    assert len(server.seen) == 1


def test_a_walk_that_is_dropped_sends_nothing_more() -> None:
    with ReplayServer() as server:
        pages = client_of(server.endpoint).pages("size0001000")
        next(pages)
        spent = server.requests
        pages.close()
        assert server.requests == spent


def test_time_that_runs_out_between_pages_is_told() -> None:
    with scripted([page(thread("a"), token="t")]) as server:
        pages = client_of(server.endpoint).pages(VIDEO, deadline_s=0.3)
        next(pages)
        time.sleep(0.35)
        (last,) = pages
    assert (last.comments, last.ending, last.next_page_token) == ((), Ending.TIME, "t")
