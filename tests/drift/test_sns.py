"""Alarms to a topic, by boto3 as it is, against moto's server; who listens is a queue."""

from __future__ import annotations

import json
import sys

import pytest

from sentiment.drift.sns import SnsSink
from sentiment.errors import AlarmError, ConfigError
from tests.fake_aws import FakeAws

TOPIC = "arn:aws:sns:eu-central-1:123456789012:drift"
ALARM = {"title": "Drift of label " * 20, "kind": "sentiment.drift", "id": "abc"}


def topic_and_queue(aws: FakeAws, suffix: str) -> tuple[str, str]:
    """Return the ARN of a new topic and the address of a queue that hears it."""
    fifo = {"FifoTopic": "true"} if suffix else {}
    topic = aws.client("sns").create_topic(Name=f"drift{suffix}", Attributes=fifo)["TopicArn"]
    sqs = aws.client("sqs")
    fifo = {"FifoQueue": "true"} if suffix else {}
    queue = sqs.create_queue(QueueName=f"ear{suffix}", Attributes=fifo)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    aws.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"]
    )
    return topic, queue


@pytest.mark.parametrize("suffix", ["", ".fifo"])
def test_an_alarm_is_heard(aws: FakeAws, suffix: str) -> None:
    topic, queue = topic_and_queue(aws, suffix)
    SnsSink(topic).send(ALARM)
    (message,) = aws.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    heard = json.loads(message["Body"])
    assert json.loads(heard["Message"]) == ALARM
    assert len(heard["Subject"]) == 100  # SNS refuses longer ones


def test_a_failure_is_one_of_ours_and_shows_no_credential(aws: FakeAws) -> None:
    assert aws.environment["AWS_SECRET_ACCESS_KEY"] == "testing"
    with pytest.raises(AlarmError, match=r"could not be told of an alarm \(NotFound") as raised:
        SnsSink(TOPIC + "-gone").send(ALARM)
    assert "testing" not in str(raised.value)


@pytest.mark.parametrize("topic", ["", "drift", TOPIC.replace("sns", "sqs"), f"{TOPIC}\n"])
def test_what_is_no_topic_is_refused(topic: str) -> None:
    with pytest.raises(ConfigError, match="is no ARN of a topic"):
        SnsSink(topic)


def test_without_boto3_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ConfigError, match="boto3 is not installed"):
        SnsSink(TOPIC)
