"""What a model makes of sarcasm, where nobody labelled the sentiment.

A sarcastic tweet and what its author says it means should get one label. Tweets of this kind
mostly complain in words of praise, so two figures tell: how often the label survives the
rephrasing, and how much more often the sarcastic wording is called positive than its meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sentiment.comments import Prediction
from sentiment.corpora.sarcasm import LABELLER, load_sarcasm
from sentiment.evaluation.evaluator import TextClassifier
from sentiment.evaluation.proportions import Share, mcnemar_p_value
from sentiment.labels import LABELS, Label


@dataclass(frozen=True, slots=True)
class LabelShares:
    """How often each label was given to one kind of text, in label order."""

    kind: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class SarcasmFindings:
    """What became of sarcastic tweets.

    Attributes:
        labeller: who called them sarcastic.
        kinds: labels given to sarcastic tweets, to what they mean, and to literal tweets.
        same_label: how many sarcastic tweets got the label of what they mean.
        read_literally: how many were called positive though their meaning was called negative.
        p_value: McNemar's, that wording and meaning are called positive equally often.
    """

    labeller: str
    kinds: tuple[LabelShares, ...]
    same_label: Share
    read_literally: Share
    p_value: float

    def to_json(self) -> dict[str, Any]:
        """Return the findings as plain JSON values."""
        return {
            "labeller": self.labeller,
            "labels_given": {
                part.kind: {
                    label.word: share.to_json()
                    for label, share in zip(LABELS, part.shares, strict=True)
                }
                for part in self.kinds
            },
            "same_label_as_meaning": self.same_label.to_json(),
            "read_literally": self.read_literally.to_json(),
            "mcnemar_p_value_of_positive": self.p_value,
        }


def measure_sarcasm(model: TextClassifier, folder: Path) -> SarcasmFindings:
    """Label sarcastic tweets, their meanings and literal tweets.

    Args:
        model: what to test.
        folder: of iSarcasmEval.

    Raises:
        CorpusUnavailableError: it is not there.
        DataError: it has another shape.
    """
    tweets = load_sarcasm(folder)
    said = model.predict(tweets.sarcastic)
    meant = model.predict(tweets.rephrased)
    literal = model.predict(tweets.literal)
    pairs = [(a.label, b.label) for a, b in zip(said, meant, strict=True)]
    positive = Label.POSITIVE
    return SarcasmFindings(
        labeller=LABELLER,
        kinds=(
            _shares("sarcastic", said),
            _shares("what it means", meant),
            _shares("literal", literal),
        ),
        same_label=Share(n=len(pairs), held=sum(a == b for a, b in pairs)),
        read_literally=Share(n=len(pairs), held=pairs.count((positive, Label.NEGATIVE))),
        p_value=mcnemar_p_value(
            sum(a == positive != b for a, b in pairs), sum(b == positive != a for a, b in pairs)
        ),
    )


def _shares(kind: str, predictions: Sequence[Prediction]) -> LabelShares:
    given = [prediction.label for prediction in predictions]
    return LabelShares(
        kind, tuple(Share(n=len(given), held=given.count(label)) for label in LABELS)
    )
