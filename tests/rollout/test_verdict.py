from __future__ import annotations

import numpy as np
import pytest

from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import ArmCounts
from sentiment.rollout.verdict import Decision, Limits, judge


def counts(
    arm: Arm, n: int, *, failing: float = 0, slow: float = 0, differing: float = 0, fixed: int = 0
) -> ArmCounts:
    return ArmCounts(
        arm=arm,
        n_videos=n,
        n_calls=n,
        failing=failing * n,
        slow=slow * n,
        n_compared=n,
        n_texts=n * 50,
        differing=differing * n,
        corrected=fixed,
    )


def test_nothing_seen_goes_on() -> None:
    assert judge([], Limits(), is_canary=True).decision == Decision.GO_ON


def test_a_good_canary_is_ready_once_enough_was_seen() -> None:
    def decision(n: int) -> Decision:
        seen = [counts(Arm.CHAMPION, 9 * n), counts(Arm.CANARY, n), counts(Arm.SHADOW, n)]
        return judge(seen, Limits(), is_canary=True).decision

    assert decision(20) == Decision.GO_ON
    assert decision(300) == Decision.READY


@pytest.mark.parametrize(
    ("bad", "question"),
    [
        (counts(Arm.CANARY, 60, failing=0.5), "fail"),
        (counts(Arm.CANARY, 60, slow=1.0), "slow"),
        (counts(Arm.CANARY, 60, fixed=40), "corrections"),
        (counts(Arm.SHADOW, 60, differing=0.8), "another label"),
    ],
)
def test_a_bad_one_is_rolled_back_for_the_reason_that_is_named(
    bad: ArmCounts, question: str
) -> None:
    good = {arm: counts(arm, 200) for arm in Arm}
    verdict = judge([*(good | {bad.arm: bad}).values()], Limits(), is_canary=True)
    assert verdict.decision == Decision.ROLL_BACK
    assert question in verdict.reason
    assert verdict.reason.count("limit") == 1


def test_what_the_champion_suffers_too_is_not_the_candidates_fault() -> None:
    seen = [counts(arm, 100, slow=0.9, failing=0.5) for arm in Arm]
    assert judge(seen, Limits(), is_canary=True).decision == Decision.GO_ON


def test_in_the_shadow_nobody_can_correct() -> None:
    seen = [counts(Arm.CHAMPION, 500), counts(Arm.SHADOW, 500)]
    verdict = judge(seen, Limits(), is_canary=False)
    assert verdict.decision == Decision.READY
    assert len(verdict.findings) == 3


def test_a_model_that_is_as_good_is_hardly_ever_rolled_back_however_often_one_looks() -> None:
    rng = np.random.default_rng(13)
    wrong = 0
    for _ in range(100):
        champion = rng.random(200) < 0.3
        canary = rng.random(200) < 0.3
        for n in range(1, 201):
            seen = [
                counts(Arm.CHAMPION, n, fixed=int(champion[:n].sum())),
                counts(Arm.CANARY, n, fixed=int(canary[:n].sum())),
                counts(Arm.SHADOW, n, differing=0.1),
            ]
            if judge(seen, Limits(), is_canary=True).decision == Decision.ROLL_BACK:
                wrong += 1
                break
    assert wrong <= 5
