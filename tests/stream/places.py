"""Where a queue can be: in SQLite, in PostgreSQL, in SQS as moto's server on loopback plays it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sentiment.comments import Comment
from sentiment.store import Store
from sentiment.stream.embedded import EmbeddedQueue
from sentiment.stream.messages import CommentBatch, pack
from sentiment.stream.queue import CommentQueue
from sentiment.stream.sqs import SqsQueue
from tests.fake_aws import FakeAws
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


def sqs_place(aws: FakeAws, store: Store, store_url: str) -> Place:
    url, client = aws.new_queue(), aws.client("sqs")
    return Place(
        store,
        lambda visibility_s: SqsQueue(url, visibility_s=visibility_s),
        lambda body: client.send_message(QueueUrl=url, MessageBody=body) and None,
        aws.away,
        {
            "SENTIMENT_STORE_URL": store_url,
            "SENTIMENT_QUEUE_URL": url,
            **aws.environment,
        },
    )
