"""From a page of the Data API's JSON to `Comment`s.

Owns what is kept of an answer: id, text, likes, time, parent. Author names, channels and
pictures are dropped here and go no further. Imports no HTTP library.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sentiment.comments import Comment
from sentiment.youtube.answer_fields import (
    count_of,
    encodable,
    mapping_of,
    mappings_of,
    time_of,
)

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where YouTube gives no readable time."""

_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# The tags that `textDisplay` holds; its text is escaped, so that "<3" can't match.
_TAG = re.compile(r"</?(?:a|b|i|s|u|span)(?:\s[^<>]*)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Version:
    """A comment as one answer has it.

    Attributes:
        comment: what is kept of it.
        updated_at: when it was last edited, or written; `UNKNOWN_TIME` where that is unreadable.
    """

    comment: Comment
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A top-level comment and what its answer says of its replies.

    Attributes:
        top: the comment that started it.
        embedded: the replies that stand in the answer, five at most.
        reply_count: how many replies YouTube counts, at least those embedded.
    """

    top: Version
    embedded: tuple[Version, ...]
    reply_count: int


def read_threads(
    answer: Mapping[str, object], *, video_id: str
) -> tuple[list[Thread], str | None] | None:
    """Read an answer of `commentThreads.list`. Missing or odd fields never raise.

    A comment without id is skipped; without text it is empty; without readable time it
    carries `UNKNOWN_TIME`.

    Args:
        answer: the decoded JSON object.
        video_id: the video that was asked for.

    Returns:
        The threads in YouTube's order, and the token of the next page, None on the last one;
        None instead of both when the answer is no list.
    """
    if not _is_list(answer):
        return None
    threads: list[Thread] = []
    for item in mappings_of(answer.get("items")):
        snippet = mapping_of(item.get("snippet"))
        top = read_version(mapping_of(snippet.get("topLevelComment")), video_id=video_id)
        if top is None:
            continue
        parent_id = top.comment.id
        embedded = tuple(
            reply
            for resource in mappings_of(mapping_of(item.get("replies")).get("comments"))
            if (reply := read_version(resource, video_id=video_id, parent_id=parent_id))
        )
        counted = count_of(snippet.get("totalReplyCount")) or 0
        threads.append(Thread(top, embedded, max(counted, len(embedded))))
    return threads, _next_page_token(answer)


def read_replies(
    answer: Mapping[str, object], *, video_id: str, parent_id: str
) -> tuple[list[Version], str | None] | None:
    """Read an answer of `comments.list`; as total as `read_threads`.

    Args:
        answer: the decoded JSON object.
        video_id: the video of the thread.
        parent_id: the thread that was asked for.

    Returns:
        The replies in YouTube's order, and the token of the next page, None on the last one;
        None instead of both when the answer is no list.
    """
    if not _is_list(answer):
        return None
    read = (
        read_version(resource, video_id=video_id, parent_id=parent_id)
        for resource in mappings_of(answer.get("items"))
    )
    return [version for version in read if version], _next_page_token(answer)


def read_version(
    resource: Mapping[str, object], *, video_id: str, parent_id: str | None = None
) -> Version | None:
    """Read one comment resource.

    Args:
        resource: the decoded JSON object.
        video_id: the video that was asked for.
        parent_id: id of the comment it replies to, where the resource does not say.

    Returns:
        The comment with its time of change, or None when it has no id.
    """
    comment_id = resource.get("id")
    if not isinstance(comment_id, str) or not comment_id:
        return None
    snippet = mapping_of(resource.get("snippet"))
    stated_parent = snippet.get("parentId")
    published_at = time_of(snippet.get("publishedAt")) or UNKNOWN_TIME
    comment = Comment(
        id=comment_id,
        video_id=video_id,
        text=_text(snippet),
        like_count=count_of(snippet.get("likeCount")) or 0,
        published_at=published_at,
        parent_id=stated_parent if isinstance(stated_parent, str) and stated_parent else parent_id,
    )
    return Version(comment, time_of(snippet.get("updatedAt")) or published_at)


def merge_versions(versions: Iterable[Version]) -> list[Version]:
    """Return each comment once, at its first place, as it was last edited.

    Args:
        versions: in the order in which they were read; of equal times the later one wins.
    """
    latest: dict[str, Version] = {}
    for version in versions:
        known = latest.get(version.comment.id)
        if known is None or version.updated_at >= known.updated_at:
            latest[version.comment.id] = version
    return list(latest.values())


def plain_text(text_display: str) -> str:
    """Return `textDisplay` without its HTML: tags dropped, breaks kept, entities decoded."""
    return html.unescape(_TAG.sub("", _LINE_BREAK.sub("\n", text_display)))


def _text(snippet: Mapping[str, object]) -> str:
    original = snippet.get("textOriginal")
    if isinstance(original, str) and original:
        return encodable(original)
    display = snippet.get("textDisplay")
    return encodable(plain_text(display)) if isinstance(display, str) else ""


def _is_list(answer: Mapping[str, object]) -> bool:
    """Tell a list, an empty one included, from an answer that is something else."""
    items = answer.get("items", [] if isinstance(answer.get("kind"), str) else None)
    return isinstance(items, list)


def _next_page_token(answer: Mapping[str, object]) -> str | None:
    token = answer.get("nextPageToken")
    return token if isinstance(token, str) and token else None
