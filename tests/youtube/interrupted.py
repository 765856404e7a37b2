"""A source of comments beside which something happens."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from sentiment.youtube.client import YouTubeClient
from sentiment.youtube.comment_page import CommentPage
from sentiment.youtube.video_info import VideoInfo


class InterruptedSource:
    """Gives a video's pages, and calls a function before one of them.

    Args:
        endpoint: of the stand-in that gives them.
        interrupt: is called once a walk.
        before_part: number of the page, or part of one, from 0.
    """

    def __init__(
        self, endpoint: str, interrupt: Callable[[], object], *, before_part: int = 0
    ) -> None:
        self._client = YouTubeClient(None, endpoint=endpoint, backoff_s=0.001)
        self._interrupt = interrupt
        self._before_part = before_part

    def pages(self, video_id: str, **options: Any) -> Generator[CommentPage, None, None]:
        for number, page in enumerate(self._client.pages(video_id, **options)):
            if number == self._before_part:
                self._interrupt()
            yield page

    def video_info(self, video_id: str, *, spend: Callable[[int], None]) -> VideoInfo:
        return self._client.video_info(video_id, spend=spend)
