"""When a video's title and number of comments are asked for, and what is written down of them.

Owns what counts as recent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sentiment.store.records import VideoRecord
from sentiment.youtube.video_info import VideoInfo

_LASTS = timedelta(hours=1)
_CLOCKS_DIFFER = timedelta(seconds=5)
"""By so much, at most, where processes share a store. What is further ahead is a wrong clock's."""


def is_recent(moment: datetime, *, now: datetime, within: timedelta) -> bool:
    """Tell whether something happened just now; never of what is said to happen in the future.

    Args:
        moment: when, with time zone.
        now: with time zone.
        within: how long ago it may be.
    """
    return -_CLOCKS_DIFFER <= now - moment < within


def wants_info(record: VideoRecord | None, *, now: datetime) -> bool:
    """Tell whether title and number of comments are not known, or are old.

    Args:
        record: what is known of the video; None where nothing is.
        now: with time zone.
    """
    if record is None or record.looked_up_at is None:
        return True
    return not is_recent(record.looked_up_at, now=now, within=_LASTS)


def with_info(record: VideoRecord, info: VideoInfo, *, looked_up_at: datetime) -> VideoRecord:
    """Return what is known of a video once it was looked up.

    Args:
        record: what was known before.
        info: what YouTube says.
        looked_up_at: when it said so, with time zone.
    """
    return replace(
        record, title=info.title, comment_count=info.comment_count, looked_up_at=looked_up_at
    )
