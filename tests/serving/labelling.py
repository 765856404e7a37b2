"""Models whose every outcome says which of them made it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from sentiment.comments import Prediction, Status
from sentiment.labels import Label


@dataclass(eq=False)
class ConstantModel:
    """Gives each text the same outcome, once it is let.

    Attributes:
        digest: of the model.
        positive: probability that every text is positive, above 1/2.
        go_on: cleared to hold up the next call.
        is_called: set when a call has come.
    """

    digest: str
    positive: float
    name: str = "constant"
    go_on: threading.Event = field(default_factory=threading.Event)
    is_called: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.go_on.set()

    @property
    def outcome(self) -> Prediction:
        """What it says of any text."""
        return Prediction(Label.POSITIVE, (0.0, 1 - self.positive, self.positive), Status.OK)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.is_called.set()
        if not self.go_on.wait(30):
            raise TimeoutError
        return [self.outcome for _ in texts]


def two_models() -> tuple[ConstantModel, ConstantModel]:
    """Two that can be told apart."""
    return ConstantModel("a" * 64, 0.75), ConstantModel("b" * 64, 0.875)
