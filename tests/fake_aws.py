"""Amazon's services as moto's server on loopback plays them, for boto3 as it is."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class FakeAws:
    """moto's server, in a thread of this process; what it holds outlives a stop."""

    def __init__(self) -> None:
        self.port = 0
        self._server: Any = None
        self.environment = {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def start(self) -> None:
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self._server.start()
        self.port = self._server.get_host_and_port()[1]
        self.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{self.port}"
        os.environ.update(self.environment)

    def stop(self) -> None:
        self._server.stop()

    @contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()

    def client(self, service: str) -> Any:
        import boto3  # type: ignore[import-untyped]

        return boto3.client(service)

    def new_queue(self) -> str:
        """Return the address of an empty queue that has one for dead letters."""
        client, name = self.client("sqs"), secrets.token_hex(6)
        dead = client.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
        policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": 10}
        queue = client.create_queue(
            QueueName=name, Attributes={"RedrivePolicy": json.dumps(policy)}
        )
        return str(queue["QueueUrl"])

    def new_topic(self, *, fifo: bool) -> tuple[str, str]:
        """Return the ARN of a topic and the address of a queue that hears it."""
        sns, sqs = self.client("sns"), self.client("sqs")
        name = secrets.token_hex(6) + (".fifo" if fifo else "")
        options = ({"FifoTopic": "true"}, {"FifoQueue": "true"}) if fifo else ({}, {})
        topic = str(sns.create_topic(Name=name, Attributes=options[0])["TopicArn"])
        queue = str(sqs.create_queue(QueueName=name, Attributes=options[1])["QueueUrl"])
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        ear = arn["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=ear)
        return topic, queue

    def heard(self, queue: str) -> Any:
        """Return what a topic told such a queue last; exactly one message must wait there."""
        (message,) = self.client("sqs").receive_message(QueueUrl=queue)["Messages"]
        return json.loads(message["Body"])
