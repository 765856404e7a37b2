"""Pages of comments as `YouTubeClient` gives them, and threads for the server to answer with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sentiment.comments import Comment
from sentiment.youtube.client import CommentPage, YouTubeClient
from tests.youtube.scripted import thread

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
