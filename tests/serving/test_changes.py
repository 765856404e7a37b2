"""Clients that wait for comments, over a store that is slow or away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from sentiment.errors import BusyError, StoreUnavailableError
from sentiment.serving.changes import Changes
from sentiment.serving.limits import MAX_CONCURRENT_LOOKS
from sentiment.serving.memory import Breaker
from sentiment.serving.wire import ChangesBody
from sentiment.store.records import Watch

VIDEO = "dQw4w9WgXcQ"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
N_WAITERS = 20
HOLD_S = 1.0


class SlowStore:
    """Takes its time for each look, and counts them."""

    def __init__(self, look_s: float) -> None:
        self.n_looks = 0
        self._look_s = look_s

    def watches_of(self, video_ids: Sequence[str]) -> dict[str, Any]:
        self.n_looks += 1
        time.sleep(self._look_s)
        return self.found(video_ids)

    def found(self, video_ids: Sequence[str]) -> dict[str, Any]:
        return dict.fromkeys(video_ids, Watch(VIDEO, NOW, due_at=NOW, interval_s=60))


class AwayStore(SlowStore):
    """Takes its time to say that it is away."""

    def found(self, video_ids: Sequence[str]) -> dict[str, Any]:
        raise StoreUnavailableError("the server at 10.0.0.1 is away", hint="Wait.")


def waited(
    store: Any, after: str | None = "none", breaker: Breaker | None = None
) -> list[ChangesBody | BaseException]:
    """What each of many clients is answered that wait at once."""
    shared = breaker or Breaker()

    async def run() -> list[ChangesBody | BaseException]:
        changes = Changes(lambda: store, breaker=lambda: shared, hold_s=HOLD_S)
        waiting = (changes.wait(VIDEO, after) for _ in range(N_WAITERS))
        return await asyncio.gather(*waiting, return_exceptions=True)

    return asyncio.run(run())


def kinds(answers: Sequence[object]) -> set[type]:
    return {type(answer) for answer in answers}


def test_store_that_is_away_is_asked_by_one_turn_of_looks_for_all_who_wait() -> None:
    store, breaker = AwayStore(look_s=0.1), Breaker()
    assert kinds(waited(store, breaker=breaker)) == {StoreUnavailableError}
    assert store.n_looks <= MAX_CONCURRENT_LOOKS
    # Nor do the others ask it who share the breaker, or those who come now.
    assert breaker.is_open
    assert kinds(waited(store, breaker=breaker)) == {StoreUnavailableError}
    assert store.n_looks <= MAX_CONCURRENT_LOOKS


def test_wait_for_a_turn_ends_with_the_hold() -> None:
    store = SlowStore(look_s=0.6)
    assert waited(store) == [ChangesBody(token="none")] * N_WAITERS
    # Those that begin within the hold, and no look for each who waits.
    assert store.n_looks <= 3 * MAX_CONCURRENT_LOOKS


def test_present_token_that_nobody_could_look_up_is_not_made_up() -> None:
    answers = waited(SlowStore(look_s=0.6), after=None)
    assert kinds(answers) == {ChangesBody, BusyError}
    assert {one.token for one in answers if isinstance(one, ChangesBody)} == {"none"}


@pytest.mark.parametrize(("after", "token"), [(None, "none"), ("older", "none")])
def test_token_that_is_another_is_told_at_once(after: str | None, token: str) -> None:
    store = SlowStore(look_s=0)
    assert waited(store, after) == [ChangesBody(token=token)] * N_WAITERS
    assert store.n_looks == N_WAITERS
