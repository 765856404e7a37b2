"""What a client is told when something goes wrong: one table, one shape.

Owns the map from error class to status, code and `Retry-After`, and the reading of the
framework's own error bodies, which come as objects, lists and plain text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from sentiment import errors
from sentiment.serving.wire import ErrorBody, ErrorDetail, encodable
from sentiment.youtube.quota import next_reset

_SHOWN_FAILURES = 5
_SHOWN_CHARACTERS = 100
_SERVER_LOG = "Look at the server's log, or try again later."


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that is an error.

    Attributes:
        status: HTTP status, 400 to 599.
        code: stable word that programs may rely on.
        message: what was wanted and what was found.
        advice: what to do, possibly empty.
        retry_after_s: seconds after which trying again makes sense; None when it makes none.
    """

    status: int
    code: str
    message: str
    advice: str = ""
    retry_after_s: int | None = None

    def body(self) -> ErrorBody:
        """Return its one shape."""
        return ErrorBody(
            error=ErrorDetail(
                code=self.code, message=encodable(self.message), advice=encodable(self.advice)
            )
        )

    def response(self) -> Response:
        """Return the HTTP answer."""
        headers = {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}
        return Response(
            self.body().model_dump_json(),
            status_code=self.status,
            headers=headers,
            media_type="application/json",
        )


@dataclass(frozen=True, slots=True)
class _Row:
    status: int
    code: str
    retry_after_s: int | None = None
    public: bool = True  # False: the message speaks of the server's inside


_BY_CLASS: Mapping[type[errors.SentimentError], _Row] = {
    errors.InvalidVideoIdError: _Row(400, "invalid_video_id"),
    errors.CommentsDisabledError: _Row(403, "comments_disabled"),
    errors.VideoForbiddenError: _Row(403, "video_private"),
    errors.VideoNotFoundError: _Row(404, "video_not_found"),
    errors.CommentThreadNotFoundError: _Row(404, "comment_thread_not_found"),
    errors.ChannelNotFoundError: _Row(404, "channel_not_found"),
    errors.QuotaExceededError: _Row(429, "quota_exceeded", retry_after_s=3_600),
    errors.YouTubeUnavailableError: _Row(502, "youtube_unavailable", retry_after_s=10),
    errors.YouTubeError: _Row(502, "youtube_error"),
    errors.ApiKeyMissingError: _Row(503, "api_key_missing"),
    errors.ApiKeyInvalidError: _Row(503, "api_key_invalid"),
    errors.BusyError: _Row(503, "overloaded", retry_after_s=5),
    errors.NotStoredError: _Row(404, "not_stored"),
    errors.CommentUnknownError: _Row(404, "comment_unknown"),
    errors.StoreUnavailableError: _Row(503, "store_unavailable", retry_after_s=5, public=False),
    errors.StoreError: _Row(500, "store_error", public=False),
    errors.OutOfSpaceError: _Row(507, "out_of_space", public=False),
    errors.SwapUnderWayError: _Row(409, "swap_underway", retry_after_s=5),
    errors.SwapRefusedError: _Row(422, "bundle_refused"),
    errors.BundleError: _Row(503, "model_unavailable", public=False),
    errors.SentimentError: _Row(500, "internal_error", public=False),
}

# What is told instead of a message that speaks of the server's inside.
_INNER_MESSAGES = {
    "store_unavailable": "The service's store can't be reached.",
    "store_error": "The service's store failed.",
    "out_of_space": "The service has no room left to write.",
}

_BY_STATUS: Mapping[int, Problem] = {
    problem.status: problem
    for problem in (
        Problem(
            400,
            "invalid_request",
            "The request is not what was wanted.",
            "Send the JSON that /docs.json describes.",
        ),
        Problem(
            401,
            "unauthorized",
            "A bearer token is wanted; it is missing or wrong.",
            "Send the header `Authorization: Bearer TOKEN` with the server's token.",
        ),
        Problem(403, "forbidden", "The request is refused."),
        Problem(404, "not_found", "Nothing is here.", "Look up the paths in /docs.json."),
        Problem(
            405,
            "method_not_allowed",
            "This path does not take that method.",
            "Look up the path in /docs.json.",
        ),
        Problem(
            408,
            "too_slow",
            "The request did not arrive in time.",
            "Send it faster, or send fewer texts at a time.",
        ),
        Problem(
            413,
            "too_large",
            "The request's body is larger than this service takes.",
            "Send fewer texts at a time.",
        ),
        Problem(
            415,
            "unsupported_media_type",
            "The body must be JSON.",
            "Send the header `Content-Type: application/json`.",
        ),
        Problem(
            429,
            "too_many_requests",
            "The service has as many requests as it takes on at once.",
            "Wait a moment and send the request again.",
            1,
        ),
        # For the log and the counts alone: nobody is there to read it.
        Problem(499, "client_left", "The client left before its answer."),
        Problem(500, "internal_error", "The service failed.", _SERVER_LOG),
        Problem(
            503,
            "overloaded",
            "The service can't answer in time, or is not ready.",
            "Wait a moment and send the request again.",
            2,
        ),
        Problem(504, "timeout", "The service took too long.", "Ask for fewer comments at a time."),
    )
}


