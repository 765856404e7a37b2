"""TextBlob's lexicon as a model: nothing is learnt.

The probabilities say how far the polarity p in [-1, 1] lies beyond the neutral band b: with
t = (|p| - b) / (1 - b), a text of p beyond the band has (1 + t) / 2 for its side and (1 - t) / 2
for neutral; within the band neutral has 1. The most probable label is thus the sign of p; the
figures are no frequencies, and calling them calibrated would be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import textblob
from numpy.typing import NDArray

from sentiment.labels import N_CLASSES, Label
from sentiment.models.face import LabelledTexts, check_rows
from sentiment.models.options import TextBlobOptions
from sentiment.models.preprocessing import preprocess
from sentiment.models.saved import Saved, read_saved, write_saved

_LEXICON = Path(textblob.__file__).parent / "en" / "en-sentiment.xml"


class TextBlobLexicon:
    """See `SentimentModel`.

    Args:
        options: its settings.
        seed: kept for the common form; there is no chance in a lexicon.
    """

    def __init__(self, options: TextBlobOptions, *, seed: int) -> None:
        self._options = options
        self._seed = seed

    @property
    def name(self) -> str:
        """See `SentimentModel.name`."""
        return self._options.name

    @property
    def size_bytes(self) -> int:
        """Size of the lexicon, which TextBlob's package carries."""
        return _LEXICON.stat().st_size

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
        """Return probabilities made of the polarity; see the module's formula."""
        band = self._options.neutral_band
        probabilities = np.zeros((len(texts), N_CLASSES))
        for row, text in zip(probabilities, preprocess(texts, self._options.text), strict=True):
            polarity = float(textblob.TextBlob(text).polarity)
            if abs(polarity) <= band:
                row[Label.NEUTRAL.class_index] = 1.0
                continue
            side = Label.POSITIVE if polarity > 0 else Label.NEGATIVE
            beyond = (abs(polarity) - band) / (1 - band)
            row[side.class_index] = (1 + beyond) / 2
            row[Label.NEUTRAL.class_index] = (1 - beyond) / 2
        return probabilities

    def save(self, folder: Path) -> None:
        """Write the settings; the lexicon is TextBlob's."""
        write_saved(folder, self._options, seed=self._seed, saved=Saved())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """See `SentimentModel.load`."""
        options, seed, _ = read_saved(folder, TextBlobOptions)
        return cls(options, seed=seed)
