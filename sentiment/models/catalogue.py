"""Every kind of model by its options: made, or loaded from a folder.

A kind's module is imported when it is asked for: torch takes seconds that a lexicon need not wait.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from sentiment.errors import BundleError
from sentiment.models.face import SentimentModel
from sentiment.models.options import ModelOptions
from sentiment.models.saved import read_manifest

_CLASSES = {
    "textblob": ("textblob_lexicon", "TextBlobLexicon"),
    "vader": ("vader_lexicon", "VaderLexicon"),
    "tfidf_logistic": ("tfidf_logistic", "TfidfLogistic"),
    "tfidf_lightgbm": ("tfidf_lightgbm", "TfidfLightGbm"),
    "bilstm": ("bilstm", "BiLstm"),
    "embeddings_logistic": ("frozen_embeddings", "FrozenEmbeddings"),
    "fine_tuned": ("fine_tuned", "FineTuned"),
    "zero_shot": ("zero_shot", "ZeroShot"),
}


def make_model(options: ModelOptions, *, seed: int) -> SentimentModel:
    """Return a model that has learnt nothing yet.

    Raises:
        ModelUnavailableError: its frozen base is nowhere to be had.
    """
    model: SentimentModel = _class_of(options.kind)(options, seed=seed)
    return model


def load_model(folder: Path) -> SentimentModel:
    """Load a model of any kind.

    Raises:
        BundleError: the folder is corrupt or holds something else.
        ModelUnavailableError: a frozen base that it needs is nowhere to be had.
    """
    options = read_manifest(folder).get("options")
    kind = options.get("kind") if isinstance(options, dict) else None
    if kind not in _CLASSES:
        raise BundleError(
            f"{folder} holds a model of the kind {kind!r}; known are {', '.join(_CLASSES)}."
        )
    model: SentimentModel = _class_of(kind).load(folder)
    return model


def _class_of(kind: str) -> Any:  # noqa: ANN401 - a class whose constructor no protocol knows
    module, name = _CLASSES[kind]
    return getattr(importlib.import_module(f"sentiment.models.{module}"), name)
