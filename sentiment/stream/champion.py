"""The model of a worker: the champion, and after a promotion the next one.

Looked for between two batches, so that a batch is labelled by one model. What can't be loaded
changes nothing, as in the service.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sentiment.errors import ConfigError, SentimentError
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import Bundle, load_bundle, manifest_digest
from sentiment.serving.folders import PLAN_LOOK_EVERY_S, Champion, releases_of
from sentiment.serving.models import Model
from sentiment.serving.swapping import refuse_replaced
from sentiment.settings import Settings

_log = logging.getLogger(__name__)

_AFTER_REFUSAL_S = 30.0


class ChampionModel:
    """Gives the model that shall label now.

    Safe to be called by several threads: one of them loads, the others go on with the model of
    before.

    Args:
        settings: name the folder of releases, whose plan comes before the folder of the model;
            that one is looked at again only where `reload_interval_s` says so.
        bundle: folder of a bundle that is kept whatever is released.
        on_model: told of the first model, and of each that takes over.

    Raises:
        ConfigError: the service's model is one of the Bento store, which only BentoML opens.
        BundleError: the first bundle can't be used.
        ReleaseError: the plan can't be read.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        bundle: Path | None = None,
        on_model: Callable[[Model], None] = lambda _: None,
    ) -> None:
        releases = releases_of(settings) if bundle is None else None
        self._champion = Champion(releases)
        if bundle is None and settings.model_tag and self._champion.folder() is None:
            # Else the service and the worker would label with two models, and nobody would know.
            tag = settings.model_tag
            raise ConfigError(
                f"SENTIMENT_MODEL_TAG names {tag}, a model of the Bento store, which only the "
                "service opens.",
                hint="Release the model (`sentiment release init`), or name its folder with "
                f"--bundle: `bentoml models get {tag} -o path` prints it.",
            )
        self._otherwise = (bundle or settings.model_dir).absolute()
        is_fixed = bundle is not None or (releases is None and not settings.reload_interval_s)
        self._interval_s = (
            float("inf") if is_fixed else settings.reload_interval_s or PLAN_LOOK_EVERY_S
        )
        self._on_model = on_model
        self._turn = threading.Lock()
        self._model = _open(load_bundle(self._folder()))
        on_model(self._model)
        self._next_look_s = time.monotonic() + self._interval_s

    def __call__(self) -> Model:
        """Return the model; at times one that was loaded just now."""
        if time.monotonic() >= self._next_look_s and self._turn.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._turn.release()
        return self._model

    def _look(self) -> None:
        pause_s = self._interval_s
        before = self._model
        try:
            folder = self._folder()
            if manifest_digest(folder) != before.digest:
                bundle = load_bundle(folder)
                model = _open(bundle)
                refuse_replaced(bundle)
                self._model = model
                self._on_model(model)
        except Exception as error:  # noqa: BLE001 - such as too little memory for two models
            is_foreseen = isinstance(error, SentimentError)
            pause_s = max(pause_s, _AFTER_REFUSAL_S)
            _log.error(
                "model %s, digest %s, goes on working, looked at again in %.0f s: %s",
                *(before.name, before.digest, pause_s, error),
                exc_info=None if is_foreseen else error,
            )
        self._next_look_s = time.monotonic() + pause_s

    def _folder(self) -> Path:
        # Links followed once: all files come from one folder, wherever the link leads next.
        return (self._champion.folder() or self._otherwise).resolve()


def _open(bundle: Bundle) -> Model:
    predictor = Predictor.from_bundle(bundle)
    predictor.warm_up()
    return predictor
