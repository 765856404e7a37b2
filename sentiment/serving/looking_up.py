"""When a video's title and number of comments are asked for, and what is written down of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sentiment.store.records import VideoRecord
from sentiment.youtube.video_info import VideoInfo

_LASTS = timedelta(hours=1)


def wants_info(record: VideoRecord | None, *, now: datetime) -> bool:
    """Tell whether title and number of comments are not known, or are old.

    Args:
        record: what is known of the video; None where nothing is.
        now: with time zone.
    """
    if record is None or record.looked_up_at is None:
        return True
    return now - record.looked_up_at >= _LASTS


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
