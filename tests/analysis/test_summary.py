from __future__ import annotations

import math
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


def test_mean_score_gives_students_interval() -> None:
    scores = [0.1, 0.2, 0.3, 0.4]
    half = 3.182 * math.sqrt(1 / 60) / 2
    interval = mean_score(scores)
    assert interval.estimate == pytest.approx(0.25)
    assert interval.low == pytest.approx(0.25 - half, abs=0.001)
    assert interval.high == pytest.approx(0.25 + half, abs=0.001)


def test_mean_score_covers_the_truth_nineteen_times_in_twenty() -> None:
    generator = random.Random(5)
    covered = 0
    for _ in range(2_000):
        interval = mean_score([generator.uniform(-0.6, 1.0) for _ in range(25)])
        covered += interval.low <= 0.2 <= interval.high
    assert 0.93 <= covered / 2_000 <= 0.97


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=50))
def test_mean_score_stays_in_range(scores: list[float]) -> None:
    interval = mean_score(scores)
    assert -1 <= interval.low <= interval.high <= 1
