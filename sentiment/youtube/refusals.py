"""What the Data API answers instead of comments, and which of our errors says it.

Owns the table from YouTube's reasons to error classes. Imports no HTTP library: it is given a
status and a body. Never given the API key, so that no message can hold it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sentiment import errors
from sentiment.youtube.quota import describe_reset

_TAG = re.compile(r"<[^<>]*>")
_MAX_DETAIL_CHARACTERS = 300
_RETRIED_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer without comments.

    Attributes:
        error: what to raise.
        retry: whether asking again may help.
    """

    error: errors.YouTubeError
    retry: bool


@dataclass(frozen=True, slots=True)
class _Meaning:
    error_class: type[errors.YouTubeError]
    message: str
    hint: str | Callable[[], str]


def _quota_hint() -> str:
    return (
        f"The quota starts anew at {describe_reset(datetime.now(UTC))}; "
        "try again then, or ask Google for a larger one."
    )


_KEY_REFUSED = _Meaning(
    errors.ApiKeyInvalidError,
    "YouTube refuses the configured API key.",
    "Check YOUTUBE_API_KEY: it must exist, be unrestricted for this server, and belong to a "
    "project in which the YouTube Data API v3 is enabled.",
)
_QUOTA = _Meaning(
    errors.QuotaExceededError, "The day's quota of the YouTube Data API is spent.", _quota_hint
)
_RATE = _Meaning(
    errors.YouTubeRateLimitError,
    "YouTube asks for fewer requests a minute.",
    "Wait a minute and try again.",
)
_PROCESSING = _Meaning(
    errors.YouTubeProcessingError,
    "YouTube could not process the request for comments.",
    "Try again; when it persists, the video or the page can't be read through the Data API.",
)
_FORBIDDEN = _Meaning(
    errors.VideoForbiddenError,
    "The video is private: its comments can't be read.",
    "Choose a public video.",
)
_THREAD_NOT_FOUND = _Meaning(
    errors.CommentThreadNotFoundError,
    "YouTube knows no such comment thread.",
    "It may have been removed; ask for the video's comments again.",
)
_UNAVAILABLE_HINT = "Try again in some minutes; nothing is wrong with the video."

_MEANINGS: dict[str, _Meaning] = {
    "commentsDisabled": _Meaning(
        errors.CommentsDisabledError,
        "Comments are switched off for this video.",
        "Choose another video.",
    ),
    "quotaExceeded": _QUOTA,
    "dailyLimitExceeded": _QUOTA,
    "forbidden": _FORBIDDEN,
    "insufficientPermissions": _FORBIDDEN,
    "videoNotFound": _Meaning(
        errors.VideoNotFoundError,
        "YouTube knows no such video.",
        "Check the address; the video may have been removed.",
    ),
    "commentThreadNotFound": _THREAD_NOT_FOUND,
    "commentNotFound": _THREAD_NOT_FOUND,
    "channelNotFound": _Meaning(
        errors.ChannelNotFoundError,
        "YouTube knows no such channel.",
        "Check the address; the channel may have been removed.",
    ),
    "keyInvalid": _KEY_REFUSED,
    "keyExpired": _KEY_REFUSED,
    "accessNotConfigured": _KEY_REFUSED,
    "ipRefererBlocked": _KEY_REFUSED,
    "API_KEY_INVALID": _KEY_REFUSED,
    "API_KEY_SERVICE_BLOCKED": _KEY_REFUSED,
    "API_KEY_IP_ADDRESS_BLOCKED": _KEY_REFUSED,
    "API_KEY_HTTP_REFERRER_BLOCKED": _KEY_REFUSED,
    "CONSUMER_SUSPENDED": _KEY_REFUSED,
    "SERVICE_DISABLED": _KEY_REFUSED,
    "processingFailure": _PROCESSING,
    "invalidPageToken": _PROCESSING,
    "rateLimitExceeded": _RATE,
    "userRateLimitExceeded": _RATE,
}


def read_refusal(status: int, body: bytes) -> Refusal:
    """Return what an error answer means.

    Args:
        status: the HTTP status, anything but 200.
        body: the answer's body, of any shape.

    Returns:
        The error to raise, and whether asking again may help. Server faults (5xx) and rate
        limits may be asked again; spent quota and every refusal of the request may not.
    """
    reasons, detail = _reasons_and_detail(body)
    for reason in reasons:
        meaning = _MEANINGS.get(reason)
        if meaning is not None:
            hint = meaning.hint if isinstance(meaning.hint, str) else meaning.hint()
            error = meaning.error_class(meaning.message, hint=hint)
            return Refusal(error, retry=reason in _RETRIED_REASONS or status >= 500)
    if status == 429:
        return Refusal(_RATE.error_class(_RATE.message, hint=str(_RATE.hint)), retry=True)
    said = f": {detail.rstrip('.')}." if detail else "."
    return Refusal(
        errors.YouTubeUnavailableError(
            f"YouTube answered with status {status}{said}", hint=_UNAVAILABLE_HINT
        ),
        retry=status >= 500,
    )


def unreachable(problem: str) -> Refusal:
    """Return the refusal for a connection that failed; `problem` names what failed."""
    return Refusal(
        errors.YouTubeUnavailableError(
            f"YouTube could not be reached ({problem}).",
            hint="Check the network and try again.",
        ),
        retry=True,
    )


def too_slow() -> Refusal:
    """Return the refusal for an answer that did not come within the fetch's time."""
    return Refusal(
        errors.YouTubeUnavailableError(
            "YouTube did not answer in the time that the fetch had.", hint=_UNAVAILABLE_HINT
        ),
        retry=False,
    )


def unlisted(video_id: str) -> Refusal:
    """Return the refusal for a list of videos without the one that was asked for."""
    return Refusal(
        errors.VideoNotFoundError(
            f"YouTube lists no video {video_id}.",
            hint="Check the address; the video may have been removed, or be private.",
        ),
        retry=False,
    )


def unreadable(problem: str) -> Refusal:
    """Return the refusal for an answer that is not what the Data API documents."""
    return Refusal(
        errors.YouTubeUnavailableError(
            f"YouTube's answer can't be read: {problem}.", hint=_UNAVAILABLE_HINT
        ),
        retry=False,
    )


def _reasons_and_detail(body: bytes) -> tuple[list[str], str]:
    """Return every reason in an error body, most specific first, and its message as plain text."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return [], ""
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return [], ""
    # A refused key is named in `details`, while `errors` says "badRequest" or "forbidden".
    entries = [*_dictionaries(error.get("details")), *_dictionaries(error.get("errors"))]
    reasons = [reason for entry in entries if isinstance(reason := entry.get("reason"), str)]
    message = error.get("message")
    return reasons, _plain(message) if isinstance(message, str) else ""


def _dictionaries(value: object) -> list[dict[str, object]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _plain(message: str) -> str:
    text = " ".join(html.unescape(_TAG.sub("", message)).split())
    return text[:_MAX_DETAIL_CHARACTERS]
