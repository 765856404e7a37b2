"""What is remembered between looks: the last one, which drifts are open, whom to tell still.

A file of JSON, written whole. One drift is one alarm: a feature that drifts is open until it was
quiet for several looks in a row, and only what was not open is new. Two checks with one state at
once may tell twice.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sentiment.drift.compare import Comparison
from sentiment.drift.days import Days
from sentiment.drift.profile import Profile
from sentiment.drift.spending import level_of_look
from sentiment.errors import DataError
from sentiment.files import write_json

QUIET_LOOKS = 3
"""Looks in a row without a drift that end it; only looks with a new day count."""

_MAX_PENDING = 100
_FOLDER = Path("data/drift")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OpenDrift(_Part):
    """A drift that was seen and has not ended."""

    since: date
    """First day of the window that it was seen in first."""
    quiet_looks: Annotated[int, Field(ge=0)] = 0


class Pending(_Part):
    """An alarm that a sink has not heard of yet."""

    sink: str
    alarm: dict[str, Any]


class DriftState(_Part):
    """What a state file holds."""

    reference_digest: str
    """Of the profile and the model: with another one everything begins anew."""
    looked_since: date | None = None
    looked_until: date | None = None
    level: Annotated[float, Field(ge=0, lt=1)] = 0.0
    open: dict[str, OpenDrift] = {}
    pending: list[Pending] = []

    def level_for(self, days: Days, *, budget: float) -> float:
        """Return the level of a look at some days; the same look again gets the same one."""
        if (self.looked_since, self.looked_until) == (days.since, days.until):
            return self.level
        return level_of_look(
            since=days.since, until=days.until, looked_until=self.looked_until, budget=budget
        )

    def after_look(self, comparison: Comparison, days: Days) -> tuple[Self, tuple[str, ...]]:
        """Note a look.

        Args:
            comparison: what it saw.
            days: that it looked at.

        Returns:
            The state after it, and the features that drift and were not open.
        """
        drifting = {part.finding.feature for part in comparison.drifting}
        quiet = {part.finding.feature for part in comparison.judged} - drifting
        is_new_look = self.looked_until is None or days.until > self.looked_until
        still_open = {}
        for name, drift in self.open.items():
            n_quiet = drift.quiet_looks + int(name in quiet and is_new_look)
            if name in drifting:
                still_open[name] = drift.model_copy(update={"quiet_looks": 0})
            elif n_quiet < QUIET_LOOKS:
                still_open[name] = drift.model_copy(update={"quiet_looks": n_quiet})
        new = tuple(
            part.finding.feature
            for part in comparison.drifting
            if part.finding.feature not in self.open
        )
        still_open |= {name: OpenDrift(since=days.since) for name in new}
        changes: dict[str, Any] = {"open": still_open}
        # A look that nothing could be told from has spent nothing: its days stay new.
        if is_new_look and comparison.is_conclusive:
            changes |= {
                "looked_since": days.since,
                "looked_until": days.until,
                "level": comparison.level,
            }
        return self.model_copy(update=changes), new

    def with_pending(self, pending: list[Pending]) -> Self:
        """Return the state with other alarms to tell; the oldest go where there are too many."""
        return self.model_copy(update={"pending": pending[-_MAX_PENDING:]})


def reference_digest(profile: Profile, *, model_digest: str) -> str:
    """Return what tells a reference, as seen by a model, from others."""
    return hashlib.sha256(f"{model_digest}\n{profile.to_json()}".encode()).hexdigest()


def default_state_path(profile: Profile, *, model_digest: str) -> Path:
    """Return where the state of a reference is kept unless a file is named."""
    return _FOLDER / f"state-{reference_digest(profile, model_digest=model_digest)[:12]}.json"


def read_state(path: Path, *, reference_digest: str) -> DriftState:
    """Read the state of a reference; a new one where there is none, or one of another reference.

    Raises:
        DataError: the file is there and is no state.
    """
    fresh = DriftState(reference_digest=reference_digest)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return fresh
    try:
        state = DriftState.model_validate_json(content)
    except ValidationError as error:
        raise DataError(
            f"{path} is no state of `sentiment drift check`: {error.errors()[0]['msg']}.",
            hint="Name another file with --state, or remove it: open drifts are then told anew.",
        ) from None
    if state.reference_digest != reference_digest:
        return fresh.with_pending(state.pending)
    return state


def write_state(path: Path, state: DriftState) -> None:
    """Write a state, whole or not at all.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    write_json(path, state.model_dump(mode="json"))
