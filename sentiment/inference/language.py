"""What language a comment is in, cheaply: script first, common words next, a model last."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, cast

from sentiment.textclean import LINK, MENTION

_MIN_LETTERS = 3
_MIN_WORDS_FOR_MODEL = 4
# Not how sure the model is of one language: Croatian, Serbian and Bosnian share what is certain.
# Low, for slang is unlike what the model knows of English ("absolute garbage video dude": 0.06).
_MAX_ENGLISH_PROBABILITY = 0.01
_MAX_LATIN_LETTER = "\u024f"
_LETTERS = re.compile(r"[^\W\d_]+")
_REFERENCES = re.compile(rf"{re.escape(MENTION)}|\b{re.escape(LINK)}\b")
# py3langid's codes for what reads as English here: English, Nigerian Pidgin, Scots, no language.
_ENGLISH_ENOUGH = frozenset({"en", "pcm", "sco", "zxx"})
_ENGLISH_WORDS = frozenset(
    "the and you this that what with have was your they not are just like know from would "
    "about there their because when been how why she who him her here more which really think "
    "always never should could don't i'm it's can't i it my is of his all for first love".split()
)
# Words of Danish, Dutch, German, Norwegian, Polish or Croatian too: these alone prove nothing.
_ALSO_FOREIGN_WORDS = frozenset("i is of for her was all my his have just more like not".split())
_MIN_ENGLISH_WORDS = 2
_lock = threading.Lock()


class _Identifier(Protocol):
    def rank(self, instance: str) -> list[tuple[str, float]]: ...


class LanguageGroup(StrEnum):
    """What a comment's language is taken for; without English, groups of scripts."""

    ENGLISH = "english"
    UNCLEAR = "unclear"
    OTHER_LATIN = "other_latin"
    CYRILLIC = "cyrillic"
    ARABIC = "arabic"
    DEVANAGARI = "devanagari"
    EAST_ASIAN = "east_asian"
    OTHER_SCRIPT = "other_script"


# By the first word of a letter's Unicode name.
_SCRIPTS = {
    "CYRILLIC": LanguageGroup.CYRILLIC,
    "ARABIC": LanguageGroup.ARABIC,
    "DEVANAGARI": LanguageGroup.DEVANAGARI,
    "CJK": LanguageGroup.EAST_ASIAN,
    "HANGUL": LanguageGroup.EAST_ASIAN,
    "HIRAGANA": LanguageGroup.EAST_ASIAN,
    "KATAKANA": LanguageGroup.EAST_ASIAN,
}


def is_english(text: str) -> bool:
    """Tell whether a cleaned comment can be read as English.

    A text too short to tell, or without letters (emoji alone), counts as English: emoji need
    no translation. Thread-safe.

    Args:
        text: a cleaned comment.
    """
    return language_group(text) in {LanguageGroup.ENGLISH, LanguageGroup.UNCLEAR}


def language_group(text: str) -> LanguageGroup:
    """Return what a cleaned comment's language is taken for. Thread-safe.

    Args:
        text: a cleaned comment; one too short to tell, or without letters, is unclear.
    """
    words = _LETTERS.findall(_REFERENCES.sub(" ", text))
    n_letters = sum(map(len, words))
    if n_letters < _MIN_LETTERS:
        return LanguageGroup.UNCLEAR
    foreign = [letter for word in words for letter in word if letter > _MAX_LATIN_LETTER]
    if 2 * len(foreign) > n_letters:
        return _script(foreign)
    if _reads_english(text):
        return LanguageGroup.ENGLISH
    if len(words) < _MIN_WORDS_FOR_MODEL:
        return LanguageGroup.UNCLEAR
    with _lock:  # the identifier keeps state while it reads
        ranked = _identifier().rank(text)
    english = sum(probability for language, probability in ranked if language in _ENGLISH_ENOUGH)
    if english < _MAX_ENGLISH_PROBABILITY:
        return LanguageGroup.OTHER_LATIN
    return LanguageGroup.ENGLISH


def _script(letters: list[str]) -> LanguageGroup:
    names = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in letters)
    return _SCRIPTS.get(names.most_common(1)[0][0], LanguageGroup.OTHER_SCRIPT)


def _reads_english(text: str) -> bool:
    found = _ENGLISH_WORDS.intersection(text.lower().split())
    return len(found) >= _MIN_ENGLISH_WORDS and not found <= _ALSO_FOREIGN_WORDS


@lru_cache(maxsize=1)
def _identifier() -> _Identifier:
    # Takes a second to load, so only what meets an unclear text pays, or the service's warm-up.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    return cast("_Identifier", LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))
