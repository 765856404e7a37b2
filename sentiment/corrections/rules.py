"""Which corrections are believed: the rules between people's votes and a label to train on.

Pure: votes and texts in, labelled comments and a count of what was set aside out. A vote counts
for what a person meant; the rules are against floods, carelessness and quarrels.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sentiment.labels import Label
from sentiment.store.records import FeedbackRecord, VotedComment
from sentiment.textclean import clean


class Reason(StrEnum):
    """Why a vote, or a comment with votes, is set aside."""

    FLOOD = "more votes of one voter in a day than a person gives"
    ONE_ANSWER = "a voter who gives one answer to everything"
    EDITED = "the text was edited after the vote"
    TOO_FEW = "too few voters"
    QUARREL = "the voters do not agree"
    PURGED = "its text was purged; analyse its video again"
    EMPTY = "nothing is left of its text after cleaning"
    SPAM = "it reads like spam"
    NOT_ENGLISH = "it is not English"


@dataclass(frozen=True, slots=True)
class Rules:
    """How strict to be.

    Attributes:
        min_voters: who must have voted on a comment, >= 1.
        min_agreement: share of its voters behind the label, in (0.5, 1].
        max_votes_a_day: of one voter; all votes of a day with more are set aside.
        one_answer_after: votes of one voter after which some must differ.
    """

    min_voters: int = 1
    min_agreement: float = 2 / 3
    max_votes_a_day: int = 200
    one_answer_after: int = 30


@dataclass(frozen=True, slots=True)
class Correction:
    """A comment with the label that its voters gave it.

    Attributes:
        comment_id: YouTube's.
        text: as YouTube gave it.
        label: of the majority.
        n_voters: whose votes count.
        agreement: share of them behind the label.
    """

    comment_id: str
    text: str
    label: Label
    n_voters: int
    agreement: float


@dataclass(frozen=True, slots=True)
class Decided:
    """What the rules came to.

    Attributes:
        corrections: in the order of the comments' ids.
        set_aside: how many votes (the first three reasons) or comments, by reason.
    """

    corrections: tuple[Correction, ...]
    set_aside: Counter[Reason]


def decide(
    votes: Sequence[FeedbackRecord],
    comments: Mapping[str, VotedComment],
    *,
    rules: Rules,
    is_spam: Callable[[str], bool],
    is_english: Callable[[str], bool],
) -> Decided:
    """Return the corrections that are believed.

    Votes without a voter can't be told apart: all those on one comment count as one voter's,
    and as none where they differ.

    Args:
        votes: any order; at most one of a voter on a comment.
        comments: those voted on, by id.
        rules: how strict to be.
        is_spam: tells of a text as YouTube gave it.
        is_english: tells of a cleaned text.
    """
    set_aside: Counter[Reason] = Counter()
    believed = _believed(votes, comments, rules, set_aside)
    by_comment: dict[str, list[FeedbackRecord]] = defaultdict(list)
    for vote in believed:
        by_comment[vote.comment_id].append(vote)
    corrections = []
    for comment_id, its_votes in sorted(by_comment.items()):
        labels = _labels(its_votes)
        text = comments[comment_id].text
        reason = _objection(labels, text, rules, is_spam=is_spam, is_english=is_english)
        if reason is not None or text is None:
            set_aside[reason or Reason.PURGED] += 1
            continue
        label, n_behind = labels.most_common(1)[0]
        n_voters = labels.total()
        corrections.append(
            Correction(comment_id, text, label, n_voters, agreement=n_behind / n_voters)
        )
    return Decided(tuple(corrections), set_aside)


def _believed(
    votes: Sequence[FeedbackRecord],
    comments: Mapping[str, VotedComment],
    rules: Rules,
    set_aside: Counter[Reason],
) -> list[FeedbackRecord]:
    """Return the votes of voters who behave like people, on the texts that are kept now."""
    a_day = Counter((vote.voter, vote.created_at.date()) for vote in votes if vote.voter)
    answers: dict[str, Counter[Label]] = defaultdict(Counter)
    for vote in votes:
        if vote.voter:
            answers[vote.voter][vote.label] += 1
    believed = []
    for vote in votes:
        if vote.voter and a_day[vote.voter, vote.created_at.date()] > rules.max_votes_a_day:
            set_aside[Reason.FLOOD] += 1
        elif (
            vote.voter
            and len(answers[vote.voter]) == 1
            and answers[vote.voter].total() > rules.one_answer_after
        ):
            set_aside[Reason.ONE_ANSWER] += 1
        elif _is_on_another_text(vote, comments[vote.comment_id]):
            set_aside[Reason.EDITED] += 1
        else:
            believed.append(vote)
    return believed


def _is_on_another_text(vote: FeedbackRecord, comment: VotedComment) -> bool:
    """Tell whether a vote is known to be on a text that its comment no longer has."""
    if vote.text_digest is None or comment.text_digest is None:
        return False
    return vote.text_digest != comment.text_digest


def _labels(votes: Sequence[FeedbackRecord]) -> Counter[Label]:
    """Return how many voters are behind each label."""
    labels = Counter(vote.label for vote in votes if vote.voter)
    nameless = {vote.label for vote in votes if not vote.voter}
    if len(nameless) == 1:
        labels.update(nameless)
    return labels


def _objection(
    labels: Counter[Label],
    text: str | None,
    rules: Rules,
    *,
    is_spam: Callable[[str], bool],
    is_english: Callable[[str], bool],
) -> Reason | None:
    if labels.total() < rules.min_voters:
        return Reason.TOO_FEW
    # Beside rounding: two of three voters are two thirds.
    if max(labels.values()) / labels.total() < rules.min_agreement - 1e-9:
        return Reason.QUARREL
    if text is None:
        return Reason.PURGED
    cleaned = clean(text)
    if not cleaned:
        return Reason.EMPTY
    if is_spam(text):
        return Reason.SPAM
    return None if is_english(cleaned) else Reason.NOT_ENGLISH
