"""What may be concluded from the counts so far: go on, ready to be promoted, or roll back.

Pure. Each question compares a candidate with a limit by confidence sequences (`sequences`), so
that asking after every video does not make a good model fail, nor a bad one pass, more often
than stated. "Roll back" means: sure to be beyond the limit. "Ready": sure to be within all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import ArmCounts
from sentiment.rollout.sequences import Span, mean_sequence


class Limits(BaseModel):
    """How much worse a candidate may be. Shares are means over videos, in [0, 1]."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    more_failures: float = Field(default=0.05, gt=0, le=1)
    """Share of calls that fail, above the champion's."""

    more_slow: float = Field(default=0.10, gt=0, le=1)
    """Share of calls slower than `slow_ms_a_text`, above the champion's."""

    more_corrected: float = Field(default=0.10, gt=0, le=1)
    """Share of videos with a corrected label, above the champion's."""

    differing: float = Field(default=0.35, gt=0, le=1)
    """Share of texts with another label than the champion's."""

    slow_ms_a_text: float = Field(default=50.0, gt=0)
    """A call that takes longer for each of its texts counts as slow."""

    certainty: float = Field(default=0.95, gt=0, lt=1)
    """Of the whole verdict, over all questions and all looks."""


class Decision(StrEnum):
    """What to do."""

    GO_ON = "go on"
    READY = "ready"
    ROLL_BACK = "roll back"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question.

    Attributes:
        question: what was asked.
        span: how much worse the candidate is, at least and at most.
        limit: what is allowed.
    """

    question: str
    span: Span
    limit: float

    @property
    def decision(self) -> Decision:
        """What this question alone says."""
        if self.span.low > self.limit:
            return Decision.ROLL_BACK
        return Decision.READY if self.span.high <= self.limit else Decision.GO_ON

    def __str__(self) -> str:
        return (
            f"{self.question}: between {self.span.low:+.3f} and {self.span.high:+.3f}, "
            f"limit {self.limit:+.3f}"
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the counts say.

    Attributes:
        findings: every question asked.
    """

    findings: tuple[Finding, ...]

    @property
    def decision(self) -> Decision:
        """Roll back if one question says so, ready if all do, else go on."""
        said = {finding.decision for finding in self.findings}
        if Decision.ROLL_BACK in said:
            return Decision.ROLL_BACK
        return Decision.READY if said == {Decision.READY} else Decision.GO_ON

    @property
    def reason(self) -> str:
        """The questions behind the decision, with their numbers."""
        decision = self.decision
        return "; ".join(str(one) for one in self.findings if one.decision == decision)


_Measured = tuple[int, float]


def judge(counts: Sequence[ArmCounts], limits: Limits, *, is_canary: bool) -> Verdict:
    """Judge a candidate by what was counted so far.

    Args:
        counts: of the arms; one that is missing has seen nothing. In a canary, what champion and
            candidate did since it began: the longer one is seen, the more is corrected.
        limits: what is allowed.
        is_canary: whether viewers are shown its labels; in the shadow alone nobody can correct
            them, and its calls fail and are slow beside those of the champion.
    """
    by_arm = {one.arm: one for one in counts}
    champion = by_arm.get(Arm.CHAMPION, ArmCounts(arm=Arm.CHAMPION))
    shadow = by_arm.get(Arm.SHADOW, ArmCounts(arm=Arm.SHADOW))
    arm = Arm.CANARY if is_canary else Arm.SHADOW
    tried = by_arm.get(arm, ArmCounts(arm=arm))
    asked: list[tuple[str, float, _Measured, _Measured | None]] = [
        (
            "more calls that fail",
            limits.more_failures,
            (tried.n_videos, tried.failing),
            (champion.n_videos, champion.failing),
        ),
        (
            "more calls that are slow",
            limits.more_slow,
            (tried.n_videos, tried.slow),
            (champion.n_videos, champion.slow),
        ),
        (
            "texts with another label",
            limits.differing,
            (shadow.n_compared, shadow.differing),
            None,
        ),
    ]
    if is_canary:
        asked.append(
            (
                "more videos with corrections",
                limits.more_corrected,
                (tried.n_videos, float(tried.corrected)),
                (champion.n_videos, float(champion.corrected)),
            )
        )
    # Bonferroni: each question holds two sequences at most.
    alpha = (1 - limits.certainty) / (2 * len(asked))
    findings = []
    for question, limit, candidate, beside in asked:
        its = mean_sequence(*candidate, alpha=alpha)
        others = Span(0.0, 0.0) if beside is None else mean_sequence(*beside, alpha=alpha)
        findings.append(
            Finding(question, Span(its.low - others.high, its.high - others.low), limit)
        )
    return Verdict(tuple(findings))
