"""How fast a backlog is drained, in turns with the bare predictor on as many texts."""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from sentiment.benchmark.holdings import resident_megabytes
from sentiment.benchmark.machine import Machine, describe_machine
from sentiment.benchmark.texts import load_texts
from sentiment.comments import Comment
from sentiment.config import RAW_DIR
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import load_bundle
from sentiment.settings import Settings
from sentiment.store import Store, open_store
from sentiment.stream.crew import Crew
from sentiment.stream.messages import COMMENTS_A_MESSAGE, pack
from sentiment.stream.opening import open_queue
from sentiment.stream.options import DEFAULT_THREADS
from sentiment.stream.queue import MAX_RECEIVED
from sentiment.stream.worker import Worker

_VIDEO = "benchmark01"
_TEXTS = 5_000
_AT_ONCE = MAX_RECEIVED * COMMENTS_A_MESSAGE


@dataclass(frozen=True, slots=True)
class StreamResult:
    """What was measured.

    Attributes:
        machine: where, and how busy it was before.
        n_comments: that were queued before the first round.
        queued_per_s: how fast they were queued.
        drained_per_s: comments a second from the queue into the store, one a round.
        predicted_per_s: texts a second of the bare predictor, one a round.
        memory_mb: of this process after each drain; None where the system does not tell.
        left: messages and dead letters at the end; both must be 0.
        n_kept: comments in the store at the end.
    """

    machine: Machine
    n_comments: int
    queued_per_s: float
    drained_per_s: tuple[float, ...]
    predicted_per_s: tuple[float, ...]
    memory_mb: tuple[float | None, ...]
    left: int
    n_kept: int

    @property
    def ratio(self) -> float:
        """Median over the rounds of drained by predicted."""
        pairs = zip(self.drained_per_s, self.predicted_per_s, strict=True)
        return statistics.median(drained / predicted for drained, predicted in pairs)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {**asdict(self), "machine": self.machine.to_json(), "ratio": self.ratio}

    def table(self) -> Table:
        """Return what is printed."""
        table = Table(title=f"{self.n_comments:,} queued comments, drained", title_justify="left")
        for name in ("round", "drained/s", "predictor/s", "ratio", "memory, MB"):
            table.add_column(name, justify="right")
        rows = zip(self.drained_per_s, self.predicted_per_s, self.memory_mb, strict=True)
        for number, (drained, predicted, memory) in enumerate(rows, start=1):
            table.add_row(
                *(f"{number}", f"{drained:,.0f}", f"{predicted:,.0f}"),
                *(f"{drained / predicted:.2f}", "?" if memory is None else f"{memory:,.0f}"),
            )
        table.caption = (
            f"median ratio {self.ratio:.2f}; queued {self.queued_per_s:,.0f}/s; {self.n_kept:,} "
            f"comments kept, {self.left} messages left; load before {self.machine.load}, "
            f"{self.machine.cores} cores"
        )
        return table


def run_stream_benchmark(
    bundle_dir: Path, settings: Settings, *, n_comments: int, n_rounds: int
) -> StreamResult:
    """Queue comments and drain them.

    Args:
        bundle_dir: the model.
        settings: name the queue, and the folder of real comments.
        n_comments: to queue, no two texts equal, > 0.
        n_rounds: turns of each, > 0.

    Raises:
        BundleError: the bundle can't be used.
        QueueError: the queue can't be reached.
    """
    machine = describe_machine()
    model = Predictor.from_bundle(load_bundle(bundle_dir))
    model.warm_up()
    found = load_texts(min(n_comments, _TEXTS), raw_dir=RAW_DIR, data_dir=settings.data_dir)
    with (
        tempfile.TemporaryDirectory(prefix="sentiment-stream-") as folder,
        closing(open_store(f"sqlite:///{folder}/store.db")) as store,
    ):
        queue = open_queue(settings, store)
        queued_per_s = _fill(queue.send, store, found.texts, n_comments)
        stop = threading.Event()
        workers = [Worker(queue, store, lambda: model, stop=stop) for _ in range(DEFAULT_THREADS)]
        crew = Crew(workers, stop)
        n_messages = -(-n_comments // COMMENTS_A_MESSAGE)
        drained, predicted, memory = [], [], []
        for number in range(n_rounds):
            n_before, started_s = crew.done.comments, time.perf_counter()
            crew.run(
                max_messages=n_messages // n_rounds if number + 1 < n_rounds else None,
                until_empty=True,
            )
            n_drained = crew.done.comments - n_before
            if n_drained == 0:  # each thread takes whole batches: the rounds before took more
                break
            drained.append(n_drained / (time.perf_counter() - started_s))
            memory.append(resident_megabytes(os.getpid()))
            predicted.append(_predict(model, found.texts, n_drained, first=n_before))
        counts = queue.counts()
        n_kept = len(store.known_ids(_VIDEO))
    return StreamResult(
        machine=machine,
        n_comments=n_comments,
        queued_per_s=queued_per_s,
        drained_per_s=tuple(drained),
        predicted_per_s=tuple(predicted),
        memory_mb=tuple(memory),
        left=counts.ready + counts.in_flight + counts.dead,
        n_kept=n_kept,
    )


def _text(texts: Sequence[str], number: int) -> str:
    # The corpus comes again and again, but no text twice: what is known is not scored again.
    return f"{texts[number % len(texts)]} {number}"


def _fill(send: Any, store: Store, texts: Sequence[str], n_comments: int) -> float:  # noqa: ANN401
    store.add_watch(_VIDEO, interval_s=60)
    now = datetime.now(UTC)
    started_s = time.perf_counter()
    for start in range(0, n_comments, _AT_ONCE):
        comments = [
            Comment(f"Ug{number:08}", _VIDEO, _text(texts, number), 0, now)
            for number in range(start, min(n_comments, start + _AT_ONCE))
        ]
        send(list(pack(_VIDEO, comments, fetched_at=now)))
    return n_comments / (time.perf_counter() - started_s)


def _predict(model: Predictor, texts: Sequence[str], n_texts: int, *, first: int) -> float:
    """Return the texts a second of the predictor, given as many at once as a worker takes."""
    wanted = [_text(texts, number) for number in range(first, first + n_texts)]
    started_s = time.perf_counter()
    for start in range(0, len(wanted), _AT_ONCE):
        model.predict(wanted[start : start + _AT_ONCE])
    return len(wanted) / (time.perf_counter() - started_s)
