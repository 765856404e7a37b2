"""Replies that a fetch could not bring are brought by the next; no video is whole without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sentiment.serving.wire_analysis import AnalyzeBody
from sentiment.store import Store, open_store
from tests.serving.analysing import analyse
from tests.youtube.scripted import Answer, Seen, as_json, page, refusal, served, thread

VIDEO = "dQw4w9WgXcQ"
PAGES = 3
THREADS_A_PAGE = 10
REPLIES = 6
WHOLE = PAGES * THREADS_A_PAGE + REPLIES


def id_of(number: int) -> str:
    return f"t{number:02d}"


@dataclass
class Video:
    """Three pages of ten threads, newest first; one thread has six replies, embedded nowhere.

    Attributes:
        parent: number of that thread.
        fails: whether YouTube can't process requests for its replies.
        forbids: whether YouTube refuses its replies for good.
        asked: the last part of each address that was asked for.
    """

    parent: int
    fails: bool = False
    forbids: bool = False
    asked: list[str] = field(default_factory=list)

    def answer_to(self, request: Seen) -> Answer:
        kind = request.path.rpartition("/")[2]
        self.asked.append(kind)
        if kind == "comments" and self.forbids:
            return refusal(400, "forbidden")
        if kind == "comments":
            return refusal(400, "processingFailure") if self.fails else self._replies()
        if kind == "videos":
            return as_json({"items": [{"id": VIDEO, "snippet": {"title": "t"}, "statistics": {}}]})
        number = int(request.query.get("pageToken", "0"))
        first = number * THREADS_A_PAGE
        threads = map(self._thread, range(first, first + THREADS_A_PAGE))
        return page(*threads, token=None if number == PAGES - 1 else str(number + 1))

    def _thread(self, number: int) -> dict[str, Any]:
        published = f"2026-01-01T00:{59 - number:02d}:00Z"
        resource = thread(id_of(number), "a great video", publishedAt=published)
        resource["snippet"]["totalReplyCount"] = REPLIES if number == self.parent else 0
        return resource

    def _replies(self) -> Answer:
        parent_id = id_of(self.parent)
        snippet = {"textOriginal": "yes", "parentId": parent_id}
        numbers = range(REPLIES)
        return as_json(
            {"items": [{"id": f"{parent_id}.{one}", "snippet": snippet} for one in numbers]}
        )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


def said(body: AnalyzeBody) -> tuple[int, bool, list[str]]:
    return body.fetched, body.complete, [str(reason) for reason in body.reasons]


def is_complete(store: Store) -> bool:
    record = store.video(VIDEO)
    assert record is not None
    return record.complete


def test_replies_that_youtube_counts_and_keeps_back_are_named_while_a_result_is_fresh(
    store: Store,
) -> None:
    with served(Video(parent=4, forbids=True).answer_to) as endpoint:
        for _ in range(3):
            body = analyse(store, endpoint, VIDEO, fresh=timedelta(hours=1))
            assert said(body) == (WHOLE - REPLIES, True, ["replies_left_out"])
            assert body.replies_left_out == REPLIES


def test_replies_that_the_count_left_out_on_the_last_page_are_fetched_next(store: Store) -> None:
    n_threads = PAGES * THREADS_A_PAGE
    with served(Video(parent=n_threads - 1).answer_to) as endpoint:
        cut = analyse(store, endpoint, VIDEO, max_comments=n_threads)
        assert said(cut) == (n_threads, False, ["max_comments"])
        assert said(analyse(store, endpoint, VIDEO)) == (WHOLE, True, [])


@pytest.mark.parametrize("parent", [4, 14, 24])
def test_replies_that_youtube_could_not_process_are_fetched_next(store: Store, parent: int) -> None:
    video = Video(parent, fails=True)
    with served(video.answer_to) as endpoint:
        for _ in range(2):
            failed = analyse(store, endpoint, VIDEO)
            assert said(failed) == (WHOLE - REPLIES, False, ["replies_left_out"])
            assert not is_complete(store)
        video.fails = False
        assert said(analyse(store, endpoint, VIDEO)) == (WHOLE, True, [])
    assert is_complete(store)


def test_new_replies_that_youtube_could_not_process_leave_the_rest_as_it_is(store: Store) -> None:
    video = Video(parent=PAGES * THREADS_A_PAGE)  # none of them
    with served(video.answer_to) as endpoint:
        analyse(store, endpoint, VIDEO)
        video.parent, video.fails = 4, True
        video.asked.clear()
        failed = analyse(store, endpoint, VIDEO)
        assert said(failed) == (WHOLE - REPLIES, False, ["replies_left_out"])
        assert video.asked.count("commentThreads") == 1
        video.fails = False
        assert said(analyse(store, endpoint, VIDEO)) == (WHOLE, True, [])


@pytest.mark.parametrize("parent", [4, 14, 24])
def test_replies_that_youtube_could_not_process_are_missing_by_relevance_too(
    store: Store, parent: int
) -> None:
    with served(Video(parent, fails=True).answer_to) as endpoint:
        failed = analyse(store, endpoint, VIDEO, order="relevance")
    assert said(failed) == (WHOLE - REPLIES, False, ["replies_left_out"])
