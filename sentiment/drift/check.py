"""One look: a window of the store against a reference, and who is told what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sentiment.drift.alarm import Sink, alarm_of, tell
from sentiment.drift.compare import Comparison, Judged, compare
from sentiment.drift.days import Days
from sentiment.drift.features import FEATURES
from sentiment.drift.making import StoredWindow, window_of_store
from sentiment.drift.observation import Observer
from sentiment.drift.profile import Profile
from sentiment.drift.spending import DEFAULT_BUDGET
from sentiment.drift.state import (
    DriftState,
    Pending,
    read_state,
    reference_digest,
    write_state,
)
from sentiment.errors import DataError
from sentiment.release.bundle import Bundle
from sentiment.store import Store


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one look.

    Attributes:
        model: name of the bundle.
        model_digest: its digest.
        days: looked at.
        reference: what was expected.
        stored: what was seen.
        comparison: of both.
        new: features whose drift was not open before.
        state: after the look; drifts that are open and alarms that wait.
        failures: why an alarm could not be told, a sentence a sink.
    """

    model: str
    model_digest: str
    days: Days
    reference: Profile
    stored: StoredWindow
    comparison: Comparison
    new: tuple[str, ...]
    state: DriftState
    failures: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "model": self.model,
            "model_digest": self.model_digest,
            "since": self.days.since.isoformat(),
            "until": self.days.until.isoformat(),
            "reference": self.reference.source,
            "comments": self.comparison.n_comments,
            "videos": self.comparison.n_videos,
            "unscored": self.stored.n_unscored,
            "unreadable": self.stored.n_unreadable,
            "level": self.comparison.level,
            "conclusive": self.comparison.is_conclusive,
            "drift": bool(self.comparison.drifting),
            "new": list(self.new),
            "open": {name: drift.since.isoformat() for name, drift in self.state.open.items()},
            "left_out": list(self.comparison.left_out),
            "features": [_feature_json(part) for part in self.comparison.judged],
        }


def check(
    store: Store,
    bundle: Bundle,
    reference: Profile,
    *,
    days: Days,
    state_path: Path,
    sinks: Sequence[Sink] = (),
    budget: float = DEFAULT_BUDGET,
) -> Look:
    """Look at some days of a store, remember the look and tell of what is new.

    Args:
        store: an open one.
        bundle: whose predictions are looked at.
        reference: what is expected.
        days: the window.
        state_path: the file that remembers earlier looks; made if it is missing.
        sinks: who is told.
        budget: expected false alarms a year, in (0, 1).

    Raises:
        DataError: the reference is of another model or of these very days, this model has scored
            none of the comments, or the state can't be read.
        StoreError: the store can't be read.
        OutOfSpaceError: the state can't be written.
    """
    _refuse_what_does_not_fit(reference, bundle, days)
    digest = reference_digest(reference, model_digest=bundle.digest)
    state = read_state(state_path, reference_digest=digest)
    stored = window_of_store(
        store, Observer.from_bundle(bundle), model_digest=bundle.digest, days=days
    )
    level = state.level_for(days, budget=budget)
    comparison = compare(reference, stored.window, level=level)
    state, new = state.after_look(comparison, days)
    name = bundle.manifest.name
    alarm = alarm_of(comparison, new, model=name, model_digest=bundle.digest, days=days)
    if alarm is not None:
        waiting = [Pending(sink=sink.name, alarm=alarm.to_json()) for sink in sinks]
        state = state.with_pending([*state.pending, *waiting])
    # Written before anybody is told: who is cut off here tells twice rather than never, and the
    # alarm's id is the same. After each that was told, so that nobody else hears it again.
    write_state(state_path, state)
    pending, failures = tell(
        state.pending,
        sinks,
        on_told=lambda left: write_state(state_path, state.with_pending(left)),
    )
    state = state.with_pending(pending)
    return Look(
        model=name,
        model_digest=bundle.digest,
        days=days,
        reference=reference,
        stored=stored,
        comparison=comparison,
        new=new,
        state=state,
        failures=tuple(failures),
    )


def _refuse_what_does_not_fit(reference: Profile, bundle: Bundle, days: Days) -> None:
    if reference.model_digest not in {"", bundle.digest}:
        raise DataError(
            f"The reference is of the model {reference.model_digest[:12]}…, the bundle is "
            f"{bundle.digest[:12]}…: what differs between them would look like drift.",
            hint="Make a reference of this bundle with `sentiment drift reference`.",
        )
    if days.since.isoformat() < reference.until and days.until.isoformat() > reference.since:
        raise DataError(
            f"The window {days} overlaps the reference, which is of {reference.since} up to "
            f"{reference.until}: compared with itself, nothing drifts.",
            hint="Look at later days, or make a reference of earlier ones.",
        )


def _feature_json(part: Judged) -> dict[str, Any]:
    found = part.finding
    (feature,) = (feature for feature in FEATURES if feature.name == found.feature)
    return {
        "feature": found.feature,
        "drifts": part.drifts,
        "effect": found.effect,
        "least_effect": found.least_effect,
        "p_value": found.p_value,
        "adjusted_p_value": part.adjusted_p_value,
        "design_effect": found.design_effect,
        "comments": found.n_comments,
        "reference_shares": dict(zip(feature.bins, found.reference_shares, strict=True)),
        "window_shares": dict(zip(feature.bins, found.window_shares, strict=True)),
    }
