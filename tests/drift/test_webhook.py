"""A webhook on loopback: quick, slow, failing, and never with its secret in sight."""

from __future__ import annotations

import json
import logging
import socket
import time

import pytest
from pydantic import SecretStr

from sentiment.drift.webhook import WebhookSink
from sentiment.errors import AlarmError, ConfigError
from tests.drift.made import Answer, answer_with, drip, receiving, silence

ALARM = {"kind": "sentiment.drift", "title": "Drift of label"}
SECRET = "S3CRET-TOKEN"


def sink(url: str, *, timeout_s: float = 5.0) -> WebhookSink:
    return WebhookSink(SecretStr(url), timeout_s=timeout_s, backoff_s=0.01)


def failure(url: str, *, timeout_s: float = 5.0) -> str:
    with pytest.raises(AlarmError) as caught:
        sink(url, timeout_s=timeout_s).send(ALARM)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value.message


def test_an_alarm_is_posted_as_json() -> None:
    with receiving() as receiver:
        sink(receiver.url).send(ALARM)
    assert [json.loads(body) for body in receiver.bodies] == [ALARM]
    assert receiver.paths == [f"/hooks/{SECRET}"]


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_failure_that_may_pass_is_tried_again(status: int) -> None:
    with receiving(answer_with(status), answer_with(status), answer_with(204)) as receiver:
        sink(receiver.url).send(ALARM)
    assert len(receiver.bodies) == 3


def test_three_failures_are_enough() -> None:
    with receiving(answer_with(500)) as receiver:
        assert "it answered 500" in failure(receiver.url)
    assert len(receiver.bodies) == 3


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_refusal_is_not_tried_again(status: int) -> None:
    with receiving(answer_with(status)) as receiver:
        assert f"it answered {status}" in failure(receiver.url)
    assert len(receiver.bodies) == 1


def test_a_redirect_is_not_followed() -> None:
    with receiving() as elsewhere, receiving(answer_with(307, Location=elsewhere.url)) as receiver:
        assert "it answered 307" in failure(receiver.url)
    assert elsewhere.bodies == []


@pytest.mark.parametrize("answer", [silence(5), drip(5)])
def test_a_slow_receiver_is_given_up(answer: Answer) -> None:
    with receiving(answer) as receiver:
        began = time.monotonic()
        assert "did not answer in time" in failure(receiver.url, timeout_s=0.2)
        assert time.monotonic() - began < 3
        assert len(receiver.bodies) == 3


def test_nobody_there_is_said() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        assert "it can't be reached (ConnectError)" in failure(f"http://127.0.0.1:{port}/{SECRET}")


def test_no_log_holds_the_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    before = logging.getLogger("httpx").level
    with receiving(answer_with(500), answer_with(200)) as receiver:
        sink(receiver.url).send(ALARM)
    assert SECRET not in caplog.text
    assert logging.getLogger("httpx").level == before


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://host/S3CRET-TOKEN", "file:///S3CRET-TOKEN", "S3CRET-TOKEN", "http://"),
        *("", "http://[S3CRET-TOKEN", "javascript:S3CRET-TOKEN"),
    ],
)
def test_an_address_of_no_web_server_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="wanted http:// or https://") as caught:
        WebhookSink(SecretStr(url))
    assert SECRET not in str(caught.value)
    assert "SENTIMENT_ALARM_WEBHOOK" in caught.value.hint
