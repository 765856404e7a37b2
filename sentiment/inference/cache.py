"""Predictions of texts that came before: bounded, thread-safe.

Owns which predictions are forgotten: those not asked for longest. Imports no training library.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping

from sentiment.comments import Prediction


class PredictionCache:
    """The predictions last asked for, by cleaned text. Thread-safe.

    Belongs to one model: another one needs another cache.

    Args:
        max_texts: texts kept, > 0.
        max_characters: characters of all texts kept, > 0.
    """

    def __init__(self, *, max_texts: int, max_characters: int) -> None:
        self._max_texts = max_texts
        self._max_characters = max_characters
        self._kept: OrderedDict[str, Prediction] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def find(self, texts: Iterable[str]) -> dict[str, Prediction]:
        """Return what is kept of these cleaned texts; a text that is not kept is left out."""
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
            for text in found:
                self._kept.move_to_end(text)
        return found

    def keep(self, predictions: Mapping[str, Prediction]) -> None:
        """Keep predictions by cleaned text; those asked for longest ago make room."""
        with self._lock:
            for text, prediction in predictions.items():
                if text not in self._kept:
                    self._characters += len(text)
                self._kept[text] = prediction
                self._kept.move_to_end(text)
            while len(self._kept) > self._max_texts or self._characters > self._max_characters:
                text, _ = self._kept.popitem(last=False)
                self._characters -= len(text)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def characters(self) -> int:
        """Characters of all texts kept."""
        return self._characters
