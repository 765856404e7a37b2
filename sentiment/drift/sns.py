"""Alarms to a topic of Amazon SNS. boto3 is imported once a topic is set, not before."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sentiment.errors import AlarmError, ConfigError

_TOPIC = re.compile(
    r"arn:aws[a-z\-]*:sns:(?P<region>[a-z0-9\-]+):[0-9]{12}:[A-Za-z0-9_\-]{1,256}(?:\.fifo)?"
)
_MAX_SUBJECT_CHARACTERS = 100
_FIFO = ".fifo"


class SnsSink:
    """Publishes alarms to a topic, with the credentials that boto3 finds.

    Args:
        topic: its ARN.

    Raises:
        ConfigError: the ARN is of no topic, or boto3 is not installed.
    """

    name = "sns"

    def __init__(self, topic: str) -> None:
        found = _TOPIC.fullmatch(topic)
        if found is None:
            raise ConfigError(
                f"{topic!r} is no ARN of a topic: wanted arn:aws:sns:REGION:ACCOUNT:NAME.",
                hint="Correct SENTIMENT_ALARM_SNS_TOPIC, or leave it empty.",
            )
        self._topic = topic
        self._client = _client(found["region"])

    def send(self, alarm: Mapping[str, Any]) -> None:
        """Publish an alarm; see `sentiment.drift.alarm.Sink`."""
        message = {
            "TopicArn": self._topic,
            "Subject": str(alarm["title"])[:_MAX_SUBJECT_CHARACTERS],
            "Message": json.dumps(dict(alarm)),
        }
        if self._topic.endswith(_FIFO):
            # Such a topic wants both, and drops what is told twice within five minutes.
            message["MessageGroupId"] = str(alarm["kind"])
            message["MessageDeduplicationId"] = str(alarm["id"])
        try:
            self._client.publish(**message)
        except Exception as error:  # whatever boto3 raises
            raise AlarmError(
                f"The topic could not be told of an alarm ({type(error).__name__}).",
                hint="It is told at the next check; see to the credentials and the topic.",
            ) from error


def _client(region: str) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
    try:
        import boto3  # type: ignore[import-untyped]  # noqa: PLC0415 - few need it
    except ModuleNotFoundError as error:
        raise ConfigError(
            "SENTIMENT_ALARM_SNS_TOPIC is set, and boto3 is not installed.",
            hint="Install boto3 beside this package, or leave the variable empty.",
        ) from error
    return boto3.client("sns", region_name=region)
