"""What reads as English: slang and emoji do, other languages do not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.inference.language import LanguageGroup, is_english, language_group
from sentiment.textclean import clean


@pytest.mark.parametrize(
    "text",
    [
        "I love this video so much, thank you!",
        "ngl this slaps fr fr no cap",
        "bruh dis cap lol 💀💀",
        "W rizz",
        "LMAOOO he rly said that 😂",
        "first!",
        "gg ez",
        "u r so pretty omg pls notice me",
        "😂😂😂",
        "❤️🔥",
        "!!!",
        "",
        "10/10",
        "0:00 best part",
        "@user http",
        "Anyone watching in 2024?",
        "not gonna lie, that was a banger",
        "that's naïve, café vibes though",
        "absolute garbage video dude",
        "yall sleeping on dis fr smh",
        "goated ep ngl lowkey cried",
        "despacito vibes ma man",
    ],
)
def test_is_english_takes_slang_and_emoji(text: str) -> None:
    assert is_english(clean(text))


@pytest.mark.parametrize(
    "text",
    [
        "Das ist wirklich ein wunderschönes Video, vielen Dank dafür",
        "Warum sieht man hier nichts von der Landschaft?",
        "Me encanta este video, lo mejor que he visto este año",
        "¿Alguien sabe cómo se llama la canción del minuto 3:20?",
        "Cette vidéo est vraiment nulle, je suis très déçu",
        "Очень красивая песня, спасибо большое",
        "この動画は本当に素晴らしいです",
        "فيديو رائع جدا شكرا لك من القلب",
        "बहुत अच्छा वीडियो है भाई",
        "정말 좋은 영상이에요 감사합니다",
        "@user Das stimmt so nicht, schau dir http nochmal an 😂",
        # Close languages, none of which is sure.
        "Kakva glupost, ovo je najgori film",
        "Lagu ini sangat bagus dan saya suka sekali",
        "Que video tan malo, no me gusta nada",
        "Det var den dårligste video jeg nogensinde har set",
        # Words that are English ones too.
        "My tutaj czekamy na nowy film i bardzo się cieszymy",
        "Ik weet niet of dit echt is maar het is wel mooi",
        "Tak for en god video, den var godt lavet og i er for seje",
    ],
)
def test_is_english_refuses_other_languages(text: str) -> None:
    assert not is_english(clean(text))


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_is_english_takes_any_text(text: str) -> None:
    assert is_english(clean(text)) in {True, False}


def test_is_english_gives_the_same_answers_on_many_threads() -> None:
    texts = [
        "Das ist wirklich ein wunderschönes Video, vielen Dank dafür",
        "the cat sat quietly near ancient walls",
        "Cette vidéo est vraiment nulle, je suis très déçu",
    ] * 20
    alone = [is_english(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(is_english, texts)) == alone


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("this is the best video that I have ever seen", LanguageGroup.ENGLISH),
        ("😂😂", LanguageGroup.UNCLEAR),
        ("so gut", LanguageGroup.UNCLEAR),
        ("das ist wirklich ein sehr schönes Lied geworden", LanguageGroup.OTHER_LATIN),
        ("очень хорошо", LanguageGroup.CYRILLIC),
        ("جميل جدا", LanguageGroup.ARABIC),
        ("बहुत अच्छा", LanguageGroup.DEVANAGARI),
        ("とても良いビデオ", LanguageGroup.EAST_ASIAN),
        ("정말 좋아요", LanguageGroup.EAST_ASIAN),
        ("πολύ ωραίο", LanguageGroup.OTHER_SCRIPT),
    ],
)
def test_language_group_is_told_by_script_and_words(text: str, group: LanguageGroup) -> None:
    assert language_group(text) is group
