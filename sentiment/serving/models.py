"""The model that answers now, older ones that still end what they began, and one beside it.

Owns which model answers. A request or an analysis borrows one for as long as it lasts, so that
it ends with the model that it began with, whatever comes between. Nobody else keeps a model: the
memory of an older one is free as soon as its last loan is over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from sentiment.comments import Prediction
from sentiment.errors import InferenceError
from sentiment.serving.wire import ModelBody

_log = logging.getLogger(__name__)


class Model(Protocol):
    """What labels texts. Thread-safe."""

    name: str
    digest: str

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Label texts, in order."""


@dataclass(eq=False, slots=True)
class _Held:
    model: Model
    loans: int = 0


class Loan:
    """A model that is borrowed; a context manager that gives it back at its end.

    Args:
        held: what is borrowed.
        take_back: told once when it is given back.
    """

    def __init__(self, held: _Held, take_back: Callable[[_Held], None]) -> None:
        # Let go of at the end, so that a loan that somebody forgets keeps no memory.
        self._held: _Held | None = held
        self._take_back = take_back

    @property
    def model(self) -> Model:
        """The model.

        Raises:
            RuntimeError: it was given back.
        """
        if self._held is None:
            raise RuntimeError("this model was given back")
        return self._held.model

    def end(self) -> None:
        """Give the model back; a second time does nothing. By one thread at a time."""
        held, self._held = self._held, None
        if held is not None:
            self._take_back(held)

    def __enter__(self) -> Model:
        return self.model

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()


class Models:
    """Lends the model that answers. Thread-safe.

    Args:
        model: the first one.
    """

    def __init__(self, model: Model) -> None:
        self._lock = threading.Lock()
        self._current = _Held(model)
        self._older: list[_Held] = []

    @property
    def current(self) -> ModelBody:
        """The name and the digest of the model that answers."""
        return name_of(self._current.model)

    @property
    def older(self) -> int:
        """How many models before it are still borrowed."""
        return len(self._older)

    def lend(self) -> Loan:
        """Return the model that answers now, on loan."""
        with self._lock:
            held = self._current
            held.loans += 1
        return Loan(held, self._take_back)

    def switch(self, model: Model) -> None:
        """Let another model answer all that is borrowed from now on."""
        with self._lock:
            before, self._current = self._current, _Held(model)
            is_gone = before.loans == 0
            if not is_gone:
                self._older.append(before)
        if is_gone:
            _tell_gone(before)

    def _take_back(self, held: _Held) -> None:
        with self._lock:
            held.loans -= 1
            is_gone = held.loans == 0 and held is not self._current
            if is_gone:
                self._older.remove(held)
        if is_gone:
            _tell_gone(held)


class SpareModel:
    """Lends a model beside the one that answers, until it is let go. Thread-safe.

    Args:
        model: to be lent.
    """

    def __init__(self, model: Model) -> None:
        self.name = name_of(model)
        self._lock = threading.Lock()
        self._held: _Held | None = _Held(model)
        self._loans = 0

    @property
    def is_gone(self) -> bool:
        """Whether it was let go, and the last loan is over."""
        return self._held is None and self._loans == 0

    def lend(self) -> Loan | None:
        """Return the model, on loan; None once it was let go."""
        with self._lock:
            held = self._held
            if held is None:
                return None
            held.loans += 1
            self._loans += 1
        return Loan(held, self._take_back)

    def let_go(self) -> None:
        """Lend it no more; its memory is free when the last loan is over."""
        with self._lock:
            held, self._held = self._held, None
            is_gone = held is not None and self._loans == 0
        if held is not None and is_gone:
            _tell_gone(held)

    def _take_back(self, held: _Held) -> None:
        with self._lock:
            held.loans -= 1
            self._loans -= 1
            is_gone = self._held is None and self._loans == 0
        if is_gone:
            _tell_gone(held)


def labels_of(model: Model, texts: Sequence[str]) -> list[Prediction]:
    """Return what a model says of texts, one prediction a text.

    Raises:
        InferenceError: it gave another number of them.
    """
    said = model.predict(texts)
    if len(said) != len(texts):
        raise InferenceError(f"wanted {len(texts)} predictions, found {len(said)}")
    return said


def name_of(model: Model) -> ModelBody:
    """Return the name and the digest of a model."""
    return ModelBody(name=model.name, digest=model.digest)


def _tell_gone(held: _Held) -> None:
    _log.info("let go of model %s, digest %s", held.model.name, held.model.digest)
