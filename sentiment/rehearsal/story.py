"""What happened, in order: told on the terminal as it happens, and kept for the page."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from sentiment.errors import RehearsalError


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        at_s: seconds since the beginning.
        act: which part of the story it belongs to.
        text: what happened, one sentence.
        passed: whether it is what should have happened; None where nothing was asked.
    """

    at_s: float
    act: str
    text: str
    passed: bool | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "at_s": round(self.at_s, 1),
            "act": self.act,
            "text": self.text,
            "passed": self.passed,
        }


@dataclass(slots=True)
class Story:
    """A timeline that is being written.

    Attributes:
        console: where it is told; None tells nobody.
        events: so far.
        figures: numbers worth keeping, by name.
    """

    console: Console | None = None
    events: list[Event] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    _began_s: float = field(default_factory=time.monotonic)
    _act: str = ""

    @contextmanager
    def act(self, name: str) -> Iterator[None]:
        """Tell what happens in the block under a heading."""
        self._act = name
        if self.console is not None:
            self.console.rule(f"[bold]{name}", align="left")
        yield

    def tell(self, text: str) -> None:
        """Tell what happened."""
        self._add(text, passed=None)

    def demand(self, text: str, *, that: bool) -> None:
        """Tell what should have happened, and whether it did.

        Raises:
            RehearsalError: it did not.
        """
        self._add(text, passed=that)
        if not that:
            raise RehearsalError(
                f"The rehearsal expected otherwise: {text}",
                hint="The timeline says what led to it.",
            )

    def to_json(self) -> Mapping[str, Any]:
        """Return it as plain JSON values."""
        return {
            "passed": all(event.passed is not False for event in self.events),
            "duration_s": round(self.events[-1].at_s, 1) if self.events else 0.0,
            "figures": self.figures,
            "events": [event.to_json() for event in self.events],
        }

    def _add(self, text: str, *, passed: bool | None) -> None:
        event = Event(time.monotonic() - self._began_s, self._act, text, passed)
        self.events.append(event)
        if self.console is not None:
            mark = {None: " ", True: "[green]✓[/]", False: "[red]✗[/]"}[passed]
            self.console.print(f"{event.at_s:7.1f} s {mark} ", end="")
            self.console.print(text, markup=False, highlight=False)
