"""The Data API's JSON, as real answers have it, for made-up comments and for refusals.

Owns key names and order, escaping and error bodies. Imports no HTTP library.
"""

from __future__ import annotations

import hashlib
import html
import re
from typing import Any

from sentiment.youtube.replay_cases import FAULTS, LIVE_VIDEO_ID
from sentiment.youtube.replay_video import (
    MAX_EMBEDDED_REPLIES,
    MadeUpComment,
    MadeUpVideo,
    thread_id,
)

Json = dict[str, Any]

_LINK = re.compile(r"https?://[^\s<>&]+")
_TIME_STAMP = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?![\d:])")
_CHANNEL_IS_GONE = 97
_TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

_VIDEO_PARAMETER = (
    'The video identified by the <code><a href="/youtube/v3/docs/commentThreads/list#videoId">'
    "videoId</a></code> parameter"
)
_QUOTA_LINK = '<a href="/youtube/v3/getting-started#quota">quota</a>'
_REFUSALS: dict[str, tuple[int, str, str]] = {
    "commentsDisabled": (
        403,
        "youtube.commentThread",
        f"{_VIDEO_PARAMETER} has disabled comments.",
    ),
    "forbidden": (
        403,
        "youtube.commentThread",
        "One or more of the requested comment threads cannot be retrieved.",
    ),
    "videoNotFound": (404, "youtube.commentThread", f"{_VIDEO_PARAMETER} could not be found."),
    "commentThreadNotFound": (
        404,
        "youtube.commentThread",
        "One or more of the specified comment threads cannot be found.",
    ),
    "channelNotFound": (
        404,
        "youtube.commentThread",
        "The channel identified by the <code>channelId</code> parameter could not be found.",
    ),
    "commentNotFound": (404, "youtube.comment", "The specified comments could not be found."),
    "quotaExceeded": (
        403,
        "youtube.quota",
        f"The request cannot be completed because you have exceeded your {_QUOTA_LINK}.",
    ),
    "rateLimitExceeded": (403, "usageLimits", "Rate Limit Exceeded"),
    "keyInvalid": (400, "usageLimits", "Bad Request"),
    "processingFailure": (
        400,
        "youtube.commentThread",
        "The API server failed to successfully process the request.",
    ),
    "invalidPageToken": (
        400,
        "youtube.parameter",
        "The request specifies an invalid page token.",
    ),
    "missingRequiredParameter": (
        400,
        "youtube.parameter",
        "No filter selected. Expected one of: id, videoId, parentId",
    ),
    "invalidParameter": (400, "youtube.parameter", "Invalid value."),
    "backendError": (503, "youtube.api", "Backend Error"),
}


def refusal(reason: str) -> tuple[int, Json]:
    """Return the HTTP status and the body with which the Data API refuses for `reason`."""
    status, domain, message = _REFUSALS[reason]
    entry = {"message": message, "domain": domain, "reason": reason}
    if domain == "youtube.commentThread" and reason != "processingFailure":
        entry |= {"location": "videoId", "locationType": "parameter"}
    return status, {"error": {"code": status, "message": message, "errors": [entry]}}


def thread_resource(video: MadeUpVideo, thread: int, *, parts: set[str], as_html: bool) -> Json:
    """Return a `commentThread`; its replies stand in it when `parts` asks and it has any."""
    top = video.thread(thread)
    replies = video.replies(thread)
    snippet = {
        "videoId": video.id,
        "topLevelComment": _comment(top, video_id=video.id, as_html=as_html),
        "canReply": True,
        "totalReplyCount": len(replies),
        "isPublic": True,
    }
    resource: Json = {"kind": "youtube#commentThread", "etag": _etag(top.id, "t"), "id": top.id}
    if "snippet" in parts:
        resource["snippet"] = snippet
    if "replies" in parts and replies:
        # Real threads embed five at most, and now and then fewer than they could.
        embedded = MAX_EMBEDDED_REPLIES - (1 if thread % 3 == 0 else 0)
        resource["replies"] = {
            "comments": [
                _comment(
                    video.reply(thread, reply), video_id=video.id, parent=top.id, as_html=as_html
                )
                for reply in replies[:embedded]
            ]
        }
    return resource


