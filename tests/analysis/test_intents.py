from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.analysis.intents import Intent, intents_of

QUESTION = Intent.QUESTION
REQUEST = Intent.REQUEST
PRAISE = Intent.PRAISE
COMPLAINT = Intent.COMPLAINT
SPAM = Intent.SPAM


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("What camera did you use for the night shots?", {QUESTION}),
        ("HOW LONG DID THE DOUGH REST???", {QUESTION}),
        ("The colour is odd. Which app is that?! 😅", {QUESTION}),
        ("Does anyone know the name of the second track", {QUESTION}),
        ("@someone where can I find it?", {QUESTION}),
        ("Please make a video about bread 🙏🏽", {REQUEST}),
        ("more of these plzzz", {REQUEST}),
        ("We need a sequel", {REQUEST}),
        ("You should do a tour of the studio", {REQUEST}),
        ("Could you share the recipe?", {QUESTION, REQUEST}),
        ("This is absolutely stunning", {PRAISE}),
        ("I LOVE your videos ❤️❤️", {PRAISE}),
        ("Thank you so much 😭", {PRAISE}),
        ("🔥🔥👏🏽", {PRAISE}),
        ("One of the best songs of the year", {PRAISE}),
        ("What a waste of time", {COMPLAINT}),
        ("The audio is really terrible", {COMPLAINT}),
        ("I can't hear anything", {COMPLAINT}),
        ("I don’t like the new intro", {COMPLAINT}),
        ("Total clickbait 🙄", {COMPLAINT}),
        ("Great song, but the mix is awful", {PRAISE, COMPLAINT}),
        ("Check out my new channel", {SPAM}),
        ("sub4sub anyone", {SPAM}),
        ("message her on WhatsApp +1 555 0100", {SPAM}),
        ("Click here for free coins https://example.com/coins", {SPAM}),
        ("my advlsor grew it by a third", {SPAM}),
        ("I always buy from *bestluxz* now", {SPAM}),
        ("I was there in 1999", set()),
        ("", set()),
    ],
)
def test_intents_of_plain_cases(text: str, intents: set[Intent]) -> None:
    assert intents_of(text) == intents


@pytest.mark.parametrize(
    "text",
    [
        "Who cares?",
        "It was better before, right?",
        "Nice that it went well?? lol",
        "She asked me “what is this for?” and left",
        "https://example.com/watch?v=1 is the source of the quote that I meant in the other reply",
    ],
)
def test_a_question_mark_alone_is_no_question(text: str) -> None:
    assert Intent.QUESTION not in intents_of(text)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("That is not amazing at all", PRAISE),
        ("It would be amazing", PRAISE),
        ('He said "this is awesome" and nobody believed him', PRAISE),
        ("This isn't boring", COMPLAINT),
        ("I was terrible at maths", COMPLAINT),
        ("I looked ridiculous, but so what", COMPLAINT),
        ("Oh please tell me more about that", REQUEST),
        ("I read my channel's rules", SPAM),
        ("He has a website", SPAM),
    ],
)
def test_negations_quotations_and_lookalikes_are_told_apart(text: str, intent: Intent) -> None:
    assert intent not in intents_of(text)


def test_spam_carries_no_other_intent() -> None:
    text = "Love this video! Could you please check out my channel? Thanks so much"
    assert intents_of(text) == {SPAM}


@pytest.mark.parametrize(
    "text",
    [
        "CHECK OUT MY CHANNEL",
        "𝗖𝗵𝗲𝗰𝗸 𝗼𝘂𝘁 𝗺𝘆 𝗰𝗵𝗮𝗻𝗻𝗲𝗹",
        "ｃｈｅｃｋ ｏｕｔ ｍｙ ｃｈａｎｎｅｌ",
        "ch\u200beck o\u200but m\u200by cha\u200bnnel",
        "check\n\n out   my channel",
    ],
)
def test_case_and_disguises_of_letters_hide_nothing(text: str) -> None:
    assert intents_of(text) == {SPAM}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a",
            "?",
            "a?",
            "what ",
            "? what ",
            "my ",
            "see my ",
            "please ",
            "more ",
            "can you ",
            "'",
        ),
        *("plllll", "is so ", '"', "worst the ", "http ", "http://", "@", "*a", "*lux", "❤", "❤️"),
        *(
            "👩‍🍳",
            "a'",
            "would love to see ",
            "expert portfolio ",
            "n't ",
            "\u0301",
            "\x00",
            "\ud800",
        ),
        *(
            "ﷺ",
            "so but and ",
            "click ",
            "what is ,",
            "*",
            "http click ",
            "😍 ",
            "the absolute worst ",
        ),
    ],
)
def test_hostile_repetition_ends(piece: str) -> None:
    # An expression that backtracks without bound would take years on any of these.
    intents_of((piece * 10_000)[:10_000])
    intents_of((piece * 10_000)[:9_990] + "!")


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert intents_of(text) <= set(Intent)
