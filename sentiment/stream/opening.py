"""The stream's parts from what the environment says."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from sentiment.settings import Settings
from sentiment.store import QuotaLedger, Store
from sentiment.stream.embedded import EmbeddedQueue
from sentiment.stream.pace import Pace
from sentiment.stream.poller import Poller
from sentiment.stream.queue import VISIBILITY_S, CommentQueue


def open_queue(
    settings: Settings, store: Store, *, visibility_s: float = VISIBILITY_S
) -> CommentQueue:
    """Return the queue of SENTIMENT_QUEUE_URL, else that in the store.

    Args:
        settings: what the environment says.
        store: an open one; stays the caller's.
        visibility_s: seconds after which a message that was taken goes to the next, > 0.

    Raises:
        ConfigError: the address is of no queue, or boto3 is missing.
    """
    if settings.queue_url is None:
        return EmbeddedQueue(store, visibility_s=visibility_s)
    from sentiment.stream.sqs import SqsQueue  # noqa: PLC0415 - few need it

    return SqsQueue(settings.queue_url, visibility_s=visibility_s)


def open_poller(
    settings: Settings,
    store: Store,
    queue: CommentQueue,
    *,
    stop: threading.Event,
    pace: Pace | None = None,
) -> Poller:
    """Return a poller of YouTube, or of the stand-in that is named.

    Args:
        settings: give the key, the stand-in and the day's quota.
        store: an open one; stays the caller's.
        queue: takes new comments.
        stop: ends a poll when somebody sets it.
        pace: how often; None is the usual.

    Raises:
        ConfigError: the stand-in's address can't be used.
        ApiKeyInvalidError: the key holds characters that no key has.
    """
    from sentiment.youtube.client import YouTubeClient  # noqa: PLC0415 - slow to import

    def clock() -> datetime:
        return datetime.now(UTC)

    return Poller(
        store,
        queue,
        YouTubeClient(settings.youtube_api_key, endpoint=settings.youtube_endpoint),
        QuotaLedger(store, limit=settings.quota_units_a_day, clock=clock),
        clock=clock,
        pace=pace or Pace(),
        stop=stop,
    )
