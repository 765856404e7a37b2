from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.analysis.summary import mean_score, student_t_975, summarise, wilson
from sentiment.comments import Prediction, Status
from sentiment.labels import Label


def _prediction(
    label: Label, probabilities: tuple[float, float, float], status: Status = Status.OK
) -> Prediction:
    return Prediction(label, probabilities, status)


GOOD = _prediction(Label.POSITIVE, (0.1, 0.1, 0.8))
BAD = _prediction(Label.NEGATIVE, (0.7, 0.2, 0.1))
DOUBTFUL = _prediction(Label.NEUTRAL, (0.3, 0.4, 0.3), Status.UNSURE)
FOREIGN = _prediction(Label.POSITIVE, (0.0, 0.0, 1.0), Status.NOT_ENGLISH)
BLANK = _prediction(Label.NEUTRAL, (1 / 3, 1 / 3, 1 / 3), Status.EMPTY)


def test_summarise_counts_readable_comments_only() -> None:
    summary = summarise([GOOD, GOOD, BAD, DOUBTFUL, FOREIGN, BLANK, BLANK])

    assert (summary.analysed, summary.unsure, summary.not_english, summary.empty) == (4, 1, 1, 2)
    shares = {label: share.estimate for label, share in summary.shares.items() if share}
    assert shares == {Label.POSITIVE: 0.5, Label.NEGATIVE: 0.25, Label.NEUTRAL: 0.25}
    assert summary.score is not None
    assert summary.score.estimate == pytest.approx((0.7 + 0.7 - 0.6 + 0.0) / 4)


@pytest.mark.parametrize("predictions", [[], [FOREIGN, BLANK]])
def test_summarise_of_nothing_readable_has_no_numbers(predictions: list[Prediction]) -> None:
    summary = summarise(predictions)

    assert summary.analysed == 0
    assert summary.score is None
    assert set(summary.shares.values()) == {None}


def test_wilson_gives_the_published_interval() -> None:
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I: 81 of 263 and 0 of 20.
    interval = wilson(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)
    assert round(wilson(0, 20).high, 4) == 0.1611


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_estimate_and_stays_in_range(case: tuple[int, int]) -> None:
    successes, trials = case
    interval = wilson(successes, trials)
    assert 0 <= interval.low <= interval.estimate <= interval.high <= 1
    assert interval.low < interval.high


@pytest.mark.parametrize(("successes", "trials"), [(1, 0), (3, 2), (-1, 2)])
def test_wilson_refuses_impossible_counts(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="successes"):
        wilson(successes, trials)


@pytest.mark.parametrize(
    ("degrees", "published"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (10, 2.228), (30, 2.042), (120, 1.980)],
)
def test_student_t_is_near_the_published_table(degrees: int, published: float) -> None:
    assert student_t_975(degrees) == pytest.approx(published, rel=0.002)


def test_mean_score_of_one_comment_says_nothing_of_others() -> None:
    interval = mean_score([0.4])
    assert (interval.estimate, interval.low, interval.high) == (0.4, -1.0, 1.0)


@pytest.mark.parametrize(
    ("scores", "low", "high"),
    [
        # The panel's test has the same cases.
        ([0.1, 0.2, 0.3, 0.4], -0.5188, 0.8522),
        ([0.95] * 2, -1.0, 1.0),
        ([0.95] * 5, -0.0062, 1.0),
        ([0.95] * 40, 0.8109, 0.9986),
        ([0.9] * 9 + [-0.8], 0.1595, 1.0),
        ([-0.8] * 9 + [0.9], -0.9645, -0.0855),
    ],
)
def test_mean_score_gives_students_interval_with_both_ends_added(
    scores: list[float], low: float, high: float
) -> None:
    interval = mean_score(scores)
    assert interval.estimate == pytest.approx(sum(scores) / len(scores))
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.001)


MIXTURES = {
    "almost all positive": (0.05, 0.0, 0.95),
    "mostly neutral": (0.05, 0.9, 0.05),
    "mostly positive": (0.1, 0.2, 0.7),
    "divided": (0.4, 0.2, 0.4),
}


@pytest.mark.parametrize("n", [3, 5, 10, 40])
@pytest.mark.parametrize("shares", MIXTURES.values(), ids=MIXTURES)
def test_mean_score_covers_the_truth_of_comments(
    shares: tuple[float, float, float], n: int
) -> None:
    dice = random.Random(5)
    centres, spreads = (-0.8, 0.0, 0.9), (0.1, 0.1, 0.05)
    truth = sum(share * centre for share, centre in zip(shares, centres, strict=True))
    covered = 0
    for _ in range(1_000):
        labels = dice.choices(range(3), shares, k=n)
        # Cut as near above as below, so that the mean stays that of the mixture.
        scores = [centres[at] + max(-0.1, min(0.1, dice.gauss(0, spreads[at]))) for at in labels]
        interval = mean_score(scores)
        covered += interval.low <= truth <= interval.high
    assert covered / 1_000 >= 0.93


@pytest.mark.parametrize("score", [-1.0, -0.3, 0.0, 0.95, 1.0])
@pytest.mark.parametrize("n", [1, 2, 5, 12, 500])
def test_mean_score_of_comments_that_score_alike_is_not_certain(score: float, n: int) -> None:
    interval = mean_score([score] * n)
    assert interval.low < interval.high


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=50))
def test_mean_score_stays_in_range(scores: list[float]) -> None:
    interval = mean_score(scores)
    assert -1 <= interval.low <= interval.estimate <= interval.high <= 1
