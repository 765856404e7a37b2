"""The three-way label: its values, its names and its one order.

Nothing else in the project writes this order down; a bundle that was trained with another one
is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class Label(IntEnum):
    """How a comment feels: the value on the wire and in files."""

    NEGATIVE = -1
    NEUTRAL = 0
    POSITIVE = 1

    @property
    def class_index(self) -> int:
        """Position in `LABELS`, which is the model's output column."""
        return LABELS.index(self)

    @property
    def word(self) -> str:
        """The lower-case name, as it stands in JSON keys and tables."""
        return self.name.lower()


LABELS: tuple[Label, Label, Label] = (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE)
LABEL_NAMES: tuple[str, str, str] = ("negative", "neutral", "positive")
N_CLASSES = len(LABELS)
LABELS_BY_NUMBER: Mapping[str, Label] = {str(label.value): label for label in LABELS}
"""As a file has them: "-1", "0", "1"."""


def label_from_word(word: str) -> Label:
    """Return the label named `word` (any case).

    Raises:
        ValueError: the word is not one of `LABEL_NAMES`.
    """
    try:
        return LABELS[LABEL_NAMES.index(word.strip().lower())]
    except ValueError:
        raise ValueError(f"{word!r} is no label; wanted one of {', '.join(LABEL_NAMES)}") from None
