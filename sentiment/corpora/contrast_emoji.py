"""Comments of emoji alone, for the corpus `contrasts`: one to six, of one feeling or of none.

Pure data. Its slots' emoji are those of `sentiment.corpora.contrast_phrases`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sentiment.corpora import contrast_phrases as phrases
from sentiment.labels import Label

_MAX_RUN = 4  # the cleaner keeps three of a longer one


def _runs(emoji: Sequence[str]) -> tuple[str, ...]:
    """Return each emoji once to four times in a row."""
    return tuple(sign * times for sign in emoji for times in range(1, _MAX_RUN + 1))


SLOTS: Mapping[str, tuple[str, ...]] = {
    f"{feeling}_run": _runs(phrases.SLOTS[feeling]) for feeling in ("joy", "anger", "shrug")
}


def _alone(feeling: str) -> tuple[str, ...]:
    one, run = f"{{{feeling}}}", f"{{{feeling}_run}}"
    return (
        run,
        run,
        f"{run}{one}",
        f"{one}{run}",
        f"{run} {run}",
        f"{one} {one}",
        f"{one}{one}{one}",
        f"{one} {one} {one}",
        f"{one}{one}{one}{one}",
        f"{one}{one} {one}{one}{one}{one}",
    )


PHENOMENA: Mapping[str, tuple[Label, tuple[str, ...]]] = {
    "emoji of joy alone": (Label.POSITIVE, _alone("joy")),
    "emoji of anger alone": (Label.NEGATIVE, _alone("anger")),
    "emoji of neither alone": (Label.NEUTRAL, _alone("shrug")),
}
