"""What happens to made-up videos while the stand-in runs: comments arrive, change and go.

Owns the state; imports no HTTP library.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from sentiment.youtube.replay_cases import LIVE_VIDEO_ID
from sentiment.youtube.replay_video import VIDEO_ID, MadeUpVideo, thread_of, video_of


class ReplayChanges:
    """The changes to all videos. Thread-safe.

    Args:
        live_per_minute: top-level comments that the live video gets by itself, >= 0.
    """

    def __init__(self, *, live_per_minute: float = 0.0) -> None:
        self._live_per_minute = live_per_minute
        self._started_at_s = time.monotonic()
        self._changed: dict[str, MadeUpVideo] = {}
        self._lock = threading.Lock()

    def video(self, video_id: str) -> MadeUpVideo:
        """Return a video as it is now; `video_id` must be well-formed."""
        video = self._changed.get(video_id) or video_of(video_id)
        if video_id == LIVE_VIDEO_ID and self._live_per_minute > 0:
            minutes = (time.monotonic() - self._started_at_s) / 60
            arrived = int(minutes * self._live_per_minute)
            video = replace(video, arrivals=video.arrivals + arrived)
        return video

    def grow(self, video_id: str, n: int) -> bool:
        """Let `n` top-level comments (>= 0) arrive; return whether there is such a video."""
        if not VIDEO_ID.fullmatch(video_id):
            return False
        with self._lock:
            video = self._stored(video_id)
            self._changed[video_id] = replace(video, arrivals=video.arrivals + n)
        return True

    def answer(self, thread_id: str, n: int) -> bool:
        """Let `n` replies (>= 0) to a thread arrive; return whether there is such a thread."""
        with self._lock:
            named = thread_of(thread_id)
            if named is None or not self.video(named[0]).has_thread(named[1]):
                return False
            video_id, thread = named
            video = self._stored(video_id)
            arrived = video.reply_arrivals.get(thread, 0) + n
            self._changed[video_id] = replace(
                video, reply_arrivals={**video.reply_arrivals, thread: arrived}
            )
        return True

    def edit(self, comment_id: str, text: str) -> bool:
        """Give a comment another text; return whether there is such a comment."""
        with self._lock:
            found = self._find(comment_id)
            if found is None:
                return False
            video, _ = found
            edits = {**video.edits, comment_id: text}
            self._changed[video.id] = replace(video, edits=edits)
        return True

    def delete(self, comment_id: str) -> bool:
        """Delete a comment, a thread with its replies; return whether there is such a comment."""
        with self._lock:
            found = self._find(comment_id)
            if found is None:
                return False
            video, goes_with_it = found
            self._changed[video.id] = replace(
                video,
                deleted=video.deleted | {comment_id},
                deleted_count=video.deleted_count + goes_with_it,
            )
        return True

    def _stored(self, video_id: str) -> MadeUpVideo:
        return self._changed.get(video_id) or video_of(video_id)

    def _find(self, comment_id: str) -> tuple[MadeUpVideo, int] | None:
        """Return the comment's video, and how many comments go when it is deleted."""
        parent_id, _, reply_name = comment_id.partition(".")
        named = thread_of(parent_id)
        if named is None:
            return None
        video_id, thread = named
        if not self.video(video_id).has_thread(thread):
            return None
        video = self._stored(video_id)
        replies = video.replies(thread)
        if not reply_name:
            return video, 1 + len(replies)
        is_there = any(video.reply(thread, reply).id == comment_id for reply in replies)
        return (video, 1) if is_there else None
