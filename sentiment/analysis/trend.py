"""How the mood of a video's comments moved over time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sentiment.analysis.summary import Interval, summarise
from sentiment.comments import Comment, Prediction, Status
from sentiment.labels import Label

MAX_BUCKETS = 60

# A time outside is one that YouTube did not give: the site opened in 2005, and a comment
# without a time carries 1970.
_OPENED = datetime(2005, 1, 1, tzinfo=UTC)
_BEYOND = datetime(2100, 1, 1, tzinfo=UTC)
_MONDAY = datetime(2004, 12, 27, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TrendBucket:
    """The comments of one stretch of time.

    Attributes:
        start: the first moment that belongs to it, in UTC.
        end: the first moment that no longer does.
        analysed: readable comments written in it.
        score: their mean score; None when there are none.
        shares: share of each label among them; None when there are none.
    """

    start: datetime
    end: datetime
    analysed: int
    score: Interval | None
    shares: Mapping[Label, Interval | None]


@dataclass(frozen=True, slots=True)
class _Step:
    """A width of buckets: where the bucket of a moment starts, and where the next one does."""

    start_of: Callable[[datetime], datetime]
    after: Callable[[datetime], datetime]


def trend(comments: Sequence[Comment], predictions: Sequence[Prediction]) -> list[TrendBucket]:
    """Return what the readable comments say, stretch by stretch, from the first to the last.

    The stretches are equal by the calendar (UTC, weeks from Monday): the narrowest of 1, 3, 6 and
    12 hours, a day, a week, a month, a quarter, one and two years that makes at most
    `MAX_BUCKETS`. Stretches without comments are kept, so that a gap shows as one. Comments
    without a usable time, and those that are not readable, are left out.

    Args:
        comments: of one video, in any order.
        predictions: same order and length.

    Raises:
        ValueError: the lengths differ.
    """
    timed = sorted(
        (
            (comment.published_at.astimezone(UTC), prediction)
            for comment, prediction in zip(comments, predictions, strict=True)
            if prediction.status in {Status.OK, Status.UNSURE}
            and _OPENED <= comment.published_at < _BEYOND
        ),
        key=lambda pair: pair[0],
    )
    if not timed:
        return []
    moments = [moment for moment, _ in timed]
    starts = _starts(moments[0], moments[-1])
    buckets = []
    first = 0
    for start, end in pairwise(starts):
        beyond = bisect_right(moments, end - timedelta.resolution, lo=first)
        summary = summarise([prediction for _, prediction in timed[first:beyond]])
        buckets.append(TrendBucket(start, end, summary.analysed, summary.score, summary.shares))
        first = beyond
    return buckets


def _starts(first: datetime, last: datetime) -> list[datetime]:
    """Return where the buckets from `first` to `last` start, and where the last one ends."""
    for step in _STEPS:
        starts = []
        for start in _walk(step, first):
            starts.append(start)
            if start > last or len(starts) > MAX_BUCKETS + 1:
                break
        if len(starts) <= MAX_BUCKETS + 1:
            break
    return starts


def _walk(step: _Step, first: datetime) -> Iterator[datetime]:
    start = step.start_of(first)
    while True:
        yield start
        start = step.after(start)


def _span(width: timedelta) -> _Step:
    return _Step(
        start_of=lambda moment: moment - (moment - _MONDAY) % width,
        after=lambda start: start + width,
    )


def _months(width: int) -> _Step:
    def start_of(moment: datetime) -> datetime:
        return _month(_month_number(moment) // width * width)

    return _Step(start_of, lambda start: _month(_month_number(start) + width))


def _month_number(moment: datetime) -> int:
    return moment.year * 12 + moment.month - 1


def _month(number: int) -> datetime:
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)


_STEPS = (
    *(_span(timedelta(hours=hours)) for hours in (1, 3, 6, 12)),
    *(_span(timedelta(days=days)) for days in (1, 7)),
    *(_months(months) for months in (1, 3, 12, 24)),
)
