"""From what a person pastes to the eleven characters that name a video.

Standard library only.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from sentiment.errors import InvalidVideoIdError

_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_HOSTS = frozenset(
    {
        "youtube.com",
        "www.youtube.com",
        "m.youtube.com",
        "music.youtube.com",
        "gaming.youtube.com",
        "youtube-nocookie.com",
        "www.youtube-nocookie.com",
    }
)
_SHORT_HOSTS = frozenset({"youtu.be", "www.youtu.be"})
_PATHS_BEFORE_ID = frozenset({"shorts", "live", "embed", "v", "e", "watch"})
# As long as an id and in its place: the players of a playlist and of a channel.
_EMBEDDED_PLAYERS = frozenset({"videoseries", "live_stream"})
_MAX_ADDRESS_CHARACTERS = 2_000
_SHOWN_CHARACTERS = 80


def parse_video_id(text: str) -> str:
    """Return the video id that `text` is or holds.

    Args:
        text: an id, or an address of a video on YouTube (watch, shorts, live, embed, youtu.be),
            with or without scheme and further parameters.

    Returns:
        The 11 characters of the video's id.

    Raises:
        InvalidVideoIdError: `text` is neither.
    """
    candidate = text.strip()
    if _VIDEO_ID.fullmatch(candidate):
        return candidate
    found = _id_in_address(candidate) if len(candidate) <= _MAX_ADDRESS_CHARACTERS else None
    if found is not None and _VIDEO_ID.fullmatch(found):
        return found
    raise InvalidVideoIdError(
        f"Wanted a YouTube video id or address, found {_shortened(text)}.",
        hint="Give the 11 characters of the id, or an address such as "
        "https://www.youtube.com/watch?v=VIDEO_ID.",
    )


def _id_in_address(address: str) -> str | None:
    if not _SCHEME.match(address):
        address = f"https://{address.removeprefix('//')}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:  # a malformed IPv6 host
        return None
    segments = [segment for segment in parts.path.split("/") if segment]
    if host in _SHORT_HOSTS:
        return next(iter(segments), None)
    if host not in _HOSTS:
        return None
    if len(segments) >= 2 and segments[0] == "embed" and segments[1] in _EMBEDDED_PLAYERS:
        return None
    if len(segments) >= 2 and segments[0] in _PATHS_BEFORE_ID:
        return segments[1]
    return parse_qs(parts.query).get("v", [None])[0] if segments == ["watch"] else None


def _shortened(text: str) -> str:
    shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
    # A lone surrogate can't be printed: ascii() shows what repr() would choke on.
    return repr(shown) if shown.isprintable() else ascii(shown)
