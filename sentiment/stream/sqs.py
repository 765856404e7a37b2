"""A queue of Amazon SQS. The one module of the stream that imports boto3, once one is named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sentiment.errors import ConfigError, QueueError
from sentiment.store.records import DeadLetter, QueueCounts
from sentiment.stream.messages import CommentBatch
from sentiment.stream.queue import VISIBILITY_S, Received

_ADDRESS = re.compile(r"https?://[^/\s]+/[0-9]{12}/(?P<name>[A-Za-z0-9_\-]{1,80})")
_REGION = re.compile(r"//(?:sqs\.)?(?P<region>[a-z]{2}(?:-[a-z]+)+-[0-9])\.")
_MAX_ENTRIES = 10
_MAX_BATCH_BYTES = 262_144
_MAX_WAIT_S = 20
_CONNECT_S = 5
_LOOK_S = 5
_REASON, _RECEPTIONS = "Reason", "Receptions"
_MAX_REASON = 500
_WAITING = "ApproximateNumberOfMessages"
_TAKEN = "ApproximateNumberOfMessagesNotVisible"


class SqsQueue:
    """See `sentiment.stream.queue.CommentQueue`.

    Credentials, region and other addresses (`AWS_ENDPOINT_URL_SQS`) are those that boto3 finds;
    the region in the queue's address comes first.

    Args:
        url: the queue's address.
        visibility_s: seconds after which a message that was taken goes to the next, > 0.

    Raises:
        ConfigError: the address is of no queue, boto3 is not installed, or finds no region.
    """

    def __init__(self, url: str, *, visibility_s: float = VISIBILITY_S) -> None:
        if _ADDRESS.fullmatch(url) is None:
            raise ConfigError(
                f"{url!r} is no address of a queue: wanted https://sqs.REGION.amazonaws.com/"
                "ACCOUNT/NAME.",
                hint="Correct SENTIMENT_QUEUE_URL, or leave it empty for the store's own queue.",
            )
        self._url = url
        self._visibility_s = visibility_s
        self._client, self._failures = _client(url)
        self._dead_url: str | None = None

    def send(self, batches: Sequence[CommentBatch]) -> None:
        """Queue messages, as many a request as SQS takes."""
        for entries in _fitting([batch.body() for batch in batches]):
            with self._clear_failures():
                answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            if answer.get("Failed"):
                raise _failed("did not take every message", answer["Failed"][0].get("Code"))

    def receive(self, max_messages: int, *, wait_s: float) -> list[Received]:
        """Take messages by long polling."""
        with self._clear_failures():
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=max_messages,
                WaitTimeSeconds=min(_MAX_WAIT_S, int(wait_s)),
                VisibilityTimeout=max(1, round(self._visibility_s)),
                MessageSystemAttributeNames=["ApproximateReceiveCount"],
            )
        return [
            Received(
                one["ReceiptHandle"],
                one["Body"],
                int(one.get("Attributes", {}).get("ApproximateReceiveCount", 1)),
            )
            for one in answer.get("Messages", [])
        ]

    def ack(self, receipts: Sequence[str]) -> None:
        """Remove messages that are done."""
        self._each("delete_message_batch", receipts)

    def extend(self, receipts: Sequence[str], *, seconds: float) -> None:
        """Keep messages from other workers for longer."""
        self._each(
            "change_message_visibility_batch", receipts, VisibilityTimeout=max(1, round(seconds))
        )

    def put_back(self, receipts: Sequence[str]) -> None:
        """Give messages to the next worker at once."""
        self._each("change_message_visibility_batch", receipts, VisibilityTimeout=0)

    def unreceive(self, receipts: Sequence[str]) -> bool:  # noqa: ARG002
        """Leave messages in hand: SQS counts receptions by itself, and takes none back."""
        return False

    def bury(self, letters: Sequence[tuple[Received, str]]) -> None:
        """Set messages aside, in the queue that this one names for dead letters."""
        for received, reason in letters:
            # Not moved in one go: who is cut off in between has it twice rather than never.
            with self._clear_failures():
                self._client.send_message(
                    QueueUrl=self._dead(),
                    MessageBody=received.body,
                    MessageAttributes={
                        _REASON: {"DataType": "String", "StringValue": reason[:_MAX_REASON]},
                        _RECEPTIONS: {
                            "DataType": "Number",
                            "StringValue": str(received.n_received),
                        },
                    },
                )
            self.ack([received.receipt])

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return some of the messages that were set aside, by us or by SQS."""
        found: dict[str, DeadLetter] = {}
        while len(found) < limit:
            with self._clear_failures():
                answer = self._client.receive_message(
                    QueueUrl=self._dead(),
                    MaxNumberOfMessages=min(_MAX_ENTRIES, limit - len(found)),
                    # Long enough to see each once, short enough to leave all to others.
                    VisibilityTimeout=_LOOK_S,
                    MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
                    MessageAttributeNames=["All"],
                )
            messages = answer.get("Messages", [])
            new = {one["MessageId"]: _dead_letter(one) for one in messages}
            if not new.keys() - found.keys():
                break
            found |= new
        return list(found.values())

    def counts(self) -> QueueCounts:
        """Return how the queue stands, roughly; SQS does not tell the age of a message here."""
        own = self._attributes(self._url, _WAITING, _TAKEN)
        dead = self._attributes(self._dead(), _WAITING, _TAKEN)
        return QueueCounts(
            ready=int(own[_WAITING]),
            in_flight=int(own[_TAKEN]),
            dead=int(dead[_WAITING]) + int(dead[_TAKEN]),
            oldest_at=None,
        )

    def _attributes(self, url: str, *names: str) -> dict[str, str]:
        with self._clear_failures():
            answer = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
        found: dict[str, str] = answer.get("Attributes", {})
        return found

    def _dead(self) -> str:
        """Return the address of the queue for dead letters.

        Raises:
            ConfigError: the queue names none.
        """
        if self._dead_url is None:
            policy = self._attributes(self._url, "RedrivePolicy").get("RedrivePolicy")
            arn = json.loads(policy).get("deadLetterTargetArn", "") if policy else ""
            # arn:aws:sqs:REGION:ACCOUNT:NAME
            parts = arn.split(":")
            if len(parts) != 6:
                raise ConfigError(
                    f"The queue {self._url} names no queue for dead letters.",
                    hint="Give it a redrive policy.",
                )
            with self._clear_failures():
                answer = self._client.get_queue_url(
                    QueueName=parts[5], QueueOwnerAWSAccountId=parts[4]
                )
            self._dead_url = str(answer["QueueUrl"])
        return self._dead_url

    def _each(self, operation: str, receipts: Sequence[str], **values: int) -> None:
        """Do the same to messages, as many a request as SQS takes; gone ones are left out."""
        for start in range(0, len(receipts), _MAX_ENTRIES):
            entries = [
                {"Id": str(number), "ReceiptHandle": receipt, **values}
                for number, receipt in enumerate(receipts[start : start + _MAX_ENTRIES])
            ]
            with self._clear_failures():
                answer = getattr(self._client, operation)(QueueUrl=self._url, Entries=entries)
            for failure in answer.get("Failed", []):
                if not failure.get("SenderFault", True):
                    raise _failed("failed", failure.get("Code"))

    @contextmanager
    def _clear_failures(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            # Our own words: boto3's name the request, and may quote it.
            code = getattr(error, "response", {}).get("Error", {}).get("Code")
            raise _failed("can't be reached, or refuses", code or type(error).__name__) from None


def _failed(how: str, code: object) -> QueueError:
    return QueueError(
        f"The queue of SENTIMENT_QUEUE_URL {how} ({code}).",
        hint="It is tried again; see to the address, the credentials and their rights.",
    )


def _fitting(bodies: Sequence[str]) -> Iterator[list[dict[str, str]]]:
    """Yield messages in as few requests as SQS allows; bodies are ASCII."""
    entries: list[dict[str, str]] = []
    n_bytes = 0
    for body in bodies:
        if entries and (len(entries) == _MAX_ENTRIES or n_bytes + len(body) > _MAX_BATCH_BYTES):
            yield entries
            entries, n_bytes = [], 0
        entries.append({"Id": str(len(entries)), "MessageBody": body})
        n_bytes += len(body)
    if entries:
        yield entries


def _dead_letter(message: dict[str, Any]) -> DeadLetter:
    system, own = message.get("Attributes", {}), message.get("MessageAttributes", {})
    sent_at = datetime.fromtimestamp(int(system.get("SentTimestamp", 0)) / 1_000, tz=UTC)
    return DeadLetter(
        reason=own.get(_REASON, {}).get("StringValue", "it was received too often"),
        n_received=int(own.get(_RECEPTIONS, {}).get("StringValue", 0)),
        died_at=sent_at,
        body=message["Body"],
    )


def _client(url: str) -> tuple[Any, tuple[type[Exception], ...]]:
    """Return boto3's client, and what it raises."""
    try:
        import boto3  # type: ignore[import-untyped]  # noqa: PLC0415 - few need it
        from botocore.config import Config  # type: ignore[import-untyped]  # noqa: PLC0415
        from botocore.exceptions import (  # type: ignore[import-untyped]  # noqa: PLC0415
            BotoCoreError,
            ClientError,
            NoRegionError,
        )
    except ModuleNotFoundError as error:
        raise ConfigError(
            "SENTIMENT_QUEUE_URL is set, and boto3 is not installed.",
            hint="Install boto3 beside this package, or leave the variable empty.",
        ) from error
    found = _REGION.search(url)
    config = Config(
        connect_timeout=_CONNECT_S,
        read_timeout=_MAX_WAIT_S + 5,
        retries={"mode": "standard", "max_attempts": 3},
    )
    try:
        client = boto3.client("sqs", region_name=found["region"] if found else None, config=config)
    except NoRegionError as error:
        raise ConfigError(
            "The address of the queue names no region, and none is configured.",
            hint="Set AWS_DEFAULT_REGION.",
        ) from error
    return client, (BotoCoreError, ClientError)
