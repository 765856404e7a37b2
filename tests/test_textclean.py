"""The cleaner: what it promises for any text, and what it does to real comments."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sentiment.textclean import clean, duplicate_key, storable, text_digest

LONG = 10_000
JOINERS = {"\u200c", "\u200d"}
# Pieces that rules read: glued at random they make the inputs that break cleaners.
PIECES = [
    *"<>&@/:;#_-.'\"!?= \n\t\x00\x1b\u200b\u200d\ufe0f\ufeff\ud83d\ude00❤😂\U0001f3fd\u0301\u0308",
    *("lt;", "gt;", "amp;", "#39;", "#x1;", "#8203;", "#xFF06;", "b", "br", "a href=x", "www."),
    *("http://", "u/", "user", "12", "00", "aaaa", "!!!!", "¼", "ﷺ", "＆", "＜", "한", "İ", "ß"),
]

any_text = st.text(st.characters(exclude_categories=()), max_size=200)
glued_text = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)

NESTED_REFERENCES = "&" + "#xFF06;" * 40 + "lt;"
NESTED_TAGS = "<b " * 40 + ">x" * 40
ENDLESS_REFERENCE = "&#" + "9" * 5_000 + ";"


@settings(max_examples=300)
@given(st.one_of(any_text, glued_text))
@example("\ud83d and \ude02 alone")
@example(NESTED_REFERENCES)
@example(NESTED_TAGS)
@example(ENDLESS_REFERENCE)
@example("a" + "\u0301\u0316" * 100)
@example("\u0344" * 100)
@example("@a " * LONG)
def test_clean_is_total_idempotent_and_free_of_control_characters(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    forbidden = {
        character
        for character in cleaned
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    }
    assert forbidden <= JOINERS
    cleaned.encode("utf-8")  # a tokenizer takes no lone surrogate


@pytest.mark.parametrize(
    "text",
    [
        "I don't love it, NOT good!! not bad either...",
        "WHY would ANYONE watch this?!",
        "so sad 😭 but also 😂❤️🔥",
        "i <3 you, a < b and b > a :-(",
        "Tom & Jerry: 50% off @ 3 pm, it's 100.5 km",
        "50/50, and/or, w/o",
        "family 👨‍👩‍👧 and flag 🇧🇷 and thumb 👍🏽",
        "مقطع رائع جدا",
        "می‌خواهم",
        "この動画は素晴らしい",
    ],
)
def test_clean_keeps_what_carries_feeling(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("see https://youtu.be/dQw4w9WgXcQ?t=5 now", "see http now"),
        ("WWW.Example.com/a_b!", "http"),
        ("Awww... so cute, ewww…no", "Awww... so cute, ewww...no"),
        ("a" + "\u0301\u0316" * 40, "á" + "\u0316" * 3 + "\u0301" * 3),
        ("@viewer-12.x yes", "@user yes"),
        ("@@name look", "@user look"),
        ("thanks u/some_one and /u/other", "thanks @user and @user"),
        ("mail me@example.com", "mail me@example.com"),
        ("12:34 best part, 1:02:03 too", "0:00 best part, 0:00 too"),
        ("it&#39;s <b>so</b> good<br>really &amp; truly", "it's so good really & truly"),
        ('<a href="https://x.y/z">0:15</a> wow', "0:00 wow"),
        ("&lt;br&gt; doubly &amp;amp; escaped", "doubly & escaped"),
        ("line one\nline two\r\n\tend", "line one line two end"),
        ("bell\x07 zero\x00 esc\x1b[0m \u202eright\u202c", "bell zero esc[0m right"),
        ("don’t “quote”", 'don\'t "quote"'),
        ("𝓁𝑜𝓋𝑒 ｆｕｌｌ", "love full"),
        ("soooooooo goooood!!!!!!!!", "sooo goood!!!"),
        ("❤️❤️❤️❤️❤️❤️ 😂😂😂😂😂", "❤️❤️❤️ 😂😂😂"),
        ("1000000 views", "1000000 views"),
        ("\ud83d broken", "broken"),
        (" \n\u200b\ufeff ", ""),
    ],
)
def test_clean_normalises_what_identifies_or_distracts(raw: str, wanted: str) -> None:
    assert clean(raw) == wanted


@pytest.mark.parametrize("word", ["no", "not", "never", "don't", "NOTHING", "isn't", "n't"])
def test_clean_keeps_every_negation(word: str) -> None:
    assert word in clean(f"<p>this is {word} @x https://a.b good &amp; 1:23</p>").split()


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "unit",
    [
        *("a", "!", " ", "\n", "@", "<", "<b ", "&", "&#", "amp;", "1:", "u/", "www.", "http://"),
        *("\u0301", "\u0301\u0316", "\u0344", "\ufdfa", "\u200d", "❤️", "😂", "9", "00:00"),
        *("ab", ".-", "/", "@a.", "<a>", "&lt;"),
    ],
)
def test_clean_takes_long_repeats_in_linear_time(unit: str) -> None:
    # Quadratic or worse work on a hundred times the allowed length would meet the time limit.
    text = (unit * (100 * LONG // len(unit)))[: 20 * LONG]
    cleaned = clean(text)
    # "@a" becomes "@user".
    assert len(cleaned) <= 3 * LONG


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("<b ", ">x"),
        ("&", "#xFF06;"),
        ("&", "amp;"),
        ("&#8203;", "#8203;"),
        ("@", "x@"),
        ("<", ">"),
    ],
)
def test_clean_settles_on_deeply_nested_text(head: str, tail: str) -> None:
    depth = LONG // (len(head) + len(tail))
    cleaned = clean(head * depth + tail * depth)
    assert clean(cleaned) == cleaned


def test_clean_reads_endless_references_as_nothing() -> None:
    assert clean(f"good {ENDLESS_REFERENCE} video") == "good video"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Great!!", "great"),
        ("so   good.", "So good"),
        ("sooooo good", "sooo good"),
        ("it's fine", "it s fine"),
    ],
)
def test_duplicate_key_is_shared_by_copies(left: str, right: str) -> None:
    assert duplicate_key(clean(left)) == duplicate_key(clean(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [("not bad", "so bad"), ("great", "great 😂"), ("great 😂", "great 😡"), ("good", "god")],
)
def test_duplicate_key_parts_comments_of_other_meaning(left: str, right: str) -> None:
    assert duplicate_key(clean(left)) != duplicate_key(clean(right))


@given(any_text)
def test_text_digest_takes_any_text(text: str) -> None:
    assert re.fullmatch("[0-9a-f]{64}", text_digest(text))


@given(any_text)
def test_text_digest_survives_a_database(text: str) -> None:
    assert text_digest(storable(text)) == text_digest(text)


@pytest.mark.parametrize("text", ["\0a\0", "\ud800a", "&not\0in; a", "a\udc00"])
def test_storable_drops_nul_and_lone_surrogates(text: str) -> None:
    kept = storable(text)
    assert "\0" not in kept
    assert kept.encode("utf-8").endswith(b"a")


@given(any_text)
def test_storable_text_stays_as_it_is(text: str) -> None:
    kept = storable(text)
    assert storable(kept) == kept
    assert kept == "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")


def test_text_digest_is_of_the_cleaned_text() -> None:
    assert text_digest("Great   <br> video") == text_digest("Great video")
    assert text_digest("Great video") != text_digest("Great video!")


def test_text_digest_changes_with_the_cleaner(monkeypatch: pytest.MonkeyPatch) -> None:
    before = text_digest("Great video")
    monkeypatch.setattr("sentiment.textclean.CLEANER_VERSION", 2_000)
    assert text_digest("Great video") != before
