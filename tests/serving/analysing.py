"""Analyses without a server around them: over the stand-in of YouTube and a real store."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from sentiment.inference.predictor import Predictor
from sentiment.serving.account import QuotaAccount
from sentiment.serving.activity import Activity
from sentiment.serving.analyser import Analyser
from sentiment.serving.fetch_plan import CommentSource
from sentiment.serving.limits import MAX_CONCURRENT_ANALYSES
from sentiment.serving.memory import Breaker, Memory
from sentiment.serving.models import Model, Models
from sentiment.serving.trial.arms import Arms
from sentiment.serving.wire_analysis import STAND_IN_NOTICE, AnalyzeBody, AnalyzeRequest
from sentiment.serving.workshop import Workshop
from sentiment.store import QuotaLedger, Store
from sentiment.youtube.client import YouTubeClient


def now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


def new_analyser(
    store: Store,
    endpoint: str,
    *,
    model: Model | None = None,
    models: Models | None = None,
    arms: Arms | None = None,
    source: CommentSource | None = None,
    max_runs: int = MAX_CONCURRENT_ANALYSES,
    units_a_day: int = 1_000,
    clock: Callable[[], datetime] = now,
    fresh: timedelta = timedelta(0),
    notice: str = STAND_IN_NOTICE,
) -> Analyser:
    """An analyser that fetches from `source`, else from `endpoint`; to be closed."""
    models = models or Models(model or Predictor.dummy())
    breaker = Breaker()

    @functools.cache
    def client() -> CommentSource:
        return source or YouTubeClient(None, endpoint=endpoint, backoff_s=0.001)

    ledger = QuotaLedger(store, limit=units_a_day, clock=clock)
    workshop = Workshop(
        arms=arms or Arms(models),
        source=client,
        memory=Memory(store, breaker=breaker),
        ledger=QuotaAccount(ledger, breaker=breaker),
        fetchers=ThreadPoolExecutor(2),
        predicting=threading.Semaphore(),
        activity=Activity(),
        fresh=fresh,
        notice=notice,
    )
    return Analyser(workshop, max_runs=max_runs)


def analyse(
    store: Store, endpoint: str, video_id: str, *, max_comments: int = 1_000, **options: Any
) -> AnalyzeBody:
    """One analysis, by an analyser of its own that takes `options`."""
    order = options.pop("order", "time")
    analyser = new_analyser(store, endpoint, **options)
    request = AnalyzeRequest(video_id=video_id, max_comments=max_comments, order=order)
    try:
        return asyncio.run(analyser.analyse(request))
    finally:
        analyser.close()
