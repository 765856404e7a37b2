"""The poller as a function that a schedule calls: one round of polls a call."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import Any, Protocol

from sentiment.errors import YouTubeUnavailableError
from sentiment.serving.logs import configure_logging
from sentiment.settings import load_settings
from sentiment.store import Store, open_store
from sentiment.stream.opening import open_poller, open_queue
from sentiment.stream.poller import QUOTA_SPENT

_SPARE_S = 10.0


class Context(Protocol):
    """What is needed of a call's context."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the call may still take."""


def poll(event: object, context: Context) -> dict[str, Any]:  # noqa: ARG001 - the schedule's own
    """Poll every watched video that is due, once.

    Returns:
        How many polls were made, how many failed, comments sent, and units spent.

    Raises:
        ConfigError: the environment can't be used.
        QueueError: the queue can't be reached.
        StoreError: the store can't.
        YouTubeUnavailableError: no watched video can be polled. What was polled is kept.
    """
    settings = load_settings()
    configure_logging(settings.log_format)
    stop = threading.Event()
    # A call that is cut off would leave what it had begun to the next.
    left_s = max(1.0, context.get_remaining_time_in_millis() / 1_000 - _SPARE_S)
    timer = threading.Timer(left_s, stop.set)
    timer.daemon = True
    timer.start()
    try:
        with closing(open_store(settings.store_url.get_secret_value())) as store:
            poller = open_poller(settings, store, open_queue(settings, store), stop=stop)
            poller.poll_due()
            _refuse_silence(store)
    finally:
        timer.cancel()
    done = poller.done
    return {"polls": done.polls, "failed": done.failed, "sent": done.sent, "units": done.units}


def _refuse_silence(store: Store) -> None:
    """Fail where the last poll of every watched video failed: only failed calls raise an alarm.

    Also in a call in which none was due: after failures a video may not be due for half an hour.
    """
    watched = [watch for watch in store.watches() if watch.due_at is not None]
    failing = [watch for watch in watched if watch.problem not in {None, QUOTA_SPENT}]
    if failing and len(failing) == len(watched):
        raise YouTubeUnavailableError(
            f"None of {len(watched)} watched videos could be polled. The last said: "
            f"{failing[-1].problem}",
            hint="See to the key of the Data API and the way out of the network.",
        )
