"""The made-up videos that behave in a way of their own, by id.

Owns the reserved ids; every other id of 11 characters is a well-behaved video.
"""

from __future__ import annotations

import re

FAULTS = {
    "noComments_": "commentsDisabled",
    "privateVid_": "forbidden",
    "missingVid_": "videoNotFound",
    "noThreads__": "commentThreadNotFound",
    "noChannel__": "channelNotFound",
    "overQuota__": "quotaExceeded",
    "tooFastReq_": "rateLimitExceeded",
    "cantRead___": "processingFailure",
    "serverDown_": "backendError",
}
"""Ids and the reason with which the stand-in refuses to list their comments."""

EMPTY_VIDEO_ID = "emptyVideo_"
LIVE_VIDEO_ID = "liveStream_"
SHORT_PAGES_VIDEO_ID = "twentyPage_"
"""Gives 20 threads a page whatever is asked, as YouTube did in October 2023."""

SAME_TOKEN_VIDEO_ID = "sameToken__"  # noqa: S105 - no secret
"""Its second page gives the token that asked for it, for ever."""

BROKEN_PAGE_VIDEO_ID = "brokenPage_"
"""Its second page ends in the middle of the JSON."""

SIZES = {
    EMPTY_VIDEO_ID: 0,
    LIVE_VIDEO_ID: 300,
    SHORT_PAGES_VIDEO_ID: 300,
    SAME_TOKEN_VIDEO_ID: 500,
    BROKEN_PAGE_VIDEO_ID: 500,
}
"""Comments of the reserved ids that have some."""

SHORT_PAGE_SIZE = 20

_SIZED = re.compile(r"size([0-9]{7})")
_SERIES = re.compile(r"(?:plain|slang)[0-9]{6}")
_SERIES_SIZE = 60
_QUOTA = re.compile(r"quota([0-9]{6})")
_QUOTA_VIDEO_SIZE = 1_000


def comments_ordered(video_id: str) -> int | None:
    """Return how many comments an id orders, of a series or reserved; None is neither."""
    sized = _SIZED.fullmatch(video_id)
    if sized is not None:
        return int(sized[1])
    if _SERIES.fullmatch(video_id):
        return _SERIES_SIZE
    return _QUOTA_VIDEO_SIZE if _QUOTA.fullmatch(video_id) else SIZES.get(video_id)


def speaks_slang(video_id: str) -> bool:
    """Tell whether a video is of the series whose comments are in another register."""
    return video_id.startswith("slang") and _SERIES.fullmatch(video_id) is not None


def pages_before_quota(video_id: str) -> int | None:
    """Return after how many pages `quotaNNNNNN` says that the quota is spent; None is never."""
    ordered = _QUOTA.fullmatch(video_id)
    return None if ordered is None else int(ordered[1])
