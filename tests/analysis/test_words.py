from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.analysis.words import MarkingWord, count_emoji, marking_words
from sentiment.labels import LABELS, Label

NOTHING: dict[Label, list[MarkingWord]] = {label: [] for label in LABELS}
FILLER = [f"{one}{two}" for one in "bcdfghklmnprst" for two in ("ala", "elo", "uni", "oka")]


def talk(generator: random.Random, n_comments: int, extra: str = "") -> list[str]:
    """Return comments of twelve words that mean nothing, with `extra` in half of them."""
    return [
        " ".join([*generator.choices(FILLER, k=12), extra * (n % 2)]) for n in range(n_comments)
    ]


def words_of(found: dict[Label, list[MarkingWord]], label: Label) -> list[str]:
    return [marking.word for marking in found[label]]


def found_beside_neutral(texts: list[str], label: Label = Label.POSITIVE) -> list[str]:
    others = talk(random.Random(7), 100)
    labels = [label] * len(texts) + [Label.NEUTRAL] * len(others)
    return words_of(marking_words(texts + others, labels), label)


def test_marking_words_are_those_that_one_label_uses_more() -> None:
    generator = random.Random(1)
    texts = talk(generator, 100, "superb") + talk(generator, 100, "dreadful")
    labels = [Label.POSITIVE] * 100 + [Label.NEGATIVE] * 100

    found = marking_words(texts, labels)

    assert words_of(found, Label.POSITIVE)[0] == "superb"
    assert words_of(found, Label.NEGATIVE)[0] == "dreadful"
    assert found[Label.POSITIVE][0].count == 50
    assert found[Label.NEUTRAL] == []


def test_z_is_the_published_weighted_log_odds_ratio() -> None:
    # 40 of 400 words against 4 of 400, each with a tenth of the pooled counts as prior.
    texts = [f"superb {a} {b}" for a, b in zip(FILLER[:40], FILLER[4:44], strict=True)]
    others = [f"superb {a} {b}" for a, b in zip(FILLER[:4], FILLER[2:6], strict=True)]
    others += [f"{a} {b}" for a, b in zip(FILLER[:40], FILLER[3:43], strict=True)]
    labels = [Label.POSITIVE] * len(texts) + [Label.NEGATIVE] * len(others)
    n_here, n_there = 3 * 40, 3 * 4 + 2 * 40
    here, there = 40 + 4.4, 4 + 4.4
    prior_total = (n_here + n_there) / 10

    (best, *_) = marking_words(texts + others, labels)[Label.POSITIVE]

    odds_here = math.log(here / (n_here + prior_total - here))
    odds_there = math.log(there / (n_there + prior_total - there))
    assert (best.word, best.count) == ("superb", 40)
    assert best.z == pytest.approx((odds_here - odds_there) / math.sqrt(1 / here + 1 / there))


def test_a_word_counts_once_a_comment() -> None:
    texts = talk(random.Random(1), 60)
    texts[0] += " superb" * 200
    texts[1] += " superb" * 200

    assert "superb" not in found_beside_neutral(texts)


@pytest.mark.parametrize(
    "copy",
    [
        "superb quality indeed friends {n}",
        "SUPERB quality, indeed: friends!{n}",
        "superb quality indeed friends" + " 🔥" * 3,
    ],
)
def test_a_comment_repeated_500_times_marks_nothing(copy: str) -> None:
    copies = [copy.replace("{n}", str(n)) for n in range(500)]

    assert found_beside_neutral(talk(random.Random(1), 60) + copies) == []


def test_labels_that_talk_alike_have_hardly_a_marking_word() -> None:
    n_listed = 0
    for seed in range(20):
        generator = random.Random(seed)
        texts = talk(generator, 200)
        labels = generator.choices(LABELS, k=200)
        n_listed += any(marking_words(texts, labels).values())

    assert n_listed <= 4


