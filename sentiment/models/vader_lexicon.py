"""VADER's lexicon and rules as a model: nothing is learnt (Hutto & Gilbert 2014).

A text is positive or negative where its compound c in [-1, 1] is at least 0.05 in size, as its
authors say (https://github.com/cjhutto/vaderSentiment#about-the-scoring), else neutral. The
probabilities only put c in their form: a side has (1 + |c|) / 2 and neutral (1 - |c|) / 2; within
the band neutral has 1. The figures are no frequencies, and calling them calibrated would be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from vaderSentiment import vaderSentiment  # type: ignore[import-untyped]

from sentiment.labels import N_CLASSES, Label
from sentiment.models.face import LabelledTexts, check_rows
from sentiment.models.options import VaderOptions
from sentiment.models.preprocessing import preprocess
from sentiment.models.saved import Saved, read_saved, write_saved

_LEXICONS = tuple(
    Path(vaderSentiment.__file__).with_name(name)
    for name in ("vader_lexicon.txt", "emoji_utf8_lexicon.txt")
)


class VaderLexicon:
    """See `SentimentModel`.

    Args:
        options: its settings.
        seed: kept for the common form; there is no chance in a lexicon.
    """

    def __init__(self, options: VaderOptions, *, seed: int) -> None:
        self._options = options
        self._seed = seed
        self._analyzer = vaderSentiment.SentimentIntensityAnalyzer()

    @property
    def name(self) -> str:
        """See `SentimentModel.name`."""
        return self._options.name

    @property
    def size_bytes(self) -> int:
        """Size of the lexicons of words and emoji, which VADER's package carries."""
        return sum(path.stat().st_size for path in _LEXICONS)

    def fit(
        self,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        *,
        validation: LabelledTexts | None = None,  # noqa: ARG002 - of the common face
    ) -> None:
        """Check the rows and learn nothing; see `SentimentModel.fit`."""
        check_rows(texts, labels)

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return probabilities made of the compound; see the module's formula."""
        probabilities = np.zeros((len(texts), N_CLASSES))
        for row, text in zip(probabilities, preprocess(texts, self._options.text), strict=True):
            compound = float(self._analyzer.polarity_scores(text)["compound"])
            if abs(compound) < self._options.neutral_band:
                row[Label.NEUTRAL.class_index] = 1.0
                continue
            side = Label.POSITIVE if compound > 0 else Label.NEGATIVE
            row[side.class_index] = (1 + abs(compound)) / 2
            row[Label.NEUTRAL.class_index] = (1 - abs(compound)) / 2
        return probabilities

    def save(self, folder: Path) -> None:
        """Write the settings; the lexicons are VADER's."""
        write_saved(folder, self._options, seed=self._seed, saved=Saved())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """See `SentimentModel.load`."""
        options, seed, _ = read_saved(folder, VaderOptions)
        return cls(options, seed=seed)
