"""Single texts from many clients at once: how many a second, and how long each waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from sentiment.benchmark.percentiles import percentile
from sentiment.benchmark.service import post_one_by_one

CLIENTS = (1, 16, 64)
"""Clients at once, each with one request under way."""


@dataclass(frozen=True, slots=True)
class Load:
    """What some clients saw.

    Attributes:
        clients: at once.
        requests: of one text each, all answered.
        texts_per_s: over all clients.
        p50_ms: median latency.
        p99_ms: the 99th percentile.
        of_engine: texts a second over those of the predictor, one by one, in the same run.
    """

    clients: int
    requests: int
    texts_per_s: float
    p50_ms: float
    p99_ms: float
    of_engine: float

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)


def measure_load(
    url: str,
    texts: Sequence[str],
    *,
    engine_per_s: float,
    on_turn: Callable[[str], None] = lambda _: None,
) -> list[Load]:
    """Post single texts from 1, 16 and 64 clients.

    Args:
        url: of the service.
        texts: split among the clients, no two equal.
        engine_per_s: texts a second of the predictor, one by one.
        on_turn: told what happens next.

    Raises:
        InferenceError: a request was not answered with its prediction.
    """
    loads = []
    for clients in CLIENTS:
        on_turn(f"single texts from {clients} clients")
        shares = [texts[number::clients] for number in range(clients)]
        started_s = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            latencies = [ms for each in pool.map(lambda share: post_one_by_one(url, share), shares)
                         for ms in each]  # fmt: skip
        texts_per_s = len(latencies) / (time.perf_counter() - started_s)
        loads.append(
            Load(
                clients=clients,
                requests=len(latencies),
                texts_per_s=texts_per_s,
                p50_ms=percentile(latencies, 50),
                p99_ms=percentile(latencies, 99),
                of_engine=texts_per_s / engine_per_s,
            )
        )
    return loads