@pytest.mark.parametrize("n_comments", [0, 1, 2, 8])
def test_a_small_video_has_none(n_comments: int) -> None:
    texts = [
        f"what a superb {FILLER[n]}" if n % 2 else f"dull {FILLER[n]}" for n in range(n_comments)
    ]
    labels = [Label.POSITIVE if n % 2 else Label.NEGATIVE for n in range(n_comments)]

    assert marking_words(texts, labels) == NOTHING


@pytest.mark.parametrize(("n_comments", "listed"), [(2, []), (3, ["superb"])])
def test_a_word_has_to_be_in_three_comments(n_comments: int, listed: list[str]) -> None:
    texts = [f"superb {word}" for word in FILLER[:n_comments]]
    others = [f"{one}{other}" for one in FILLER for other in FILLER]
    labels = [Label.POSITIVE] * n_comments + [Label.NEUTRAL] * len(others)

    assert words_of(marking_words(texts + others, labels), Label.POSITIVE) == listed


def test_one_label_alone_has_nothing_to_differ_from() -> None:
    texts = talk(random.Random(1), 50, "superb")

    assert marking_words(texts, [Label.POSITIVE] * 50) == NOTHING


def test_one_word_alone_is_no_error() -> None:
    assert marking_words(["superb"] * 3, [Label.POSITIVE] * 3) == NOTHING


def test_emoji_are_words_whatever_their_style() -> None:
    texts = [
        f"{text} {heart}"
        for text, heart in zip(
            talk(random.Random(1), 60), ["❤", "❤️", "👏🏽", "👏"] * 15, strict=True
        )
    ]

    assert set(found_beside_neutral(texts)) == {"❤", "👏"}


def test_joined_emoji_and_flags_stay_whole() -> None:
    texts = [f"{text} 👩‍🍳🇧🇷" for text in talk(random.Random(1), 60)]

    assert set(found_beside_neutral(texts)) == {"👩‍🍳", "🇧🇷"}


@pytest.mark.parametrize(
    "extra",
    [
        "https://example.com/superb",
        "www.superb.example",
        "@superb",
        "it's",
        "THE",
        "12:34",
        "x",
        "w" * 31,
    ],
)
def test_links_mentions_and_stop_words_are_left_out(extra: str) -> None:
    assert found_beside_neutral([f"{text} {extra}" for text in talk(random.Random(1), 60)]) == []


def test_negations_and_curly_quotes_are_kept() -> None:
    texts = [f"{text} don’t not" for text in talk(random.Random(1), 60)]

    assert set(found_beside_neutral(texts)) == {"don't", "not"}


def test_no_more_words_than_asked_for() -> None:
    texts = talk(random.Random(1), 60, "superb") + talk(random.Random(2), 60, "lovely")
    labels = [Label.POSITIVE] * 120 + [Label.NEUTRAL] * 100

    assert len(marking_words(texts + talk(random.Random(3), 100), labels)[Label.POSITIVE]) == 2
    short = marking_words(texts + talk(random.Random(3), 100), labels, per_label=1)
    assert len(short[Label.POSITIVE]) == 1


@given(st.lists(st.tuples(st.text(), st.sampled_from(LABELS)), max_size=12))
def test_any_text_is_taken(pairs: list[tuple[str, Label]]) -> None:
    found = marking_words([text for text, _ in pairs], [label for _, label in pairs])
    assert list(found) == list(LABELS)


def test_marking_words_refuse_lists_of_different_length() -> None:
    with pytest.raises(ValueError, match="shorter"):
        marking_words(["one"], [])


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("", 0),
        ("no emoji here: 1 ©", 0),
        ("😂😂", 2),
        ("👍🏽 ❤️", 2),
        ("👨‍👩‍👧 🇩🇪", 2),
        ("a😂b⭐", 2),
    ],
)
def test_count_emoji_counts_what_is_seen_as_one(text: str, n: int) -> None:
    assert count_emoji(text) == n
