"""Where a queue can be: in SQLite, in PostgreSQL, in SQS as moto's server on loopback plays it."""

from __future__ import annotations

import json
import os
import secrets
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sentiment.comments import Comment
from sentiment.store import Store
from sentiment.stream.embedded import EmbeddedQueue
from sentiment.stream.messages import CommentBatch, pack
from sentiment.stream.queue import CommentQueue
from sentiment.stream.sqs import SqsQueue
from tests.store.postgres import PostgresServer

VIDEO = "video000001"
NOW = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)


def comments(numbers: Sequence[int], *, word: str = "love", video_id: str = VIDEO) -> list[Comment]:
    """The higher the number, the newer the comment."""
    return [
        Comment(f"Ug{n:05}", video_id, f"{word} {n}", 0, NOW + timedelta(seconds=n))
        for n in numbers
    ]


def batches(
    numbers: Sequence[int], *, a_message: int = 5, fetched_at: datetime = NOW, word: str = "love"
) -> list[CommentBatch]:
    """Messages of a few comments each."""
    return [
        batch
        for start in range(0, len(numbers), a_message)
        for batch in pack(
            VIDEO, comments(numbers[start : start + a_message], word=word), fetched_at=fetched_at
        )
    ]


@dataclass(frozen=True)
class Place:
    """A queue and the store beside it.

    Attributes:
        store: watches `VIDEO`.
        queue: makes the queue's face with a visibility in seconds.
        send_raw: queues what our own code would not.
        outage: takes the queue away for the time of a block.
        environment: names both to another process.
    """

    store: Store
    queue: Callable[[float], CommentQueue]
    send_raw: Callable[[str], None]
    outage: Callable[[], AbstractContextManager[None]]
    environment: dict[str, str]

    def kept(self) -> dict[str, str]:
        """The texts in the store, by comment id."""
        return {one.id: one.text for one in self.store.comments(VIDEO, limit=1_000_000)}


def embedded_place(
    store: Store, url: str, outage: Callable[[], AbstractContextManager[None]]
) -> Place:
    return Place(
        store,
        lambda visibility_s: EmbeddedQueue(store, visibility_s=visibility_s),
        lambda body: store.send_messages([(VIDEO, body)]),
        outage,
        {"SENTIMENT_STORE_URL": url, "SENTIMENT_QUEUE_URL": ""},
    )


@contextmanager
def file_away(path: Path) -> Iterator[None]:
    """Take SQLite's file away, and bring it back as it was."""
    hidden = path.with_suffix(".hidden")
    path.rename(hidden)
    try:
        yield
    finally:
        hidden.rename(path)


@contextmanager
def server_away(server: PostgresServer) -> Iterator[None]:
    server.stop(signal.SIGINT)
    try:
        yield
    finally:
        server.start()


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
        self.environment["AWS_ENDPOINT_URL_SQS"] = f"http://127.0.0.1:{self.port}"
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

    def client(self) -> Any:
        import boto3  # type: ignore[import-untyped]

        return boto3.client("sqs")

    def new_queue(self) -> str:
        """Return the address of an empty queue that has one for dead letters."""
        client, name = self.client(), secrets.token_hex(6)
        dead = client.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
        policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": 10}
        queue = client.create_queue(
            QueueName=name, Attributes={"RedrivePolicy": json.dumps(policy)}
        )
        return str(queue["QueueUrl"])

    def place(self, store: Store, store_url: str) -> Place:
        url, client = self.new_queue(), self.client()
        return Place(
            store,
            lambda visibility_s: SqsQueue(url, visibility_s=visibility_s),
            lambda body: client.send_message(QueueUrl=url, MessageBody=body) and None,
            self.away,
            {
                "SENTIMENT_STORE_URL": store_url,
                "SENTIMENT_QUEUE_URL": url,
                **self.environment,
            },
        )
