from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from sentiment import errors
from sentiment.serving.logs import quieten_refusals
from sentiment.serving.problems import (
    Problem,
    code_of_body,
    codes_of_status,
    problem_of_body,
    problem_of_error,
    problem_of_rate,
    problem_of_status,
    status_and_code,
)
from sentiment.youtube.quota import next_reset


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (errors.InvalidVideoIdError, 400, "invalid_video_id"),
        (errors.CommentsDisabledError, 403, "comments_disabled"),
        (errors.VideoForbiddenError, 403, "video_private"),
        (errors.VideoNotFoundError, 404, "video_not_found"),
        (errors.QuotaExceededError, 429, "quota_exceeded"),
        (errors.YouTubeUnavailableError, 502, "youtube_unavailable"),
        (errors.ApiKeyMissingError, 503, "api_key_missing"),
        (errors.ApiKeyInvalidError, 503, "api_key_invalid"),
        (errors.BusyError, 503, "overloaded"),
        (errors.CommentUnknownError, 404, "comment_unknown"),
    ],
)
def test_error_is_told_with_its_message_and_hint(
    kind: type[errors.SentimentError], status: int, code: str
) -> None:
    problem = problem_of_error(kind("What.", hint="Do."))
    assert (problem.status, problem.code) == (status, code)
    assert (problem.message, problem.advice) == ("What.", "Do.")


def test_a_spent_quota_is_worth_asking_again_when_the_next_day_begins() -> None:
    problem = problem_of_error(errors.QuotaExceededError("Spent."))
    now = datetime.now(UTC)
    reset = next_reset(now)
    assert reset is not None
    assert problem.retry_after_s is not None
    again = now + timedelta(seconds=problem.retry_after_s)
    assert timedelta() <= again - reset <= timedelta(seconds=2)


def test_every_error_of_the_tree_has_an_answer() -> None:
    pending = [errors.SentimentError]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        assert 400 <= problem_of_error(kind("x")).status <= 599


@pytest.mark.parametrize(
    ("kind", "status", "code", "helps_to_wait"),
    [
        (errors.StoreUnavailableError, 503, "store_unavailable", True),
        (errors.StoreError, 500, "store_error", False),
        (errors.OutOfSpaceError, 507, "out_of_space", False),
    ],
)
def test_store_is_told_apart(
    kind: type[errors.SentimentError], status: int, code: str, helps_to_wait: bool
) -> None:
    problem = problem_of_error(kind("x"))
    assert (problem.status, problem.code) == (status, code)
    assert (problem.retry_after_s is not None) == helps_to_wait


@pytest.mark.parametrize(
    "kind",
    [
        *(errors.BundleError, errors.InferenceError, errors.DataError),
        *(errors.StoreError, errors.StoreUnavailableError, errors.OutOfSpaceError),
    ],
)
def test_inner_errors_keep_the_servers_inside_to_themselves(
    kind: type[errors.SentimentError],
) -> None:
    problem = problem_of_error(kind("no file /srv/model.onnx", hint="look in /srv"))
    assert "/srv" not in problem.message + problem.advice


def test_response_has_the_one_shape_and_retry_after() -> None:
    response = Problem(429, "slow", "Too fast.", "Wait.", 7).response()
    assert response.headers["retry-after"] == "7"
    assert json.loads(bytes(response.body)) == {
        "error": {"code": "slow", "message": "Too fast.", "advice": "Wait."}
    }


def test_response_survives_a_lone_surrogate() -> None:
    body = bytes(Problem(400, "x", "half \ud83d").response().body)
    assert json.loads(body)["error"]["message"] == "half ?"


def test_body_of_ours_is_left_alone() -> None:
    assert problem_of_body(404, bytes(problem_of_status(404).response().body)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Not Found",
        b"\xff\xfe",
        b'[{"error": "x"}]',
        b'{"error": "Too many requests"}',
        b'{"error": {"code": 1}}',
        b"null",
    ],
)
def test_body_of_the_framework_is_replaced_whatever_its_shape(body: bytes) -> None:
    problem = problem_of_body(503, body)
    assert problem is not None
    assert (problem.status, problem.code, problem.retry_after_s) == (503, "overloaded", 2)


def test_validation_failures_are_named_and_cut() -> None:
    failures = [{"loc": ["texts", index], "msg": "Wrong"} for index in range(7)]
    problem = problem_of_body(400, json.dumps({"error": "7", "detail": failures}).encode())
    assert problem is not None
    assert problem.message == (
        "The request is not what was wanted: texts.0: Wrong; texts.1: Wrong; texts.2: Wrong; "
        "texts.3: Wrong; texts.4: Wrong; and 2 more."
    )


@pytest.mark.parametrize(("status", "code"), [(418, "invalid_request"), (599, "internal_error")])
def test_status_without_a_row_keeps_its_number(status: int, code: str) -> None:
    problem = problem_of_status(status)
    assert (problem.status, problem.code) == (status, code)


def test_refused_requests_leave_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    from bentoml.exceptions import ServiceUnavailable
    from pydantic import TypeAdapter, ValidationError

    quieten_refusals()
    logger = logging.getLogger("bentoml._internal.server.http_app")
    try:
        TypeAdapter(int).validate_python("x")
    except ValidationError:
        logger.exception("Exception on /v1/predict")
    try:
        raise ServiceUnavailable("process is overloaded")  # noqa: TRY301
    except ServiceUnavailable:
        logger.exception("Exception on /v1/predict")
    try:
        raise RuntimeError("a fault of ours")  # noqa: TRY301
    except RuntimeError:
        logger.exception("Exception on /v1/analyze")
    assert [record.message for record in caplog.records] == ["Exception on /v1/analyze"]


@pytest.mark.parametrize("status", [429, 503])
def test_statuses_where_waiting_helps_say_how_long(status: int) -> None:
    assert (problem_of_status(status).retry_after_s or 0) > 0


def test_codes_of_a_status_and_of_a_body() -> None:
    assert codes_of_status(429) == ["rate_limited", "too_many_requests"]
    assert codes_of_status(404) == ["not_found"]
    assert code_of_body(bytes(problem_of_rate(3).response().body)) == "rate_limited"
    assert code_of_body(b'{"error": "x"}') is None
    assert status_and_code(errors.YouTubeRateLimitError) == (502, "youtube_unavailable")
