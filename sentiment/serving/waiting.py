"""How long texts wait in the framework's batching queue, which keeps no time of its own.

The first text of each request carries the time at which it was read; the batch, which mixes the
texts of several requests, still has it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import field_validator

from sentiment.serving.wire import PredictRequest


class TimedText(str):
    """A text that knows when its request was read, in seconds of the monotonic clock."""

    __slots__ = ("read_s",)

    read_s: float


class TimedPredictRequest(PredictRequest):
    """Body of `POST /v1/predict`, whose first text is a `TimedText`."""

    @field_validator("texts")
    @classmethod
    def _time(cls, texts: list[str]) -> list[str]:
        first = TimedText(texts[0])
        first.read_s = time.monotonic()
        return [first, *texts[1:]]


def waits_s(texts: Sequence[Any], *, now_s: float) -> Iterator[float]:
    """Yield the seconds that each request within a batch has waited.

    Args:
        texts: of one batch.
        now_s: when the batch is scored, in seconds of the monotonic clock.
    """
    for text in texts:
        if isinstance(text, TimedText):
            yield now_s - text.read_s
