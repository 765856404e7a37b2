"""Alarms to an address: one POST of JSON, with the alarm's id as `Idempotency-Key`.

The address may hold a secret in its path, as those of chat services do: it is in no message, no
log and no file.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from pydantic import AnyHttpUrl, SecretStr, TypeAdapter, ValidationError
from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from sentiment.errors import AlarmError, ConfigError

_ADDRESS = TypeAdapter(AnyHttpUrl)
_ASK_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
# They log the whole address of each request.
_TALKATIVE = ("httpx", "httpcore")


class WebhookSink:
    """Posts alarms to an address.

    Args:
        url: http or https.
        timeout_s: seconds that one attempt may take in all, > 0.
        attempts: times to try, >= 1; what the server refuses for good is not tried again.
        backoff_s: seconds before the second attempt, doubled each time, >= 0.

    Raises:
        ConfigError: the address is of no web server; the message does not repeat it.
    """

    name = "webhook"

    def __init__(
        self, url: SecretStr, *, timeout_s: float = 5.0, attempts: int = 3, backoff_s: float = 0.5
    ) -> None:
        try:
            self._address = httpx.URL(str(_ADDRESS.validate_python(url.get_secret_value())))
        except (ValidationError, httpx.InvalidURL):
            # Neither the cause nor the context is shown: both quote the address.
            raise ConfigError(
                "The webhook's address can't be used: wanted http:// or https:// and a host.",
                hint="Correct --webhook or SENTIMENT_ALARM_WEBHOOK.",
            ) from None
        self._timeout_s = timeout_s
        self._attempts = attempts
        self._backoff_s = backoff_s

    def send(self, alarm: Mapping[str, Any]) -> None:
        """Post an alarm; see `sentiment.drift.alarm.Sink`."""
        try:
            with _quiet_libraries():
                asyncio.run(self._send(alarm))
        except (httpx.HTTPError, TimeoutError) as error:
            # The cause is not shown: its message can hold the address.
            raise AlarmError(
                f"The webhook could not be told of an alarm: {_reason(error)}.",
                hint="It is told at the next check; see to the receiver or the address.",
            ) from None

    async def _send(self, alarm: Mapping[str, Any]) -> None:
        attempts = AsyncRetrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_attempt(self._attempts),
            wait=wait_exponential(self._backoff_s, max=10) + wait_random(0, self._backoff_s),
            reraise=True,
        )
        async with httpx.AsyncClient(timeout=self._timeout_s) as client:
            await attempts(self._post, client, alarm)

    async def _post(self, client: httpx.AsyncClient, alarm: Mapping[str, Any]) -> None:
        headers = {"Idempotency-Key": str(alarm["id"])} if "id" in alarm else {}
        # httpx limits each read: one that drips a byte at a time would hold it for ever.
        async with asyncio.timeout(self._timeout_s):
            # What the answer says beyond its status is of no use, and may be endless.
            async with client.stream("POST", self._address, json=alarm, headers=headers) as answer:
                if not answer.is_success:
                    raise httpx.HTTPStatusError(
                        str(answer.status_code), request=answer.request, response=answer
                    )


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in _ASK_AGAIN
    return isinstance(error, httpx.TransportError | TimeoutError)


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"it answered {error.response.status_code}"
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return "it did not answer in time"
    return f"it can't be reached ({type(error).__name__})"


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
