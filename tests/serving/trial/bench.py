"""Two models, one of them tried, and analyses over them without a server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from sentiment.comments import Prediction
from sentiment.errors import InferenceError
from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import ArmCounts
from sentiment.serving.memory import Breaker
from sentiment.serving.models import Model, Models
from sentiment.serving.trial.arms import Arms
from sentiment.serving.trial.guard import Guard
from sentiment.serving.trial.trial import Trial
from sentiment.serving.wire_analysis import AnalyzeBody, AnalyzeRequest
from sentiment.store import Store
from tests.serving.analysing import new_analyser
from tests.serving.labelling import ConstantModel


@dataclass
class Bench:
    """Two models, one of them tried, and analyses over them.

    Attributes:
        champion: answers.
        trial: of the candidate.
        guard: of the trial; looks when it is told to.
    """

    store: Store
    endpoint: str
    champion: Model
    trial: Trial
    breaker: Breaker = field(default_factory=Breaker)

    def __post_init__(self) -> None:
        self.arms = Arms(Models(self.champion), is_store_away=lambda: self.breaker.is_open)
        self.arms.trial = self.trial
        self.guard = Guard(self.trial, store=self.store, breaker=self.breaker)

    def analyse(self, *video_ids: str, max_comments: int = 500) -> list[AnalyzeBody]:
        """Return analyses, one after the other."""
        analyser = new_analyser(self.store, self.endpoint, arms=self.arms)

        async def run() -> list[AnalyzeBody]:
            return [
                await analyser.analyse(AnalyzeRequest(video_id=id_, max_comments=max_comments))
                for id_ in video_ids
            ]

        try:
            return asyncio.run(run())
        finally:
            analyser.close()

    def answering(self, video_id: str) -> str:
        """Return the digest of the model that a video is labelled with now."""
        return digest_lent(self.arms, video_id)

    @property
    def counts(self) -> dict[Arm, ArmCounts]:
        """What the store has counted."""
        return {arm.arm: arm for arm in self.store.arm_counts(self.trial.plan.rollout_id)}


class SlowModel(ConstantModel):
    """Takes its time for each text."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        time.sleep(0.01 * len(texts))
        return super().predict(texts)


@dataclass(eq=False)
class TiringModel(ConstantModel):
    """Labels well at first, and fails then."""

    good_calls: int = 1

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.good_calls -= 1
        if self.good_calls < 0:
            raise InferenceError("tired")
        return super().predict(texts)


def digest_lent(arms: Arms, video_id: str) -> str:
    """Return the digest of the model that arms lend for a video."""
    assigned = arms.lend(video_id)
    try:
        return assigned.loan.model.digest
    finally:
        assigned.end()
