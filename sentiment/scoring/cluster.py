"""Dask's workers: the one module that knows of Dask.

Dask's processes send each other Python objects with cloudpickle: whoever may talk to a scheduler
may run code on its workers. So the embedded cluster listens on 127.0.0.1 alone, behind TLS with
keys made for this one run, and without a dashboard; a scheduler elsewhere is used only when it
is named. What is sent is which rows of which file to score and how many there were, never a
comment. Dask reads its settings, such as TLS keys for a scheduler elsewhere, from
`DASK_DISTRIBUTED__COMM__TLS__…` (distributed's documentation, "TLS/SSL").
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from typing import TypeVar, cast
from urllib.parse import urlsplit

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, Security, wait
from distributed.client import FuturesCancelledError
from distributed.comm.core import connect

from sentiment.errors import ScoringError

_T = TypeVar("_T")
_R = TypeVar("_R")

_LOGGER = logging.getLogger(__name__)
_GO_ON = "What is done is kept: run the same command again to go on."
# A task that was on a worker when it was killed counts as a failure of its own; a few workers
# that are killed for other reasons must not end the run.
_ALLOWED_FAILURES = 10
_LOOK_EVERY_S = 1.0
_PATIENCE_S = 60.0
_CONNECT_S = 10.0
_AHEAD = 2
_QUIET = {
    "distributed.scheduler.allowed-failures": _ALLOWED_FAILURES,
    # Each process listens for HTTP whether wanted or not; without routes it answers nothing.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # It would look at every worker's stack a hundred times a second, for the dashboard.
    "distributed.worker.profile.enabled": False,
}
# A tokenizer that takes all cores would take them from the other workers.
_ONE_CORE = {"RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
_TALKATIVE = ("batched", "client", "comm", "core", "utils")
_LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))


class Workers:
    """Workers that take tasks.

    Args:
        client: connected to their scheduler.
        address: of the scheduler.
        patience_s: seconds without any worker after which a run ends.
    """

    def __init__(self, client: Client, *, address: str, patience_s: float) -> None:
        self._client = client
        self._address = address
        # They log a lost scheduler with tracebacks; that comes as an error of ours.
        for name in _TALKATIVE:
            logging.getLogger(f"distributed.{name}").setLevel(logging.CRITICAL)
        self._patience_s = patience_s

    def run(self, function: Callable[[_T], _R], tasks: Iterable[_T]) -> Iterator[_R]:
        """Run a function on each task and yield what it returns, as it comes.

        Only a few tasks wait at a time, so that any number of them needs no memory; tasks start
        in their order.

        Args:
            function: importable by the workers; it may run twice on a task whose worker died.
            tasks: small: they are sent over the network.

        Raises:
            ScoringError: the scheduler is gone, no worker is left, or one task kills workers.
            SentimentError: whatever of our errors the function raised.
        """
        for answer, failure in self._answers(function, tasks):
            if isinstance(failure, KilledWorker):
                raise ScoringError(
                    f"One task ended its worker again and again: {failure}.",
                    hint=f"Give the workers more memory, or take fewer. {_GO_ON}",
                ) from failure
            if failure is not None:
                raise failure
            yield cast("_R", answer)

    def _answers(
        self, function: Callable[[_T], _R], tasks: Iterable[_T]
    ) -> Iterator[tuple[_R | None, BaseException | None]]:
        """Yield what each task returned or raised; raise what is wrong with the cluster."""
        waiting = iter(tasks)
        pending: set[Future[_R]] = set()
        seen_at = time.monotonic()
        try:
            while True:
                n_slots = sum(self._client.nthreads().values())  # type: ignore[no-untyped-call]
                if n_slots:
                    seen_at = time.monotonic()
                elif time.monotonic() - seen_at > self._patience_s:
                    raise ScoringError(
                        f"The scheduler has had no worker for {self._patience_s:.0f} s.",
                        hint=_GO_ON,
                    )
                for task in islice(waiting, max(0, _AHEAD * max(n_slots, 1) - len(pending))):
                    pending.add(self._client.submit(function, task, pure=False))
                if not pending:
                    return
                for future in self._wait(pending):
                    if future.status == "error":
                        pending.remove(future)
                        yield None, future.exception()  # type: ignore[no-untyped-call]
                        continue
                    # A worker that dies before its answer is fetched takes the answer with it;
                    # then the task runs again.
                    with suppress(TimeoutError):
                        answer = future.result(timeout=_LOOK_EVERY_S)
                        pending.remove(future)
                        yield answer, None
        # Dask cancels what it was asked for when the scheduler is gone.
        except (OSError, CancelledError, FuturesCancelledError) as error:
            raise ScoringError(
                f"The scheduler at {self._address} is gone: {error}.", hint=_GO_ON
            ) from error

    def _wait(self, pending: set[Future[_R]]) -> set[Future[_R]]:
        try:
            return set(wait(pending, _LOOK_EVERY_S, "FIRST_COMPLETED").done)  # type: ignore[no-untyped-call]
        except TimeoutError:
            return set()


@contextmanager
def embedded(*, n_workers: int | None) -> Iterator[Workers]:
    """Start workers on this machine, each a process of one core that is replaced when it dies.

    They end with this process, even if it is killed.

    Args:
        n_workers: processes, > 0; None takes all cores that this process may use.

    Raises:
        ScoringError: they can't be started.
    """
    with dask.config.set(_QUIET), ExitStack() as opened:
        try:
            cluster = opened.enter_context(
                LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=n_workers,
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    security=True,
                    # Parts are small; Dask's own limit would pause or kill workers.
                    memory_limit=None,
                    env=_ONE_CORE,
                )
            )
            client = opened.enter_context(Client(cluster))  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, RuntimeError) as error:
            raise ScoringError(f"The workers could not be started: {error}.") from error
        yield Workers(client, address=cluster.scheduler_address, patience_s=_PATIENCE_S)


@contextmanager
def remote(address: str) -> Iterator[Workers]:
    """Use the workers of a scheduler that runs already.

    They must run this version of the package, and see the inputs, the bundle and the output
    at the same places as this process.

    Args:
        address: `tcp://HOST:PORT`, or `tls://HOST:PORT` with keys from Dask's settings.

    Raises:
        ScoringError: there is no scheduler.
    """
    parts = urlsplit(address)
    if parts.scheme != "tls" and parts.hostname not in _LOOPBACK:
        _LOGGER.warning(
            "%s is reached without TLS: whoever is between can run code on its workers", address
        )
    try:
        # Asked for first: a client that found no scheduler is never closed by Dask, and its
        # finaliser can wait for a lock that its own thread holds.
        asyncio.run(_look_for(address))
        client = Client(address, timeout=_CONNECT_S)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ScoringError(
            f"There is no scheduler at {address}: {error}.",
            hint="Start one with `dask scheduler`, and workers with `dask worker ADDRESS`.",
        ) from error
    with client:
        yield Workers(client, address=address, patience_s=_PATIENCE_S)


async def _look_for(address: str) -> None:
    keys = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
    found = await connect(address, timeout=_CONNECT_S, **keys)  # type: ignore[no-untyped-call]
    await found.close()
