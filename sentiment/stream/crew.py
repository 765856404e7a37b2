"""Workers of one process, over one model: while one keeps what it labelled, another labels."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import astuple, dataclass

from sentiment.serving.freed_memory import give_back_freed_memory
from sentiment.stream.worker import Done, Worker

_ROUNDS_A_TRIM = 10


@dataclass(frozen=True, slots=True)
class Crew:
    """Workers that share a queue, a store, a model and a `stop`.

    Attributes:
        workers: at least one.
        stop: theirs.
    """

    workers: Sequence[Worker]
    stop: threading.Event

    @property
    def done(self) -> Done:
        """What all of them have done."""
        return Done(*map(sum, zip(*(astuple(worker.done) for worker in self.workers), strict=True)))

    def run(
        self,
        *,
        max_messages: int | None = None,
        until_empty: bool = False,
        on_round: Callable[[Done], None] = lambda _: None,
    ) -> None:
        """Work as `Worker.run` does; where one breaks off, all end and its error is raised.

        Args:
            max_messages: end after about so many, > 0; None sets no limit.
            until_empty: end as soon as no message waits.
            on_round: told after each batch of any worker what all have done, one call at a time.
        """
        telling = threading.Lock()
        rounds = itertools.count(1)

        def tell(_: Done) -> None:
            with telling:
                # Else the C library's reserve grows by a megabyte each few thousand comments.
                if next(rounds) % _ROUNDS_A_TRIM == 0:
                    give_back_freed_memory()
                on_round(self.done)

        share = None if max_messages is None else -(-max_messages // len(self.workers))
        with ThreadPoolExecutor(len(self.workers), "worker") as pool:
            running = [
                pool.submit(worker.run, max_messages=share, until_empty=until_empty, on_round=tell)
                for worker in self.workers
            ]
            ended, others = wait(running, return_when=FIRST_EXCEPTION)
            if others:
                self.stop.set()
        for one in ended:
            one.result()
