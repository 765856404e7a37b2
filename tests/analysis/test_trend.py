from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.analysis.trend import MAX_BUCKETS, TrendBucket, trend
from sentiment.comments import Status
from sentiment.labels import Label
from tests.analysis.handmade import NOON, comment, prediction

GOOD = prediction(Label.POSITIVE)
BAD = prediction(Label.NEGATIVE)


def trend_at(*moments: datetime) -> list[TrendBucket]:
    return trend([comment(at=moment) for moment in moments], [GOOD] * len(moments))


def test_trend_of_a_day_is_told_by_the_hour_and_keeps_its_gaps() -> None:
    comments = [
        comment(at=NOON + timedelta(minutes=59)),
        comment(at=NOON + timedelta(hours=3)),
        comment(at=NOON),
    ]

    buckets = trend(comments, [GOOD, BAD, BAD])

    assert [bucket.start for bucket in buckets] == [NOON + timedelta(hours=n) for n in range(4)]
    assert [bucket.end for bucket in buckets] == [NOON + timedelta(hours=n) for n in range(1, 5)]
    assert [bucket.analysed for bucket in buckets] == [2, 0, 0, 1]
    assert buckets[0].score is not None
    assert buckets[0].score.estimate == pytest.approx(0.0)
    share = buckets[0].shares[Label.POSITIVE]
    assert share is not None
    assert share.estimate == 0.5
    assert (buckets[1].score, set(buckets[1].shares.values())) == (None, {None})


@pytest.mark.parametrize(
    ("span", "first", "second"),
    [
        (timedelta(hours=20), "2024-05-01T12", "2024-05-01T13"),
        (timedelta(days=6), "2024-05-01T12", "2024-05-01T15"),
        (timedelta(days=13), "2024-05-01T12", "2024-05-01T18"),
        (timedelta(days=25), "2024-05-01T12", "2024-05-02"),
        (timedelta(days=50), "2024-05-01", "2024-05-02"),
        (timedelta(days=365), "2024-04-29", "2024-05-06"),
        (timedelta(days=4 * 365), "2024-05-01", "2024-06-01"),
        (timedelta(days=10 * 365), "2024-04-01", "2024-07-01"),
        (timedelta(days=40 * 365), "2024-01-01", "2025-01-01"),
        (timedelta(days=70 * 365), "2024-01-01", "2026-01-01"),
    ],
)
def test_trend_widens_its_buckets_with_the_span(span: timedelta, first: str, second: str) -> None:
    buckets = trend_at(NOON, NOON + span)

    assert buckets[0].start == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert buckets[1].start == datetime.fromisoformat(second).replace(tzinfo=UTC)


@given(
    st.lists(
        st.integers(0, 95 * 365 * 24 * 60 - 1).map(
            lambda minutes: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        ),
        min_size=1,
        max_size=20,
    )
)
def test_trend_loses_no_comment_and_has_no_hole(moments: list[datetime]) -> None:
    buckets = trend_at(*moments)

    assert len(buckets) <= MAX_BUCKETS
    assert sum(bucket.analysed for bucket in buckets) == len(moments)
    assert buckets[0].start <= min(moments) < buckets[0].end
    assert buckets[-1].start <= max(moments) < buckets[-1].end
    assert all(one.end == other.start for one, other in pairwise(buckets))


def test_trend_reads_times_of_other_zones() -> None:
    (bucket,) = trend_at(NOON.astimezone(timezone(timedelta(hours=5, minutes=30))))

    assert bucket.start == NOON
    assert bucket.start.tzinfo is UTC


@pytest.mark.parametrize(
    "moment", [datetime(1970, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_trend_leaves_out_times_that_youtube_did_not_give(moment: datetime) -> None:
    assert trend_at(moment) == []
    assert len(trend_at(NOON, moment)) == 1


def test_trend_counts_readable_comments_alone() -> None:
    statuses = [Status.OK, Status.UNSURE, Status.EMPTY, Status.NOT_ENGLISH]
    predictions = [prediction(Label.POSITIVE, status=status) for status in statuses]
    comments = [comment(at=NOON + timedelta(hours=n)) for n in range(4)]

    assert [bucket.analysed for bucket in trend(comments, predictions)] == [1, 1]


def test_trend_of_nothing_is_empty() -> None:
    assert trend([], []) == []


def test_trend_refuses_lists_of_different_length() -> None:
    with pytest.raises(ValueError, match="shorter"):
        trend([comment()], [])
