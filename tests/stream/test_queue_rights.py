"""What the programs ask of SQS is what their roles may ask: every call is made and noted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from infra.queue_rights import INSTANCE, POLLER
from sentiment.stream.queue import CommentQueue, Received
from sentiment.stream.sqs import SqsQueue
from tests.conftest import REPOSITORY
from tests.fake_aws import FakeAws
from tests.stream.places import batches

PROGRAMS = {
    "poller": ("stream/poller.py", "stream/lambda_handler.py"),
    "instance": ("stream/worker.py", "stream/holding.py", "stream/crew.py", "cli/stream.py"),
}

CALLS: dict[str, Callable[[SqsQueue, list[Received]], object]] = {
    "send": lambda queue, _: queue.send(batches(range(5))),
    "receive": lambda queue, _: queue.receive(1, wait_s=0),
    "ack": lambda queue, taken: queue.ack([taken[0].receipt]),
    "extend": lambda queue, taken: queue.extend([taken[0].receipt], seconds=60),
    "put_back": lambda queue, taken: queue.put_back([taken[0].receipt]),
    "unreceive": lambda queue, taken: queue.unreceive([taken[0].receipt]),
    "bury": lambda queue, taken: queue.bury([(taken[0], "it is no message")]),
    "dead_letters": lambda queue, _: queue.dead_letters(5),
    "counts": lambda queue, _: queue.counts(),
}


def methods_of(program: str) -> set[str]:
    """Return the methods of a queue that a program calls, by its source."""
    faces = "|".join(name for name in vars(CommentQueue) if not name.startswith("_"))
    text = "".join((REPOSITORY / "sentiment" / name).read_text() for name in PROGRAMS[program])
    return set(re.findall(rf"queue\.({faces})\(", text))


def asked(aws: FakeAws, methods: set[str]) -> dict[str, set[str]]:
    """Call methods, each of a queue that knows nothing yet; return the actions by queue."""
    found: dict[str, set[str]] = {}

    def note(params: dict[str, Any], model: Any, **_: object) -> None:
        name = params.get("QueueUrl") or params["QueueName"]
        # IAM knows no batches.
        action = f"sqs:{model.name.removesuffix('Batch')}"
        found.setdefault("dead" if name.endswith("-dead") else "comments", set()).add(action)

    for method in sorted(methods):
        url = aws.new_queue()
        SqsQueue(url).send(batches(range(5)))
        taken = SqsQueue(url).receive(1, wait_s=5)
        queue = SqsQueue(url)
        queue._client.meta.events.register("before-parameter-build.sqs", note)
        CALLS[method](queue, taken)
    return found


@pytest.mark.parametrize(("program", "rights"), [("poller", POLLER), ("instance", INSTANCE)])
def test_a_role_may_ask_for_all_that_its_program_asks_and_for_no_more(
    aws: FakeAws, program: str, rights: dict[str, tuple[str, ...]]
) -> None:
    methods = methods_of(program)
    assert len(methods) > 1
    assert asked(aws, methods) == {queue: set(actions) for queue, actions in rights.items()}


def test_every_method_of_a_queue_is_called_by_one_of_the_programs() -> None:
    faces = {name for name in vars(CommentQueue) if not name.startswith("_")}
    assert methods_of("poller") | methods_of("instance") == faces
