"""The words that mark a label: used more by its comments than by the others, beyond chance.

Weighted log-odds ratio with an informative Dirichlet prior, after Monroe, Colaresi and Quinn
2008, "Fightin' Words", Political Analysis 16:372-403, equations 15, 20 and 22. Their prior is the
word's frequency in a background of the same language. Here that background is the video itself:
the counts over all of its comments, scaled to a tenth, so that what every comment of this
video says ("video", a singer's name) counts as expected and the prior weighs a tenth of the data.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from sentiment.analysis.wording import LINK, plain
from sentiment.labels import LABELS, Label

MIN_COMMENTS = 3
"""A word has to be in as many different comments of the label."""

_PRIOR_WEIGHT = 0.1
_FALSE_SHARE = 0.1
_LEAST_Z = 1.96
_MAX_WORD_CHARACTERS = 30
_MIN_WORDS_OF_COPY = 4

_EMOJI_BASE = (
    "[\u2600-\u27bf\u2b00-\u2bff\u3030\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa"
    "\U0001f400-\U0001faff]"
)
_EMOJI_STYLE = "[\ufe0f\U0001f3fb-\U0001f3ff]"
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")  # twice as fast, and enough for most comments
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    f"|{_EMOJI_BASE}{_EMOJI_STYLE}?(?:\u200d{_EMOJI_BASE}{_EMOJI_STYLE}?)*"
)
_STYLES = re.compile(_EMOJI_STYLE)

# Words that carry grammar rather than meaning. Negations stay: they mark complaints.
_STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at back be because been before being both
    but by can could did do does doing done down during each even ever every few for from further
    get gets getting give go goes going gone got had has have having he her here hers herself him
    himself his how i if im in into is it its itself just let like ll lot made make makes many may
    me might more most much must my myself of off oh ok okay on once one only onto or other our ours
    out over own put re really said same say says see she should since so some someone something
    still such than that thats the their theirs them themselves then there these they thing things
    think this those though through to too u under until up upon ur us use used using ve very was
    way we well were what when where whether which while who whom whose why will with within would
    yeah yes yet you your youre yours yourself""".split()
)
_LEFT_OUT = _STOP_WORDS.union(
    {LINK}, (f"{word}'{ending}" for word in _STOP_WORDS for ending in "s m re ve d ll".split())
)


@dataclass(frozen=True, slots=True)
class MarkingWord:
    """A word that marks a label.

    Attributes:
        word: in lower case, or an emoji without skin tone.
        z: its log-odds ratio against the other labels, in standard errors.
        count: different comments of the label that hold it.
    """

    word: str
    z: float
    count: int


def count_emoji(text: str) -> int:
    """Return how many emoji a text holds; a flag, or a family joined of several, is one."""
    return len(_EMOJI.findall(text))


def marking_words(
    texts: Sequence[str], labels: Sequence[Label], per_label: int = 10
) -> dict[Label, list[MarkingWord]]:
    """Return the words that mark each label, the most marked first.

    A comment counts a word once, however often it says it, and copies of a comment count
    once together, whatever their case, punctuation and numbers (and emoji, from four words
    on). Links, mentions, stop words and words of one letter are left out; emoji are kept. A word is
    listed when it is in `MIN_COMMENTS` comments of its label and its z is so large that at most
    one in ten of the listed words is expected there by chance, so that a small video, or one whose
    labels talk alike, has few or none.

    Args:
        texts: raw comments; leave out those whose label is not to be relied on (`unsure`).
        labels: same order and length.
        per_label: at most so many words, >= 0.

    Raises:
        ValueError: the lengths differ.
    """
    counts = _count(texts, labels)
    pooled = sum(counts.values(), Counter[str]())
    totals = {label: counts[label].total() for label in LABELS}
    total = pooled.total()
    tested = [
        (label, word)
        for label in LABELS
        if totals[label] < total
        for word, count in counts[label].items()
        if count >= MIN_COMMENTS
    ]
    if not tested:
        return {label: [] for label in LABELS}
    scores = [_z(counts[label][word], totals[label], pooled[word], total) for label, word in tested]
    least_z = _least_z(scores)
    found: dict[Label, list[MarkingWord]] = {label: [] for label in LABELS}
    for (label, word), z in zip(tested, scores, strict=True):
        if z >= least_z:
            found[label].append(MarkingWord(word, z, counts[label][word]))
    return {
        label: sorted(words, key=lambda word: (-word.z, word.word))[:per_label]
        for label, words in found.items()
    }


def _least_z(scores: Sequence[float]) -> float:
    """Return the z-score from which on a word is listed.

    The step-up rule of Benjamini and Hochberg 1995 (JRSS B 57:289-300) over all words that were
    tested, at `_FALSE_SHARE`, and never below `_LEAST_Z`.
    """
    normal = NormalDist()
    least_z = math.inf
    for rank, z in enumerate(sorted(scores, reverse=True), start=1):
        if z < _LEAST_Z:
            break
        if normal.cdf(-z) <= _FALSE_SHARE * rank / len(scores):
            least_z = z
    return least_z


def _z(count: int, total: int, pooled_count: int, pooled_total: int) -> float:
    """Return the z-score of a word's log-odds in one label against the rest."""
    prior, prior_total = _PRIOR_WEIGHT * pooled_count, _PRIOR_WEIGHT * pooled_total
    here, there = count + prior, pooled_count - count + prior
    others_here = total + prior_total - here
    others_there = pooled_total - total + prior_total - there
    if others_here <= 0 or others_there <= 0:  # nobody says anything but this word
        return 0.0
    log_odds_ratio = math.log(here / others_here) - math.log(there / others_there)
    return log_odds_ratio / math.sqrt(1 / here + 1 / there)


def _count(texts: Sequence[str], labels: Sequence[Label]) -> Mapping[Label, Counter[str]]:
    """Return for each label in how many different comments each word is."""
    counts: dict[Label, Counter[str]] = {label: Counter() for label in LABELS}
    seen: set[str] = set()
    for text, label in zip(texts, labels, strict=True):
        words, emoji = _tokens(text)
        key = " ".join(words if len(words) >= _MIN_WORDS_OF_COPY else words + emoji)
        if key not in seen:
            seen.add(key)
            counts[label].update(set(words).difference(_LEFT_OUT).union(emoji))
    return {
        label: Counter({word: n for word, n in counter.items() if _is_fit(word)})
        for label, counter in counts.items()
    }


def _tokens(text: str) -> tuple[list[str], list[str]]:
    """Return the words and the emoji of a comment in their order, repetitions included."""
    text = plain(text)
    if text.isascii():
        return _ASCII_WORD.findall(text), []
    return _WORD.findall(text), [_STYLES.sub("", emoji) for emoji in _EMOJI.findall(text)]


def _is_fit(word: str) -> bool:
    return len(word) <= _MAX_WORD_CHARACTERS and not (len(word) == 1 and word.isalpha())
