"""Which corrections are believed, rule by rule."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.corrections.rules import Decided, Reason, Rules, decide
from sentiment.labels import LABELS, Label
from sentiment.store.records import FeedbackRecord, VotedComment

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
NEGATIVE, NEUTRAL, POSITIVE = LABELS
_IDS = itertools.count()


def vote(
    comment: str,
    label: Label,
    voter: str | None = "v",
    *,
    at: datetime = NOW,
    on: str | None = None,
) -> FeedbackRecord:
    return FeedbackRecord(f"{next(_IDS):032x}", comment, label, at, None, voter, on)


def judged(*votes: FeedbackRecord, rules: Rules | None = None, **texts: str | None) -> Decided:
    comments = {
        one.comment_id: VotedComment(texts.get(one.comment_id, "quite a clip"), NOW, "its digest")
        for one in votes
    }
    return decide(
        votes,
        comments,
        rules=rules or Rules(),
        is_spam=lambda text: "win a phone" in text,
        is_english=lambda text: "der" not in text.split(),
    )


def test_one_vote_is_a_correction() -> None:
    (one,) = judged(vote("c", NEGATIVE), c="so loud").corrections
    assert (one.comment_id, one.text, one.label) == ("c", "so loud", NEGATIVE)
    assert (one.n_voters, one.agreement) == (1, 1.0)


def test_two_of_three_agree_enough_and_one_of_two_does_not() -> None:
    two = judged(vote("c", NEGATIVE, "a"), vote("c", NEGATIVE, "b"), vote("c", POSITIVE, "c"))
    assert [one.label for one in two.corrections] == [NEGATIVE]
    assert two.corrections[0].agreement == pytest.approx(2 / 3)
    tie = judged(vote("c", NEGATIVE, "a"), vote("c", POSITIVE, "b"))
    assert not tie.corrections
    assert tie.set_aside == {Reason.QUARREL: 1}


def test_votes_on_a_text_of_before_are_set_aside_and_those_on_an_unknown_one_stay() -> None:
    decided = judged(
        vote("c", POSITIVE, "a", on="another"),
        vote("c", NEGATIVE, "b", on="its digest"),
        vote("c", NEGATIVE, "of a program of before"),
    )
    assert [(one.label, one.n_voters) for one in decided.corrections] == [(NEGATIVE, 2)]
    assert decided.set_aside == {Reason.EDITED: 1}


def test_nameless_votes_count_as_one_voter_who_must_agree_with_himself() -> None:
    many = judged(*(vote("c", POSITIVE, None) for _ in range(9)), vote("c", NEGATIVE, "a"))
    assert many.set_aside == {Reason.QUARREL: 1}
    assert judged(*(vote("c", POSITIVE, None) for _ in range(9))).corrections[0].n_voters == 1
    torn = judged(vote("c", POSITIVE, None), vote("c", NEGATIVE, None))
    assert torn.set_aside == {Reason.TOO_FEW: 1}


def test_fewer_voters_than_wanted_are_too_few() -> None:
    votes = [vote("c", POSITIVE, "a"), vote("d", POSITIVE, "a"), vote("d", POSITIVE, "b")]
    decided = judged(*votes, rules=Rules(min_voters=2))
    assert [one.comment_id for one in decided.corrections] == ["d"]
    assert decided.set_aside == {Reason.TOO_FEW: 1}


def test_a_flood_of_one_day_is_set_aside_and_the_other_days_stay() -> None:
    rules = Rules(max_votes_a_day=3)
    flood = [vote(f"f{n}", LABELS[n % 3]) for n in range(4)]
    next_day = vote("calm", POSITIVE, at=NOW + timedelta(days=1))
    decided = judged(*flood, next_day, rules=rules)
    assert [one.comment_id for one in decided.corrections] == ["calm"]
    assert decided.set_aside == {Reason.FLOOD: 4}


def test_one_answer_to_everything_is_set_aside_until_another_is_given() -> None:
    rules = Rules(one_answer_after=3)
    same = [vote(f"c{n}", NEGATIVE) for n in range(4)]
    assert judged(*same, rules=rules).set_aside == {Reason.ONE_ANSWER: 4}
    assert len(judged(*same[:3], rules=rules).corrections) == 3
    assert len(judged(*same, vote("other", POSITIVE), rules=rules).corrections) == 5


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, Reason.PURGED),
        ("\u200b <br> ", Reason.EMPTY),
        ("win a phone at my channel", Reason.SPAM),
        ("der film war gut", Reason.NOT_ENGLISH),
    ],
)
def test_a_text_that_teaches_nothing_is_set_aside(text: str | None, reason: Reason) -> None:
    decided = judged(vote("c", POSITIVE), vote("good", POSITIVE), c=text)
    assert [one.comment_id for one in decided.corrections] == ["good"]
    assert decided.set_aside == {reason: 1}


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcde"), st.sampled_from(LABELS), st.sampled_from(["u", "v", None])
        ),
        max_size=40,
    ),
    st.randoms(use_true_random=False),
)
def test_every_vote_counts_once_and_order_does_not_matter(
    drawn: list[tuple[str, Label, str | None]], random: object
) -> None:
    votes = [vote(*one) for one in {(c, v): (c, label, v) for c, label, v in drawn}.values()]
    decided = judged(*votes)
    comments = {one.comment_id for one in votes}
    assert len(decided.corrections) + decided.set_aside.total() == len(comments)
    random.shuffle(votes)  # type: ignore[attr-defined]
    assert judged(*votes) == decided
