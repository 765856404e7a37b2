"""The API key reaches YouTube, and nothing else."""

from __future__ import annotations

import logging
import traceback

import pytest
from pydantic import SecretStr

from sentiment import errors
from sentiment.youtube.client import YouTubeClient
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import REFUSED_KEY
from tests.youtube.fetching import fetch_comments
from tests.youtube.scripted import Answer, as_json, page, refusal, scripted, thread

VIDEO = "dQw4w9WgXcQ"
KEY = "made-up-key-for-tests-only-0123456789abc"


def client_of(endpoint: str | None, key: str = KEY) -> YouTubeClient:
    return YouTubeClient(SecretStr(key), endpoint=endpoint, backoff_s=0.001, timeout_s=5)


def test_key_travels_in_a_header_and_not_in_the_address() -> None:
    with scripted([page(thread("a"))]) as server:
        fetch_comments(client_of(server.endpoint, f"{KEY}\n"), VIDEO)
    (seen,) = server.seen
    assert seen.headers["x-goog-api-key"] == KEY
    assert KEY not in str(seen.query)


@pytest.mark.parametrize("status", [302, 307])
def test_key_follows_no_redirect_to_another_place(status: int) -> None:
    with scripted([page(thread("a"))]) as elsewhere:
        headers = {"Location": f"{elsewhere.endpoint}/youtube/v3/commentThreads"}
        with scripted([Answer(b"", status=status, headers=headers)]) as server:
            with pytest.raises(errors.YouTubeError):
                fetch_comments(client_of(server.endpoint), VIDEO)
            assert len(server.seen) >= 1
    assert elsewhere.seen == []


@pytest.mark.parametrize("key", [None, "", "  \n"])
def test_no_key_and_no_stand_in_is_an_error_without_a_request(key: str | None) -> None:
    client = YouTubeClient(None if key is None else SecretStr(key))
    with pytest.raises(errors.ApiKeyMissingError, match="Set YOUTUBE_API_KEY"):
        fetch_comments(client, VIDEO)


def test_a_stand_in_needs_no_key() -> None:
    with scripted([page(thread("a"))]) as server:
        fetch_comments(YouTubeClient(None, endpoint=server.endpoint), VIDEO)
    assert "x-goog-api-key" not in server.seen[0].headers


def test_a_refused_key_is_its_own_error() -> None:
    with ReplayServer() as server, pytest.raises(errors.ApiKeyInvalidError):
        fetch_comments(client_of(server.endpoint, REFUSED_KEY), VIDEO)


@pytest.mark.parametrize("key", [f"{KEY}\nX-Other: 1", f"{KEY}é", f"{KEY}\x00"])
def test_a_key_that_no_header_can_hold_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(errors.ApiKeyInvalidError) as caught:
        client_of(None, key)
    assert KEY not in everything_said_by(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        refusal(403, "quotaExceeded", f"Consumer 'api_key:{KEY}' has spent it"),
        refusal(403, "unheardOf", f"Consumer 'api_key:{KEY}' has been suspended"),
        refusal(400, "unheardOf", f"Key {KEY} not valid"),
        refusal(503, "backendError", f"key={KEY}"),
        Answer(f"<html>{KEY}</html>".encode(), 403),
        Answer(b"<html>not JSON</html>"),
        Answer(b"", 302, {"Location": f"http://127.0.0.1:9/?key={KEY}"}),
        as_json([KEY]),
    ],
)
def test_key_stands_in_no_error_chain_and_no_log(
    answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with scripted([answer]) as server, pytest.raises(errors.YouTubeError) as caught:
        fetch_comments(client_of(server.endpoint), VIDEO)
    assert KEY not in everything_said_by(caught.value)
    assert KEY not in caplog.text
    assert caught.value.__context__ is None


def test_key_stands_in_no_error_when_nobody_answers(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with scripted([page()]) as server:
        endpoint = server.endpoint
    with pytest.raises(errors.YouTubeUnavailableError) as caught:
        fetch_comments(client_of(endpoint), VIDEO)
    assert KEY not in everything_said_by(caught.value)
    assert KEY not in caplog.text


def test_key_stands_in_no_repr() -> None:
    client = client_of("http://127.0.0.1:9")
    assert KEY not in repr(vars(client))


def everything_said_by(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error.args)