def reply_resource(video: MadeUpVideo, thread: int, reply: int, *, as_html: bool) -> Json:
    """Return a reply as `comments.list` gives it: without the video's id."""
    parent = thread_id(video.id, thread)
    return _comment(video.reply(thread, reply), video_id=None, parent=parent, as_html=as_html)


def video_resource(video: MadeUpVideo, *, parts: set[str]) -> Json:
    """Return a `video`; counts are strings, as the Data API gives them."""
    resource: Json = {"kind": "youtube#video", "etag": _etag(video.id, "v"), "id": video.id}
    if "snippet" in parts:
        resource["snippet"] = {
            "publishedAt": "2025-01-02T03:04:05Z",
            "channelId": f"UC{_etag(video.id, 'c')[:22]}",
            "title": video.title,
            "description": "This video does not exist: a stand-in of the Data API made it up.",
            "thumbnails": {},
            "channelTitle": "Made-up channel",
            "categoryId": "22",
            "liveBroadcastContent": "live" if video.id == LIVE_VIDEO_ID else "none",
        }
    if "statistics" in parts:
        resource["statistics"] = {
            "viewCount": str(video.comment_count * 41),
            "likeCount": str(video.comment_count * 3),
            "favoriteCount": "0",
        }
        # Real statistics say nothing of comments that are switched off.
        if FAULTS.get(video.id) != "commentsDisabled":
            resource["statistics"]["commentCount"] = str(video.comment_count)
    return resource


def list_response(kind: str, items: list[Json], *, page_info: Json, token: str | None) -> Json:
    """Return one page; `nextPageToken` is absent on the last one."""
    body: Json = {"kind": f"youtube#{kind}ListResponse", "etag": _etag(kind, str(len(items)))}
    if token is not None:
        body["nextPageToken"] = token
    return body | {"pageInfo": page_info, "items": items}


def _comment(
    comment: MadeUpComment, *, video_id: str | None, as_html: bool, parent: str | None = None
) -> Json:
    author = f"viewer{comment.author_number:04d}"
    channel = _etag(author, "a")[:22]
    snippet: Json = {} if video_id is None else {"videoId": video_id}
    snippet |= {
        "textDisplay": _display(comment.text, video_id) if as_html else comment.text,
        "textOriginal": comment.text,
    }
    if parent is not None:
        snippet["parentId"] = parent
    snippet |= {
        "authorDisplayName": f"@{author}",
        "authorProfileImageUrl": "https://yt3.example/avatar.jpg",
        "authorChannelUrl": f"http://www.youtube.com/channel/UC{channel}",
    }
    if comment.author_number % _CHANNEL_IS_GONE:
        snippet["authorChannelId"] = {"value": f"UC{channel}"}
    snippet |= {
        "canRate": True,
        "viewerRating": "none",
        "likeCount": comment.like_count,
        "publishedAt": comment.published_at.strftime(_TIME_FORMAT),
        "updatedAt": comment.updated_at.strftime(_TIME_FORMAT),
    }
    return {
        "kind": "youtube#comment",
        "etag": _etag(comment.id, "c"),
        "id": comment.id,
        "snippet": snippet,
    }


def _display(text: str, video_id: str | None) -> str:
    """Return the text as HTML: escaped, with breaks, links and time stamps made into tags."""
    shown = html.escape(text).replace("&#x27;", "&#39;").replace("\n", "<br>")
    shown = _LINK.sub(lambda match: f'<a href="{match[0]}">{match[0]}</a>', shown)
    return _TIME_STAMP.sub(
        lambda match: (
            f'<a href="https://www.youtube.com/watch?v={video_id or ""}'
            f'&amp;t={int(match[1])}m{match[2]}s">{match[0]}</a>'
        ),
        shown,
    )


def _etag(*names: str) -> str:
    digest = hashlib.blake2b("/".join(names).encode(), digest_size=20).hexdigest()
    return digest[:27]
