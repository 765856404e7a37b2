"""Alarms to a topic of Amazon SNS. The one module that imports boto3, and only once one is set."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol, cast

from sentiment.errors import AlarmError, ConfigError

_TOPIC = re.compile(
    r"arn:aws[a-z\-]*:sns:(?P<region>[a-z0-9\-]+):[0-9]{12}:[A-Za-z0-9_\-]{1,256}(?:\.fifo)?"
)
_MAX_SUBJECT_CHARACTERS = 100


class SnsClient(Protocol):
    """What is needed of boto3's client; a test passes its own."""

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> object:  # noqa: N803
        """Publish a message; raises what boto3 raises."""


class SnsSink:
    """Publishes alarms to a topic.

    Args:
        topic: its ARN.
        client: None makes boto3's, with the credentials that boto3 finds.

    Raises:
        ConfigError: the ARN is of no topic, or boto3 is not installed.
    """

    name = "sns"

    def __init__(self, topic: str, *, client: SnsClient | None = None) -> None:
        found = _TOPIC.fullmatch(topic)
        if found is None:
            raise ConfigError(
                f"{topic!r} is no ARN of a topic: wanted arn:aws:sns:REGION:ACCOUNT:NAME.",
                hint="Correct SENTIMENT_ALARM_SNS_TOPIC, or leave it empty.",
            )
        self._topic = topic
        self._client = client or _client(found["region"])

    def send(self, alarm: Mapping[str, Any]) -> None:
        """Publish an alarm; see `sentiment.drift.alarm.Sink`."""
        subject = str(alarm["title"])[:_MAX_SUBJECT_CHARACTERS]
        try:
            self._client.publish(
                TopicArn=self._topic, Subject=subject, Message=json.dumps(dict(alarm))
            )
        except Exception as error:  # boto3 makes its classes at run time
            raise AlarmError(
                f"The topic could not be told of an alarm ({type(error).__name__}).",
                hint="It is told at the next check; see to the credentials and the topic.",
            ) from error


def _client(region: str) -> SnsClient:
    try:
        import boto3  # type: ignore[import-untyped]  # noqa: PLC0415 - few need it
    except ModuleNotFoundError as error:
        raise ConfigError(
            "SENTIMENT_ALARM_SNS_TOPIC is set, and boto3 is not installed.",
            hint="Install boto3 beside this package, or leave the variable empty.",
        ) from error
    return cast("SnsClient", boto3.client("sns", region_name=region))
