"""Alarms to a topic, by boto3 as it is, against moto's server; who listens is a queue."""

from __future__ import annotations

import json
import sys

import pytest

from sentiment.drift.alarm import Alarm, MovedFeature
from sentiment.drift.sns import SnsSink
from sentiment.errors import AlarmError, ConfigError
from tests.fake_aws import FakeAws

TOPIC = "arn:aws:sns:eu-central-1:123456789012:drift"
MOVED = tuple(MovedFeature(name, 0.3, 0.001, ("a",), (0.5,), (0.2,)) for name in "abcdefghij" * 4)
ALARM = Alarm("starter", "d" * 64, "2026-06-01", "2026-06-02", 900, 30, MOVED).to_json()


@pytest.mark.parametrize("fifo", [False, True])
def test_an_alarm_is_heard(aws: FakeAws, fifo: bool) -> None:
    topic, queue = aws.new_topic(fifo=fifo)
    SnsSink(topic).send(ALARM)
    heard = aws.heard(queue)
    assert json.loads(heard["Message"]) == json.loads(json.dumps(ALARM))
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
