"""What the runs of a service share, and what they have to say: the faces between their parts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sentiment.serving.activity import Activity
from sentiment.serving.fetch_plan import CommentSource
from sentiment.serving.memory import Memory
from sentiment.serving.snapshot import JudgedComment
from sentiment.serving.trial.arms import Arms
from sentiment.serving.wire_analysis import AnalysisBody, QuotaBody


class Ledger(Protocol):
    """What keeps account of the day's quota. Thread-safe."""

    def spend(self, units: int) -> None:
        """Write units down before they are spent, or refuse with `QuotaExceededError`."""

    def exhausted(self) -> None:
        """Write down that YouTube itself says the day's quota is spent."""

    def left(self) -> QuotaBody | None:
        """Return what is left; None where nobody can tell."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a run has to say.

    Attributes:
        comments: that came since the last time; a known id replaces the older.
        analysis: over all that came so far.
        is_last: nothing comes after it.
    """

    comments: Sequence[JudgedComment]
    analysis: AnalysisBody
    is_last: bool


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every run of a service shares.

    Attributes:
        arms: lends the model that labels a run's comments.
        source: opens the source of comments, slow at first.
        memory: what is remembered.
        ledger: the day's quota.
        fetchers: threads that fetch; their number bounds the fetches at once.
        predicting: held while the model works: one call already uses all cores.
        activity: told while the model works.
        fresh: a video that was fetched less than this ago is not fetched again.
        notice: what every result says of its origin.
    """

    arms: Arms
    source: Callable[[], CommentSource]
    memory: Memory
    ledger: Ledger
    fetchers: Executor
    predicting: threading.Semaphore
    activity: Activity
    fresh: timedelta
    notice: str
