"""The one text cleaner, used alike when training and when serving.

Owns every rule by which a raw comment becomes the text that a model reads, and the version
of those rules. Standard library only, so that the serving image needs nothing more.

What carries feeling stays: negation, case, punctuation, emoji, elongation (shortened, not
removed). What identifies or distracts is normalised: links, mentions, time stamps, HTML.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable

CLEANER_VERSION = 2
"""Raised whenever `clean` may give another output for some input; bundles record it.

With it the digests of texts change: once such a text is fetched again, votes of before count as
votes on another text.
"""

LINK = "http"
MENTION = "@user"
TIME_STAMP = "0:00"

_MAX_PASSES = 12
# Combining marks in a row (UAX #15, Stream-Safe Text Format): more only pile up, and to put
# thousands into their order takes the square of their number.
_MAX_MARKS = 30
# What YouTube allows a comment; one character can unfold into eighteen.
_MAX_CHARACTERS = 10_000
_MAX_REPEATS = 3

# Only tags that YouTube's `textDisplay` or a pasted snippet holds: "<3" and "a < b" are text.
_TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|br|em|li|ol|ul|div|img|code|span|strong|h[1-6])(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# "Awww..." is no address.
_LINK = re.compile(r"(?:https?://|\bwww\.(?=\w))[^\s<>\"]+", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@/])(?:@+[\w\-]+(?:\.[\w\-]+)*|/?u/[\w\-]{3,})")
_TIME_STAMP = re.compile(r"(?<![\d:])\d{1,2}(?::\d{2}){1,2}(?![\d:])")
_ELONGATED = re.compile(r"([^\W\d])\1{%d,}" % _MAX_REPEATS)
_REPEATED_MARK = re.compile(r"([^\w\s])\1{%d,}" % _MAX_REPEATS)
# An emoji with its variation selector or skin tone is two or more code points.
_REPEATED_PAIR = re.compile(r"([^\w\s][\ufe0f\U0001f3fb-\U0001f3ff])\1{%d,}" % _MAX_REPEATS)
# Holds all of too many marks in a row, and other signs: far cheaper than to look at each character.
_PERHAPS_MARKS = re.compile(r"[^\w\s]{%d,}" % (_MAX_MARKS + 1))
_SPACE = re.compile(r"\s+")
# Python refuses to read integers of thousands of digits, and no character has more than seven.
_ENDLESS_REFERENCE = re.compile(r"&#[0-9]{20,};?")
# What nested references and nested tags are made of.
_NESTING_MARKS = str.maketrans("&<", "  ")

# Zero-width joiners hold emoji sequences and Persian or Indic words together.
_KEPT_FORMAT_CHARACTERS = frozenset("\u200c\u200d")
_CURLY_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


def clean(text: str) -> str:
    """Return the text that a model reads.

    Total (any `str`, lone surrogates included, gives a `str`), idempotent
    (`clean(clean(x)) == clean(x)`) and free of control characters, tags and line breaks. Takes
    time linear in the text's length, save for references nested in references ("&amp;amp;amp;"),
    which take its square: 10,000 characters of them cost what five to nine plain comments do.

    Args:
        text: a raw comment, plain or with YouTube's HTML.

    Returns:
        The cleaned text; empty when nothing readable is left. Of about as many characters as
        YouTube allows a comment, at most: what follows is left out.
    """
    # One rule can expose work for another ("&lt;br&gt;"): repeat until nothing changes.
    for n_passes in range(2 * _MAX_PASSES):
        once = _apply_rules(text)
        if once == text:
            break
        # Tags and references can be nested a thousand deep, and one pass opens one layer: from
        # here on they are no longer read, which ends it.
        text = once if n_passes < _MAX_PASSES else once.translate(_NESTING_MARKS)
    return text


def _apply_rules(text: str) -> str:
    for rule in _RULES:
        text = rule(text)
    return text


def _unescape_html(text: str) -> str:
    while "&" in text:
        text = _ENDLESS_REFERENCE.sub(" ", text)
        once = html.unescape(text)
        if once == text:
            break
        text = once
    return text


def _drop_tags(text: str) -> str:
    return _TAG.sub(" ", text)


def _normalise_unicode(text: str) -> str:
    """Fold compatibility forms, so that mathematical letters read as letters (NFKC, UAX #15)."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _PERHAPS_MARKS.sub(_without_piles, text))
    return text[:_MAX_CHARACTERS].translate(_CURLY_QUOTES)


def _without_piles(signs: re.Match[str]) -> str:
    kept, n_marks = [], 0
    for sign in signs[0]:
        n_marks = n_marks + 1 if unicodedata.combining(sign) else 0
        if n_marks <= _MAX_MARKS:
            kept.append(sign)
    return "".join(kept)


def _drop_control_characters(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_keep_or_space, text))


def _keep_or_space(character: str) -> str:
    if character.isspace():
        return " "
    # Cc control, Cf format, Cs surrogate, Co private use, Cn unassigned
    if unicodedata.category(character)[0] == "C" and character not in _KEPT_FORMAT_CHARACTERS:
        # A newer emoji than this Python's Unicode tables is "unassigned": keep it.
        return character if unicodedata.category(character) == "Cn" else ""
    return character


def _normalise_references(text: str) -> str:
    text = _LINK.sub(LINK, text)
    text = _MENTION.sub(MENTION, text)
    return _TIME_STAMP.sub(TIME_STAMP, text)


def _shorten_repeats(text: str) -> str:
    text = _ELONGATED.sub(lambda match: match[1] * _MAX_REPEATS, text)
    text = _REPEATED_PAIR.sub(lambda match: match[1] * _MAX_REPEATS, text)
    return _REPEATED_MARK.sub(lambda match: match[1] * _MAX_REPEATS, text)


def _collapse_space(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


_RULES: tuple[Callable[[str], str], ...] = (
    _unescape_html,
    _drop_tags,
    _normalise_unicode,
    _drop_control_characters,
    _normalise_references,
    _shorten_repeats,
    _collapse_space,
)


_ELONGATED_IN_KEY = re.compile(r"(.)\1{%d,}" % (_MAX_REPEATS - 1))


def duplicate_key(text: str) -> str:
    """Return what two copies of the same comment share.

    Case, punctuation, spacing and elongation do not count, emoji do: "Great!!" and "great"
    are the same comment, "great 😂" is another.

    Args:
        text: a cleaned comment.

    Returns:
        The key, possibly empty for a comment of punctuation alone.
    """
    kept = "".join(
        character if character.isalnum() or unicodedata.category(character) == "So" else " "
        for character in text.casefold()
    )
    return " ".join(_ELONGATED_IN_KEY.sub(r"\1", kept).split())


def storable(text: str) -> str:
    """Return a text without what no database keeps: NUL characters and lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def short_digest(text: str) -> str:
    """Return what names a text, taken as it is, in a file that may hold no texts.

    48 bits: among 20,000 texts two share one with a chance of one in a million, among a million
    with one in 560.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def text_digest(text: str) -> str:
    """Return what texts share that a model reads alike.

    Args:
        text: a raw comment; any `str`, lone surrogates included.

    Returns:
        The hexadecimal sha256 of `CLEANER_VERSION` and the cleaned text. A text and what a
        database keeps of it (`storable`) have the same digest.
    """
    # Cleaning can differ in hostile corners ("&not\0in;") unless what is unstorable goes first.
    return hashlib.sha256(f"{CLEANER_VERSION}\n{clean(storable(text))}".encode()).hexdigest()
