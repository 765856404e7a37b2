from __future__ import annotations

import importlib.util
import json

import pytest

from sentiment.drift.sns import SnsSink
from sentiment.errors import AlarmError, ConfigError

TOPIC = "arn:aws:sns:eu-central-1:123456789012:drift"
ALARM = {"title": "Drift of label " * 20, "kind": "sentiment.drift"}


class FakeClient:
    def __init__(self, error: Exception | None = None) -> None:
        self.published: list[dict[str, str]] = []
        self.error = error

    def publish(self, **message: str) -> object:
        if self.error is not None:
            raise self.error
        self.published.append(message)
        return {"MessageId": "1"}


def test_an_alarm_is_published() -> None:
    client = FakeClient()
    SnsSink(TOPIC, client=client).send(ALARM)
    (message,) = client.published
    assert message["TopicArn"] == TOPIC
    assert json.loads(message["Message"]) == ALARM
    assert len(message["Subject"]) == 100  # SNS refuses longer ones


def test_a_failure_is_one_of_ours() -> None:
    with pytest.raises(AlarmError, match=r"could not be told of an alarm \(RuntimeError\)"):
        SnsSink(TOPIC, client=FakeClient(RuntimeError("key AKIA123"))).send(ALARM)


@pytest.mark.parametrize("topic", ["", "drift", TOPIC.replace("sns", "sqs"), f"{TOPIC}\n"])
def test_what_is_no_topic_is_refused(topic: str) -> None:
    with pytest.raises(ConfigError, match="is no ARN of a topic"):
        SnsSink(topic, client=FakeClient())


@pytest.mark.skipif(importlib.util.find_spec("boto3") is not None, reason="boto3 is installed here")
def test_without_boto3_it_says_what_is_missing() -> None:
    with pytest.raises(ConfigError, match="boto3 is not installed"):
        SnsSink(TOPIC)
