from __future__ import annotations

import json
from pathlib import Path

import pytest

from sentiment import errors
from sentiment.youtube.refusals import read_refusal


def body_of(reason: str, message: str = "Said <a href='/x'>so</a>.") -> bytes:
    return json.dumps({"error": {"message": message, "errors": [{"reason": reason}]}}).encode()


@pytest.mark.parametrize(
    ("status", "reason", "wanted", "retry"),
    [
        (403, "commentsDisabled", errors.CommentsDisabledError, False),
        (403, "quotaExceeded", errors.QuotaExceededError, False),
        (403, "dailyLimitExceeded", errors.QuotaExceededError, False),
        (403, "forbidden", errors.VideoForbiddenError, False),
        (404, "videoNotFound", errors.VideoNotFoundError, False),
        (404, "commentThreadNotFound", errors.CommentThreadNotFoundError, False),
        (404, "commentNotFound", errors.CommentThreadNotFoundError, False),
        (404, "channelNotFound", errors.ChannelNotFoundError, False),
        (400, "keyInvalid", errors.ApiKeyInvalidError, False),
        (400, "processingFailure", errors.YouTubeProcessingError, False),
        (403, "rateLimitExceeded", errors.YouTubeRateLimitError, True),
        (429, "somethingElse", errors.YouTubeRateLimitError, True),
        (500, "backendError", errors.YouTubeUnavailableError, True),
        (503, "backendError", errors.YouTubeUnavailableError, True),
        (302, "", errors.YouTubeUnavailableError, False),
        (400, "unheardOf", errors.YouTubeUnavailableError, False),
    ],
)
def test_read_refusal_gives_each_reason_its_class(
    status: int, reason: str, wanted: type[errors.YouTubeError], *, retry: bool
) -> None:
    refusal = read_refusal(status, body_of(reason))
    assert type(refusal.error) is wanted
    assert refusal.retry is retry
    assert refusal.error.message
    assert refusal.error.hint


def test_read_refusal_understands_a_key_refused_in_details() -> None:
    document = {
        "error": {
            "code": 400,
            "message": "API key not valid. Please pass a valid API key.",
            "errors": [{"reason": "badRequest"}],
            "details": [{"reason": "API_KEY_INVALID"}],
        }
    }
    refusal = read_refusal(400, json.dumps(document).encode())
    assert type(refusal.error) is errors.ApiKeyInvalidError


def test_read_refusal_says_when_the_quota_starts_anew() -> None:
    refusal = read_refusal(403, body_of("quotaExceeded"))
    assert "midnight Pacific time (" in refusal.error.hint


def test_read_refusal_strips_html_from_messages() -> None:
    message = "Wanted &lt;id&gt; in <code><a href='/y'>videoId</a></code>."
    refusal = read_refusal(400, body_of("unheardOf", message))
    assert refusal.error.message == "YouTube answered with status 400: Wanted <id> in videoId."


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>503</html>",
        b"\xff\xfe",
        b"[]",
        b'"x"',
        b'{"error": "no"}',
        b"[" * 100_000,
        b'{"error": {"message": 5, "errors": "x", "details": [1]}}',
    ],
)
def test_read_refusal_survives_any_body(body: bytes) -> None:
    refusal = read_refusal(503, body)
    assert type(refusal.error) is errors.YouTubeUnavailableError
    assert refusal.error.message == "YouTube answered with status 503."


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("error_400_keyInvalid.json", errors.ApiKeyInvalidError),
        ("error_403_commentsDisabled.json", errors.CommentsDisabledError),
        ("error_403_quotaExceeded.json", errors.QuotaExceededError),
        ("error_404_videoNotFound.json", errors.VideoNotFoundError),
    ],
)
def test_read_refusal_understands_real_bodies(
    shared_dir: Path, name: str, wanted: type[errors.YouTubeError]
) -> None:
    body = (shared_dir / "fixtures" / "youtube_api" / name).read_bytes()
    refusal = read_refusal(int(name.split("_")[1]), body)
    assert type(refusal.error) is wanted
    assert "<" not in str(refusal.error)
