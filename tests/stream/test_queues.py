"""What every queue promises."""

from __future__ import annotations

import pytest

from sentiment.errors import ConfigError, QueueError
from sentiment.stream.messages import pack
from sentiment.stream.queue import CommentQueue, Received
from sentiment.stream.sqs import SqsQueue
from tests.fake_aws import FakeAws
from tests.stream.places import NOW, VIDEO, Place, batches, comments


def take_all(queue: CommentQueue) -> list[Received]:
    taken: list[Received] = []
    while received := queue.receive(10, wait_s=0):
        taken += received
    return taken


def test_every_message_is_handed_out_once_and_is_gone_when_done(place: Place) -> None:
    queue = place.queue(60)
    sent = batches(range(125))
    queue.send(sent)
    taken = take_all(queue)
    assert sorted(one.body for one in taken) == sorted(one.body() for one in sent)
    assert {one.n_received for one in taken} == {1}
    assert (queue.counts().ready, queue.counts().in_flight) == (0, 25)
    queue.ack([one.receipt for one in taken[5:]])
    queue.put_back([one.receipt for one in taken[:5]])
    again = take_all(queue)
    assert sorted(one.body for one in again) == sorted(one.body for one in taken[:5])
    assert {one.n_received for one in again} == {2}
    queue.ack([one.receipt for one in again])
    counts = queue.counts()
    assert (counts.ready, counts.in_flight, counts.dead) == (0, 0, 0)


def test_a_reception_is_taken_back_where_the_queue_can(place: Place) -> None:
    queue = place.queue(60)
    queue.send(batches(range(10)))
    receipts = [one.receipt for one in queue.receive(10, wait_s=1)]
    is_sqs = bool(place.environment["SENTIMENT_QUEUE_URL"])
    assert queue.unreceive(receipts) != is_sqs
    again = queue.receive(10, wait_s=0)
    assert [one.n_received for one in again] == ([] if is_sqs else [1, 1])
    queue.extend(receipts, seconds=60)  # as who holds them does until it hears of that
    queue.put_back([one.receipt for one in again] or receipts)
    assert queue.counts().ready == 2


def test_a_message_not_heard_of_goes_to_the_next_unless_it_is_held(place: Place) -> None:
    queue = place.queue(1)
    queue.send(batches(range(10)))
    held, lost = queue.receive(10, wait_s=1)
    queue.extend([held.receipt], seconds=60)
    (found,) = queue.receive(10, wait_s=5)
    assert (found.body, found.n_received) == (lost.body, 2)
    queue.ack([held.receipt, found.receipt])
    assert queue.counts().in_flight == 0


def test_a_buried_message_is_kept_aside_with_the_reason(place: Place) -> None:
    queue = place.queue(60)
    place.send_raw("{")
    (bad,) = queue.receive(10, wait_s=2)
    queue.bury([(bad, "it is no message")])
    counts = queue.counts()
    assert (counts.ready, counts.in_flight, counts.dead) == (0, 0, 1)
    (letter,) = queue.dead_letters(5)
    assert (letter.reason, letter.body, letter.n_received) == ("it is no message", "{", 1)


def test_a_queue_that_is_away_says_so_and_comes_back_with_what_it_had(place: Place) -> None:
    queue = place.queue(60)
    queue.send(batches(range(5)))
    with place.outage():
        for call in (lambda: queue.send(batches([9])), lambda: queue.receive(1, wait_s=0)):
            with pytest.raises(QueueError):
                call()
    assert len(queue.receive(10, wait_s=5)) == 1


def test_the_longest_comments_of_any_script_pass(place: Place) -> None:
    queue = place.queue(60)
    long = [
        *comments(range(3), word="\N{SMILING FACE WITH OPEN MOUTH}" * 9_990),
        *comments(range(3, 6), word="\ufffe\u202e\x0b" * 3_000),
    ]
    sent = list(pack(VIDEO, long, fetched_at=NOW))
    queue.send(sent)
    bodies = [one.body for one in take_all(queue)]
    assert sorted(bodies) == sorted(one.body() for one in sent)
    assert max(map(len, bodies)) < 256 * 1_024
    assert [one.text for batch in sent for one in batch.unpacked()] == [one.text for one in long]


def test_age_of_the_oldest_is_told_by_the_queue_that_knows(place: Place) -> None:
    queue = place.queue(60)
    assert queue.counts().oldest_at is None
    queue.send(batches(range(5)))
    is_sqs = bool(place.environment["SENTIMENT_QUEUE_URL"])
    assert (queue.counts().oldest_at is None) == is_sqs


@pytest.mark.parametrize("url", ["comments", "https://sqs.eu-central-1.amazonaws.com/x/y"])
def test_what_is_no_address_of_a_queue_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="is no address of a queue"):
        SqsQueue(url)


def test_a_queue_without_one_for_dead_letters_is_refused(aws: FakeAws) -> None:
    url = aws.client("sqs").create_queue(QueueName="lonely")["QueueUrl"]
    with pytest.raises(ConfigError, match="names no queue for dead letters"):
        SqsQueue(url).counts()


def test_no_credential_shows_in_a_refusal(aws: FakeAws) -> None:
    url = f"http://127.0.0.1:{aws.port}/123456789012/none"
    with pytest.raises(QueueError, match=r"NonExistentQueue|QueueDoesNotExist") as raised:
        SqsQueue(url).receive(1, wait_s=0)
    assert "testing" not in str(raised.value)
