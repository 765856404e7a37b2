"""From a page of the Data API's JSON to `Comment`s.

Owns what is kept of an answer: id, text, likes, time, parent. Author names, channels and
pictures are dropped here and go no further. Imports no HTTP library.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sentiment.comments import Comment

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where YouTube gives no readable time."""

_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# The tags that `textDisplay` holds; its text is escaped, so that "<3" can't match.
_TAG = re.compile(r"</?(?:a|b|i|s|u|span)(?:\s[^<>]*)?>", re.IGNORECASE)
_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class CommentPage:
    """One page of a video's comments.

    Attributes:
        comments: each top-level comment followed by the replies that its thread embeds.
        next_page_token: asks for the page after this one; None on the last page.
        replies_left_out: replies that the threads count but do not embed.
    """

    comments: tuple[Comment, ...]
    next_page_token: str | None
    replies_left_out: int


def read_thread_page(answer: Mapping[str, object], *, video_id: str) -> CommentPage:
    """Read an answer of `commentThreads.list`. Total: missing or odd fields never raise.

    A comment without id is skipped; without text it is empty; without readable time it
    carries `UNKNOWN_TIME`.

    Args:
        answer: the decoded JSON object.
        video_id: the video that was asked for.

    Returns:
        The comments in YouTube's order, at most once each.
    """
    comments: dict[str, Comment] = {}
    replies_left_out = 0
    for thread in _mappings(answer.get("items")):
        snippet = _mapping(thread.get("snippet"))
        top = read_comment(_mapping(snippet.get("topLevelComment")), video_id=video_id)
        if top is None:
            continue
        comments.setdefault(top.id, top)
        embedded = 0
        for resource in _mappings(_mapping(thread.get("replies")).get("comments")):
            reply = read_comment(resource, video_id=video_id, parent_id=top.id)
            if reply is not None:
                comments.setdefault(reply.id, reply)
                embedded += 1
        replies_left_out += max(0, _count(snippet.get("totalReplyCount")) - embedded)
    token = answer.get("nextPageToken")
    return CommentPage(
        comments=tuple(comments.values()),
        next_page_token=token if isinstance(token, str) and token else None,
        replies_left_out=replies_left_out,
    )


def read_comment(
    resource: Mapping[str, object], *, video_id: str, parent_id: str | None = None
) -> Comment | None:
    """Read one comment resource.

    Args:
        resource: the decoded JSON object.
        video_id: the video that was asked for.
        parent_id: id of the comment it replies to, where the resource does not say.

    Returns:
        The comment, or None when it has no id.
    """
    comment_id = resource.get("id")
    if not isinstance(comment_id, str) or not comment_id:
        return None
    snippet = _mapping(resource.get("snippet"))
    stated_parent = snippet.get("parentId")
    return Comment(
        id=comment_id,
        video_id=video_id,
        text=_text(snippet),
        like_count=_count(snippet.get("likeCount")),
        published_at=_time(snippet.get("publishedAt")) or UNKNOWN_TIME,
        parent_id=stated_parent if isinstance(stated_parent, str) and stated_parent else parent_id,
    )


def plain_text(text_display: str) -> str:
    """Return `textDisplay` without its HTML: tags dropped, breaks kept, entities decoded."""
    return html.unescape(_TAG.sub("", _LINE_BREAK.sub("\n", text_display)))


def _text(snippet: Mapping[str, object]) -> str:
    original = snippet.get("textOriginal")
    if isinstance(original, str) and original:
        return _without_lone_surrogates(original)
    display = snippet.get("textDisplay")
    return _without_lone_surrogates(plain_text(display)) if isinstance(display, str) else ""


def _without_lone_surrogates(text: str) -> str:
    """Replace halves of a broken emoji, which no UTF-8 answer of ours could carry."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _count(value: object) -> int:
    """Return a count that YouTube gives as a number or, in statistics, as a string of digits."""
    if isinstance(value, int):
        return max(0, value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return 0


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else _NOTHING


def _mappings(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))
