"""What a comment is for: a question, a request, praise, a complaint or spam, by rules.

How often they are right was measured on comments labelled one by one:
`tests/analysis/test_intent_precision.py` holds the figures.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum

from sentiment.analysis import rules_of_asking as asking
from sentiment.analysis import rules_of_judging as judging
from sentiment.analysis.rules import Rule
from sentiment.analysis.rules_of_spam import BRANDS, SPAM
from sentiment.analysis.wording import plain

_WORDS = re.compile(r"[a-z0-9]+")
_MAX_SENTENCE_CHARACTERS = 200
_MAX_CHARACTERS_AFTER = 60
_MAX_CHARACTERS_BEFORE = 30


class Intent(StrEnum):
    """What a comment is for; it can have several, or none.

    Attributes:
        QUESTION: puts a question; rules cannot tell whether it is put for an answer or for effect,
            and about half are put for effect.
        REQUEST: asks somebody to make, show, give or do something.
        PRAISE: speaks well of, or thanks, the video, what it shows, or somebody.
        COMPLAINT: finds fault with the video, its makers, or with what or whom it shows.
        SPAM: steers readers to a channel, a shop, an adviser or a contact.
    """

    QUESTION = "question"
    REQUEST = "request"
    PRAISE = "praise"
    COMPLAINT = "complaint"
    SPAM = "spam"


_TABLES: Mapping[Intent, tuple[Rule, ...]] = {
    Intent.QUESTION: asking.ASKING_WITHOUT_MARK,
    Intent.REQUEST: asking.REQUEST,
    Intent.PRAISE: judging.PRAISE,
    Intent.COMPLAINT: judging.COMPLAINT,
    Intent.SPAM: SPAM,
}


def _by_cue(tables: Mapping[Intent, Iterable[Rule]]) -> dict[str, list[tuple[Intent, Rule]]]:
    found = defaultdict(list)
    for intent, table in tables.items():
        for rule in table:
            for cue in rule.cues:
                found[cue].append((intent, rule))
    return dict(found)


_BY_CUE = _by_cue(_TABLES)
_CUES = frozenset(_BY_CUE)


def intents_of(text: str) -> frozenset[Intent]:
    """Return what a comment is for, as far as the rules can tell.

    The rules are precise rather than complete: what they name mostly holds, and they miss much
    that is put in other words. Irony is beyond them. Spam stands alone, because what else an
    advertisement says is bait. Takes time linear in the length of the text.

    Args:
        text: a raw comment, in English.
    """
    text = plain(text)
    found = {Intent.QUESTION} if _asks(text) else set()
    for cue in _CUES.intersection(_WORDS.findall(text)):
        for intent, rule in _BY_CUE[cue]:
            if intent not in found and _holds(rule, text):
                found.add(intent)
    if Intent.SPAM in found or ("*" in text and BRANDS.search(text)):
        return frozenset({Intent.SPAM})
    if judging.APPROVING_EMOJI.fullmatch(text):
        found.add(Intent.PRAISE)
    return frozenset(found)


def _holds(rule: Rule, text: str) -> bool:
    spoils = rule.not_after
    if spoils is None:
        return rule.pattern.search(text) is not None
    return any(
        spoils.search(text[max(0, found.start() - _MAX_CHARACTERS_BEFORE) : found.start()]) is None
        # Not within a quotation.
        and text.count('"', 0, found.start()) % 2 == 0
        for found in rule.pattern.finditer(text)
    )


def _asks(text: str) -> bool:
    if "?" not in text:
        return False
    return any(_ends_question(text, mark) for mark in asking.QUESTION_MARKS.finditer(text))


def _ends_question(text: str, mark: re.Match[str]) -> bool:
    before = text[max(0, mark.start() - _MAX_SENTENCE_CHARACTERS) : mark.start()]
    sentence = asking.SENTENCE_ENDS.split(before.rstrip("?!. "))[-1].strip()
    if not asking.ASKING.search(sentence) or asking.ASKING_NOTHING.search(sentence):
        return False
    goes_on = len(text) - mark.end() > _MAX_CHARACTERS_AFTER
    return not goes_on or asking.SEEKING.search(sentence) is not None
