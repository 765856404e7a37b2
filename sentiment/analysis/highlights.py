"""The few comments worth reading: the most liked and the most telling of each label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from sentiment.analysis.intents import Intent, intents_of
from sentiment.comments import Comment, Prediction, Status
from sentiment.labels import LABELS, Label
from sentiment.textclean import clean, duplicate_key

_MIN_WORDS = 3
_SHORT_CHARACTERS = 40
_LONG_CHARACTERS = 300
# A flood of spam must not cost more than a glance at so many different texts.
_MAX_CONSIDERED = 200


@dataclass(frozen=True, slots=True)
class Highlights:
    """Positions in the comments they were chosen from, best first, by label.

    Attributes:
        most_liked: liked by most viewers, at least by one.
        most_telling: typical of their label and quick to read; none that is in `most_liked`.
    """

    most_liked: dict[Label, list[int]]
    most_telling: dict[Label, list[int]]


def highlights(
    comments: Sequence[Comment], predictions: Sequence[Prediction], per_label: int = 3
) -> Highlights:
    """Choose comments to show of each label.

    Only predictions with the status `ok` count. How telling a comment is: the probability of its
    label, times how well it reads, which is 1 for 40 to 300 characters, less in proportion for
    shorter ones and in inverse proportion for longer ones, and 0 for less than three words.
    Spam is never shown, and no text twice, whatever its case and punctuation. Ties go to
    the more probable, then to the earlier one.

    Args:
        comments: of one video.
        predictions: same order and length.
        per_label: at most so many in each list, >= 0.

    Raises:
        ValueError: the lengths differ.
    """
    if len(comments) != len(predictions):
        raise ValueError(
            f"wanted as many predictions as comments; got {len(predictions)} for {len(comments)}"
        )
    most_liked, most_telling = {}, {}
    shown: set[str] = set()
    for label in LABELS:
        sure = [
            position
            for position, prediction in enumerate(predictions)
            if prediction.status is Status.OK and prediction.label is label
        ]
        sure.sort(key=lambda position: -predictions[position].confidence)
        liked = [position for position in sure if comments[position].like_count > 0]
        liked.sort(key=lambda position: -comments[position].like_count)
        most_liked[label] = _choose(liked, comments, per_label, shown)
        sure.sort(
            key=lambda position: -predictions[position].confidence * _fit(comments[position].text)
        )
        told = (position for position in sure if _has_words(comments[position].text))
        most_telling[label] = _choose(told, comments, per_label, shown)
    return Highlights(most_liked, most_telling)


def _fit(text: str) -> float:
    length = max(1, len(text))
    return min(1.0, length / _SHORT_CHARACTERS, _LONG_CHARACTERS / length)


def _has_words(text: str) -> bool:
    words = (word for word in text.split() if any(map(str.isalpha, word)))
    return len(list(islice(words, _MIN_WORDS))) == _MIN_WORDS


def _choose(
    candidates: Iterable[int], comments: Sequence[Comment], at_most: int, shown: set[str]
) -> list[int]:
    """Return the first candidates that may be shown, and add their texts to `shown`."""
    chosen: list[int] = []
    considered: set[str] = set()
    for position in candidates:
        if len(chosen) == at_most or len(considered) == _MAX_CONSIDERED:
            break
        text = comments[position].text
        if text in considered:
            continue
        considered.add(text)
        cleaned = clean(text)
        key = duplicate_key(cleaned) or cleaned
        if key not in shown and Intent.SPAM not in intents_of(text):
            shown.add(key)
            chosen.append(position)
    return chosen
