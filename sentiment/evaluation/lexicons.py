"""Labels by lexicon: the yardstick that needs no training.

TextBlob's label stands beside every model. On the Reddit corpus it scores 1.000, because that
corpus IS TextBlob's output: accuracy there says how well a model copies a lexicon.
"""

from __future__ import annotations

from collections.abc import Sequence

from sentiment.errors import DataError
from sentiment.evaluation.proportions import Share
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


def textblob_agreement(texts: Sequence[str], labels: Sequence[Label]) -> Share:
    """Return how often the sign of TextBlob's polarity is the label: 1 where it gave the labels.

    Args:
        texts: raw texts, at least one.
        labels: one a text, same order.

    Raises:
        DataError: texts and labels differ in number, or there is none.
    """
    if len(texts) != len(labels) or not texts:
        raise DataError(
            f"Wanted one label a text, found {len(labels):,} labels for {len(texts):,} texts."
        )
    said = textblob_labels(texts)
    return Share(
        n=len(labels), held=sum(mine == given for mine, given in zip(said, labels, strict=True))
    )


def _sign(polarity: float) -> Label:
    if polarity > 0:
        return Label.POSITIVE
    return Label.NEGATIVE if polarity < 0 else Label.NEUTRAL
