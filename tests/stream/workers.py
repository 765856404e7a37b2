"""Workers with a model that has no weights, in this process or in one that can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from sentiment.comments import Prediction
from sentiment.errors import InferenceError
from sentiment.inference.predictor import Predictor
from sentiment.stream.crew import Crew
from sentiment.stream.queue import Received
from sentiment.stream.worker import Worker
from tests.conftest import REPOSITORY
from tests.stream.places import Place

# Stops at a moment that is named, says so, and waits to be killed.
_STUCK = """
import sys, time
from sentiment.inference.predictor import Predictor
from sentiment.settings import load_settings
from sentiment.store import open_store
from sentiment.stream.opening import open_queue
from sentiment.stream.worker import Worker

settings = load_settings()
store = open_store(settings.store_url.get_secret_value())
queue = open_queue(settings, store, visibility_s=2)
model = Predictor.dummy()

def stuck(*_, **__):
    print("stuck", flush=True)
    time.sleep(600)

setattr(*{"labelling": (model, "predict", stuck), "done": (queue, "ack", stuck)}[sys.argv[1]])
Worker(queue, store, lambda: model, visibility_s=2).run()
"""


class Death(BaseException):
    """As far as queue and store can tell, the end of the process."""


class Touchy:
    """Breaks at texts that hold a word."""

    name = "touchy"
    digest = "0" * 64

    def __init__(self, word: str, *, dies: bool = False) -> None:
        self._model, self._word, self._dies = Predictor.dummy(), word, dies

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        if any(self._word in text for text in texts):
            raise Death if self._dies else InferenceError("The engine broke its contract.")
        return self._model.predict(texts)


def work_off(place: Place) -> Crew:
    """Work until nothing waits, as the command does: two at once."""
    model, stop = Predictor.dummy(), threading.Event()
    workers = [Worker(place.queue(60), place.store, lambda: model, stop=stop) for _ in range(2)]
    crew = Crew(workers, stop)
    crew.run(until_empty=True)
    return crew


def live_and_die(place: Place, model: Touchy) -> int:
    """Work until nothing waits, however often that kills the worker; return how often it did."""
    queue, in_hand = place.queue(60), list[Received]()
    receive = queue.receive

    def noted(max_messages: int, *, wait_s: float) -> list[Received]:
        in_hand[:] = receive(max_messages, wait_s=wait_s)
        return list(in_hand)

    queue.receive = noted  # type: ignore[method-assign]
    for n_deaths in range(100):
        try:
            Worker(queue, place.store, lambda: model).run(until_empty=True)
        except Death:
            # As if nobody had been heard of for so long as they are held.
            queue.put_back([one.receipt for one in in_hand])
        else:
            return n_deaths
    raise AssertionError("it dies for ever")


@contextmanager
def working(worker: Worker) -> Iterator[None]:
    """Let a worker work in a thread; it has ended after the block."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop.set()
        thread.join(30)
        assert not thread.is_alive()


def kill_workers(place: Place) -> None:
    """Let two workers take a batch each, and kill one while labelling, one before it says done."""
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", _STUCK, when],
                    cwd=REPOSITORY,
                    env={**os.environ, **place.environment},
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for when in ("labelling", "done")
        ]
        for process in running:
            stack.callback(process.kill)
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == "stuck\n"
