from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sentiment.errors import GateRefusedError
from sentiment.evaluation.decision import GateDecision
from sentiment.evaluation.gate import (
    Corrections,
    GateLimits,
    ModelFigures,
    PrimarySet,
    judge,
)
from sentiment.release.bundle import Parity
from tests.evaluation.handmade import random_classes


def _parity(agreement: float, loss: float) -> Parity:
    # Not validated: a manifest with a figure that is none is met here too.
    return Parity.model_construct(
        rows=2_000, label_agreement=agreement, largest_probability_gap=0.1, macro_f1_loss=loss
    )


_LABELS, _CHAMPION_CLASSES = random_classes(2_000, seed=1, accuracy=0.6)
_CHAMPION = ModelFigures("champion", "c" * 64, _CHAMPION_CLASSES, _parity(1.0, 0.0))
_PRIMARY = PrimarySet(
    "goemotions", human_labelled=True, labels=_LABELS, slices={"emoji": range(100)}
)


def _mended(share: float) -> ModelFigures:
    """The champion with a share of its errors put right, away from the emoji slice."""
    classes = _CHAMPION_CLASSES.copy()
    wrong = np.flatnonzero(classes != _LABELS)
    wrong = wrong[wrong >= 100]
    chosen = wrong[: int(len(wrong) * share)]
    classes[chosen] = _LABELS[chosen]
    return ModelFigures("candidate", "d" * 64, classes, _parity(0.99, 0.001))


def _judge(
    candidate: ModelFigures,
    champion: ModelFigures | None = _CHAMPION,
    *,
    primary: PrimarySet = _PRIMARY,
    corrections: Corrections | None = None,
) -> GateDecision:
    return judge(
        candidate,
        champion,
        primary=primary,
        limits=GateLimits(),
        rng=np.random.default_rng(0),
        must_be_better=corrections is None,
        corrections=corrections,
    )


def _corrections(n: int, *, mended: int = 0, spoiled: int = 0) -> Corrections:
    """Corrections of which the champion knows every second one."""
    labels = np.arange(n) % 3
    champion = np.where(np.arange(n) % 2, labels, (labels + 1) % 3)
    candidate = champion.copy()
    wrong, right = np.flatnonzero(champion != labels), np.flatnonzero(champion == labels)
    candidate[wrong[:mended]] = labels[wrong[:mended]]
    candidate[right[:spoiled]] = (labels[right[:spoiled]] + 1) % 3
    return Corrections(labels, candidate, champion)


def _failed(decision: GateDecision) -> list[str]:
    return [check.name for check in decision.checks if not check.passed]


def test_gate_passes_a_clearly_better_candidate() -> None:
    decision = _judge(_mended(0.5))
    decision.raise_if_refused()
    assert decision.passed
    assert [check.name for check in decision.checks] == [
        "labels",
        "parity of labels",
        "parity of macro-F1",
        "better on goemotions",
        "slice emoji",
    ]


def test_gate_refuses_what_chance_explains() -> None:
    assert _failed(_judge(_mended(0.002))) == ["better on goemotions"]


def test_gate_refuses_an_equal_model_of_another_digest() -> None:
    assert _failed(_judge(replace(_CHAMPION, digest="e" * 64))) == ["better on goemotions"]


def test_gate_refuses_a_slice_that_got_far_worse() -> None:
    candidate = _mended(0.9)
    classes = candidate.classes.copy()
    classes[:100] = (_LABELS[:100] + 1) % 3
    decision = _judge(replace(candidate, classes=classes))
    assert _failed(decision) == ["slice emoji"]


@pytest.mark.parametrize(
    ("n_mended", "n_spoiled", "failed"), [(27, 31, []), (0, 15, ["slice emoji"])]
)
def test_gate_lets_a_slice_lose_what_chance_explains(
    n_mended: int, n_spoiled: int, failed: list[str]
) -> None:
    """Both lose more than 0.05 on 60 rows: one by 4 rows of 58 that changed, one by 15 of 15."""
    candidate = _mended(0.9)
    classes, is_right = candidate.classes.copy(), _CHAMPION_CLASSES[:60] == _LABELS[:60]
    mended, spoiled = np.flatnonzero(~is_right)[:n_mended], np.flatnonzero(is_right)[:n_spoiled]
    classes[mended] = _LABELS[mended]
    classes[spoiled] = (_LABELS[spoiled] + 1) % 3
    primary = replace(_PRIMARY, slices={"emoji": range(60)})
    assert _failed(_judge(replace(candidate, classes=classes), primary=primary)) == failed


