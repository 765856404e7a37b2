"""Texts on their way into a model's features. Standard library only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sentiment.models.options import TextOptions
from sentiment.textclean import clean

WORD_PATTERN = r"\w+(?:'\w+)*|[^\w\s]"
"""A word with its apostrophes ("don't"), or one mark or emoji: those carry feeling too."""

# Skin tones and selectors say nothing of their own and would split an emoji's name.
_MODIFIERS = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")


def preprocess(texts: Sequence[str], options: TextOptions) -> list[str]:
    """Return texts as a model wants them, same order and length."""
    return [_preprocess(text, options) for text in texts]


def _preprocess(text: str, options: TextOptions) -> str:
    if options.clean:
        text = clean(text)
    if options.emoji != "keep" and not text.isascii():
        text = _MODIFIERS.sub("", text)
        named = options.emoji == "names"
        text = "".join(_emoji_words(each) if named else _no_emoji(each) for each in text)
        text = " ".join(text.split())
    return text.lower() if options.lowercase else text


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character) == "So"


def _emoji_words(character: str) -> str:
    if not _is_emoji(character):
        return character
    return f" {unicodedata.name(character, '').lower()} "


def _no_emoji(character: str) -> str:
    return " " if _is_emoji(character) else character
