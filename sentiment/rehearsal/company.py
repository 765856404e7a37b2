"""What every act works with, and the measures that several of them take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from sentiment.errors import RehearsalError
from sentiment.rehearsal.page import accuracy_name
from sentiment.rehearsal.sizes import Size
from sentiment.rehearsal.stage import Stage
from sentiment.rehearsal.story import Story
from sentiment.rehearsal.viewers import Viewers, Visit, truth_of

PLAIN, SLANG = "plain", "slang"
_HELD_BACK_FROM = 900_000
_PATIENCE_S = 60.0
_LOOK_S = 0.2


@dataclass(slots=True)
class Company:
    """What every act works with.

    Attributes:
        stage: servers and commands.
        size: how much is played.
        story: is told what happens.
        viewers: ask the service.
        first_bundle: of the first champion.
        url: of the service.
        visits: of the day on which the register shifted.
    """

    stage: Stage
    size: Size
    story: Story
    viewers: Viewers
    first_bundle: Path
    url: str
    visits: list[Visit] = field(default_factory=list)
    _shown: dict[str, int] = field(default_factory=dict)

    def new_videos(self, register: str, n: int) -> list[str]:
        """Return ids of videos that nobody has seen."""
        first = self._shown.get(register, 0) + 1
        self._shown[register] = first + n - 1
        return [f"{register}{number:06d}" for number in range(first, first + n)]

    def measure(self, when: str) -> dict[str, float]:
        """Measure what the service's model gets right on videos that are never shown.

        Args:
            when: `before` or `after`.

        Returns:
            Accuracy by register.
        """
        found = {}
        for register in (PLAIN, SLANG):
            numbers = range(_HELD_BACK_FROM, _HELD_BACK_FROM + self.size.held_back_videos)
            truths = [
                known for number in numbers for _, known in truth_of(f"{register}{number:06d}")
            ]
            answers = self.viewers.label([text for text, _ in truths])
            read = [
                answer["label"] == int(truth)
                for answer, (_, truth) in zip(answers, truths, strict=True)
                if answer["status"] in {"ok", "unsure"}
            ]
            found[register] = sum(read) / len(read)
            self.story.figures[accuracy_name(register, when)] = found[register]
        return found

    def digest(self) -> str:
        """Return the digest of the model that the service says it answers with."""
        answer = httpx.get(f"{self.url}/v1/model")
        answer.raise_for_status()
        digest: str = answer.json()["digest"]
        return digest

    def readiness(self) -> dict[str, Any]:
        """Return what the service says of itself."""
        body: dict[str, Any] = httpx.get(f"{self.url}/readyz").json()
        return body

    def wait_until(self, what: str, holds: Callable[[], bool]) -> None:
        """Return when something holds.

        Raises:
            RehearsalError: it does not within a minute.
        """
        until_s = time.monotonic() + _PATIENCE_S
        while not holds():
            if time.monotonic() > until_s:
                raise RehearsalError(f"Waited {_PATIENCE_S:.0f} s in vain: {what}.")
            time.sleep(_LOOK_S)
