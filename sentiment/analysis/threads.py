"""Whether the replies feel like the comments they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sentiment.analysis.summary import Summary, summarise
from sentiment.comments import Comment, Prediction


@dataclass(frozen=True, slots=True)
class ThreadComparison:
    """Top-level comments beside the replies to them.

    Replies gather under few comments and answer each other, so their intervals are narrower
    than they ought to be.
    """

    top_level: Summary
    replies: Summary


def compare(comments: Sequence[Comment], predictions: Sequence[Prediction]) -> ThreadComparison:
    """Return what top-level comments say, and what replies say.

    Args:
        comments: of one video, in any order.
        predictions: same order and length.

    Raises:
        ValueError: the lengths differ.
    """
    pairs = list(zip(comments, predictions, strict=True))
    return ThreadComparison(
        top_level=summarise([said for comment, said in pairs if comment.parent_id is None]),
        replies=summarise([said for comment, said in pairs if comment.parent_id is not None]),
    )