def problem_of_error(error: errors.SentimentError) -> Problem:
    """Return what a client is told of one of our errors; its class, else its parents, decide."""
    row = _row(type(error))
    if not row.public:
        message = _INNER_MESSAGES.get(row.code, "The service failed.")
        return Problem(row.status, row.code, message, _SERVER_LOG, row.retry_after_s)
    retry_after_s = row.retry_after_s
    if isinstance(error, errors.QuotaExceededError):
        retry_after_s = _seconds_to_reset() or retry_after_s
    return Problem(row.status, row.code, error.message, error.hint, retry_after_s)


def _seconds_to_reset() -> int | None:
    now = datetime.now(UTC)
    reset = next_reset(now)
    return None if reset is None else math.ceil((reset - now).total_seconds())


def problem_of_status(status: int, *, message: str = "") -> Problem:
    """Return what a client is told when all that is known is a status.

    Args:
        status: 400 to 599.
        message: replaces the general message when it says more.
    """
    general = _BY_STATUS.get(status) or _BY_STATUS[400 if status < 500 else 500]
    return Problem(
        status, general.code, message or general.message, general.advice, general.retry_after_s
    )


def problem_of_validation(error: ValidationError) -> Problem:
    """Return what a client is told of a request that is not what was wanted."""
    failures = error.errors(include_url=False, include_context=False, include_input=False)
    return problem_of_status(400, message=_validation_message({"detail": failures}))


def problem_of_rate(retry_after_s: int) -> Problem:
    """Return what a client is told that has sent too many requests.

    Args:
        retry_after_s: seconds after which its next request passes, > 0.
    """
    return Problem(
        429,
        "rate_limited",
        "This client has sent as many requests as it may in this time.",
        f"Wait {retry_after_s} s, or send more texts in one request.",
        retry_after_s,
    )


def problem_of_page(page: str) -> Problem:
    """Return what a client is told that is a web page and may not ask.

    Args:
        page: its origin, or what is known of it; as a browser sent it.
    """
    return Problem(
        403,
        "page_not_allowed",
        f"Web pages of {page[:_SHOWN_CHARACTERS]} may not use this service.",
        "Name their origin in SENTIMENT_ALLOWED_ORIGINS, or set SENTIMENT_API_TOKEN.",
    )


_OF_GUARD = (problem_of_rate(1), problem_of_page(""))


def status_and_code(kind: type[errors.SentimentError]) -> tuple[int, str]:
    """Return the status and the code with which a class of errors is told."""
    row = _row(kind)
    return row.status, row.code


def codes_of_status(status: int) -> list[str]:
    """Return the codes that any operation may give a status, whatever it does, sorted."""
    of_guard = {problem.code for problem in _OF_GUARD if problem.status == status}
    return sorted({problem_of_status(status).code} | of_guard)


def code_of_body(body: bytes) -> str | None:
    """Return the code within a body of our shape; None when it has another one."""
    document = _parsed(body)
    error = document.get("error") if isinstance(document, dict) else None
    is_ours = isinstance(error, dict) and {"code", "message", "advice"} <= error.keys()
    return str(error["code"]) if is_ours and isinstance(error, dict) else None


def problem_of_body(status: int, body: bytes) -> Problem | None:
    """Return what a client is told instead of an error body of the framework.

    Args:
        status: of the framework's answer.
        body: of the framework's answer, in any of its shapes.

    Returns:
        None when the body has our shape already.
    """
    if code_of_body(body) is not None:
        return None
    message = _validation_message(_parsed(body)) if status == 400 else ""
    return problem_of_status(status, message=message)


def _row(kind: type[errors.SentimentError]) -> _Row:
    return next(_BY_CLASS[parent] for parent in kind.__mro__ if parent in _BY_CLASS)


def _validation_message(document: Any) -> str:  # noqa: ANN401 - any JSON value
    failures = document.get("detail") if isinstance(document, dict) else None
    if not isinstance(failures, list) or not failures:
        return ""
    lines = [_failure(failure) for failure in failures[:_SHOWN_FAILURES]]
    hidden = len(failures) - len(lines)
    more = f"; and {hidden} more" if hidden else ""
    return f"The request is not what was wanted: {'; '.join(lines)}{more}."


def _failure(failure: Any) -> str:  # noqa: ANN401 - any JSON value
    if not isinstance(failure, dict):
        return "it is invalid"
    place = ".".join(str(part)[:40] for part in failure.get("loc", ())) or "body"
    return f"{place}: {failure.get('msg', 'it is invalid')}"


def _parsed(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(body)
    except ValueError:
        return None
