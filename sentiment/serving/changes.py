"""Who waits for comments of a watched video is told as soon as the stream has kept some.

Long polling: a request is held until something has come, and answered after a while anyhow.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from anyio import CapacityLimiter, move_on_after, to_thread

from sentiment.errors import BusyError, StoreUnavailableError
from sentiment.serving import limits
from sentiment.serving.memory import Breaker
from sentiment.serving.wire import ChangesBody
from sentiment.store import Store

_LOOK_S = 0.5


class Changes:
    """Lives on the event loop.

    Args:
        store: gives the store; called at each look.
        breaker: gives what is shared by all who use this store; called at each look.
        hold_s: seconds that a request is held at most, and a look at the store longer, > 0.
    """

    def __init__(
        self,
        store: Callable[[], Store],
        *,
        breaker: Callable[[], Breaker],
        hold_s: float = limits.HOLD_S,
    ) -> None:
        self._store = store
        self._breaker = breaker
        self._hold_s = hold_s
        self._turns = CapacityLimiter(limits.MAX_CONCURRENT_LOOKS)
        self._waiting = 0

    async def wait(self, video_id: str, after: str | None) -> ChangesBody:
        """Return a token of the video's comments, once it is another than `after`.

        Args:
            video_id: the 11 characters; of one that is not watched there is no token.
            after: a token; None asks for the present one.

        Raises:
            BusyError: as many wait as may, or the store is too slow to give the present token.
            StoreUnavailableError: the store does not answer.
        """
        if self._waiting >= limits.MAX_WAITING:
            raise _busy()
        self._waiting += 1
        try:
            ends_s = time.monotonic() + self._hold_s
            while (left_s := ends_s - time.monotonic()) > 0:
                if self._breaker().is_open:
                    raise _away()
                # Bounds the wait for a turn, too; a look that has begun is waited for.
                with move_on_after(left_s):
                    token = await to_thread.run_sync(self._look, video_id, limiter=self._turns)
                    if token is None or token != after:
                        return ChangesBody(token=token)
                await asyncio.sleep(_LOOK_S)
            if after is None:
                raise _busy()
            return ChangesBody(token=after)
        finally:
            self._waiting -= 1

    def _look(self, video_id: str) -> str | None:
        """Return the token; runs in a thread."""
        found = self._breaker().call(lambda: (self._token(video_id),), otherwise=None)
        if found is None:
            raise _away()
        return found[0]

    def _token(self, video_id: str) -> str | None:
        watch = self._store().watches_of([video_id]).get(video_id)
        if watch is None or watch.due_at is None:
            return None
        return watch.changed_at.isoformat() if watch.changed_at else "none"


def _busy() -> BusyError:
    return BusyError(
        "Too many clients wait for comments.", hint="Wait a moment and send the request again."
    )


def _away() -> StoreUnavailableError:
    return StoreUnavailableError(
        "The store is away, and left alone for a while.", hint="Wait a moment and try again."
    )