def test_gate_judges_no_slice_of_few_rows() -> None:
    primary = replace(_PRIMARY, slices={"emoji": range(49), "short": range(50)})
    names = [check.name for check in _judge(_mended(0.5), primary=primary).checks]
    assert "slice short" in names
    assert "slice emoji" not in names


def test_gate_passes_a_first_candidate() -> None:
    decision = _judge(_mended(0.1), None)
    assert decision.passed
    assert decision.champion is None
    assert not decision.nothing_to_publish


def test_gate_asks_a_first_candidate_for_parity_too() -> None:
    candidate = replace(_mended(0.1), parity=_parity(0.98, 0.001))
    assert _failed(_judge(candidate, None)) == ["parity of labels"]


@pytest.mark.parametrize(
    ("agreement", "loss", "failed"),
    [
        (0.985, 0.005, []),
        (0.9849, 0.005, ["parity of labels"]),
        (1.0, 0.0051, ["parity of macro-F1"]),
        # 30 of 2,000 labels changed: chance explains 0.0045 beyond the limit.
        (0.985, 0.0095, []),
        (0.985, 0.0096, ["parity of macro-F1"]),
        (float("nan"), float("nan"), ["parity of labels", "parity of macro-F1"]),
    ],
)
def test_gate_holds_the_parity_limits(agreement: float, loss: float, failed: list[str]) -> None:
    candidate = replace(_mended(0.5), parity=_parity(agreement, loss))
    assert _failed(_judge(candidate)) == failed


def test_gate_refuses_labels_that_people_did_not_give() -> None:
    primary = replace(_PRIMARY, name="reddit", human_labelled=False)
    assert _failed(_judge(_mended(0.5), primary=primary)) == ["labels"]


def test_gate_finds_nothing_to_publish_in_the_champion_itself() -> None:
    decision = _judge(_CHAMPION)
    assert decision.nothing_to_publish
    decision.raise_if_refused()


def test_gate_passes_a_retrained_model_that_is_better_on_corrections_alone() -> None:
    retrained = replace(_CHAMPION, digest="e" * 64)
    decision = _judge(retrained, corrections=_corrections(40, mended=10))
    assert decision.passed
    assert [check.name for check in decision.checks] == [
        "labels",
        "parity of labels",
        "parity of macro-F1",
        "not worse on goemotions",
        "better on held-back corrections",
        "slice emoji",
    ]


def test_gate_refuses_a_retrained_model_that_forgot() -> None:
    classes = _CHAMPION_CLASSES.copy()
    right = np.flatnonzero(classes == _LABELS)
    right = right[right >= 100][:60]
    classes[right] = (_LABELS[right] + 1) % 3
    forgot = replace(_CHAMPION, digest="e" * 64, classes=classes)
    decision = _judge(forgot, corrections=_corrections(40, mended=10))
    assert _failed(decision) == ["not worse on goemotions"]


@pytest.mark.parametrize(
    ("held_back", "failed"),
    [
        (_corrections(40), ["better on held-back corrections"]),
        (_corrections(40, mended=1), ["better on held-back corrections"]),
        (_corrections(29), []),
        (_corrections(29, mended=1, spoiled=2), ["not worse on held-back corrections"]),
        (_corrections(0), []),
    ],
)
def test_gate_asks_for_better_only_where_corrections_suffice(
    held_back: Corrections, failed: list[str]
) -> None:
    assert _failed(_judge(replace(_CHAMPION, digest="e" * 64), corrections=held_back)) == failed


def test_gate_asks_a_retrained_model_for_everything_else_too() -> None:
    candidate = replace(_CHAMPION, digest="e" * 64, parity=_parity(0.9, 0.0))
    decision = _judge(candidate, corrections=_corrections(40, mended=10))
    assert _failed(decision) == ["parity of labels"]


def test_gate_refusal_lists_every_number_that_failed() -> None:
    worse = replace(
        _CHAMPION,
        digest="f" * 64,
        classes=np.where(np.arange(2_000) % 4 == 0, (_LABELS + 1) % 3, _CHAMPION_CLASSES),
        parity=_parity(0.9, 0.02),
    )
    with pytest.raises(GateRefusedError) as caught:
        _judge(worse).raise_if_refused()
    message = caught.value.message
    assert "4 of 5 checks failed" in message
    for number in ("0.9000", "0.9850", "+0.0200", "0.0166", "2,000 rows", "100 rows"):
        assert number in message
    assert "labels:" not in message.replace("parity of labels:", "")


def test_gate_decision_is_plain_json() -> None:
    document = _judge(_mended(0.002)).to_json()
    assert document["passed"] is False
    assert document["candidate"] == "d" * 64
    assert document["checks"][0] == {
        "name": "labels",
        "passed": True,
        "detail": "goemotions is labelled by people",
    }
