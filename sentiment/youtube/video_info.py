"""What `videos.list` says of a video. Imports no HTTP library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sentiment.youtube.answer_fields import count_of, encodable, mapping_of, mappings_of


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A video, without its comments.

    Attributes:
        video_id: the 11 characters.
        title: as its owner wrote it; None where YouTube gives none.
        comment_count: comments and replies by YouTube's count, which may be late and may
            include some that nobody can read; None when comments are switched off.
        is_live: whether it is being broadcast now; an announced broadcast is not live.
    """

    video_id: str
    title: str | None
    comment_count: int | None
    is_live: bool


def read_video_info(answer: Mapping[str, object], *, video_id: str) -> VideoInfo | None:
    """Read an answer of `videos.list`; odd fields never raise.

    Args:
        answer: the decoded JSON object.
        video_id: the video that was asked for.

    Returns:
        What is known of the video; None when the answer does not hold it.
    """
    for item in mappings_of(answer.get("items")):
        if item.get("id") == video_id:
            snippet = mapping_of(item.get("snippet"))
            statistics = mapping_of(item.get("statistics"))
            title = snippet.get("title")
            return VideoInfo(
                video_id=video_id,
                title=encodable(title) if isinstance(title, str) and title else None,
                comment_count=count_of(statistics.get("commentCount")),
                is_live=snippet.get("liveBroadcastContent") == "live",
            )
    return None
