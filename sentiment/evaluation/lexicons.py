"""Labels by lexicon: the yardstick that needs no training.

TextBlob's label stands beside every model. On the Reddit corpus it scores 1.000, because that
corpus IS TextBlob's output: accuracy there says how well a model copies a lexicon.
"""

from __future__ import annotations

from collections.abc import Sequence

from sentiment.labels import Label

TEXTBLOB = "textblob"


def textblob_labels(texts: Sequence[str]) -> list[Label]:
    """Label texts by the sign of TextBlob's polarity.

    Args:
        texts: raw texts.

    Returns:
        One label a text, same order and length.
    """
    from textblob import TextBlob  # noqa: PLC0415 - a second to import, and only needed here

    return [_sign(float(TextBlob(text).polarity)) for text in texts]


def _sign(polarity: float) -> Label:
    if polarity > 0:
        return Label.POSITIVE
    return Label.NEGATIVE if polarity < 0 else Label.NEUTRAL
