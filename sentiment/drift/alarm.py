"""An alarm, who is told of it, and that each drift is told once.

Nothing here holds the text of a comment, or which video it was of.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from sentiment.drift.compare import Comparison, Judged
from sentiment.drift.days import Days
from sentiment.drift.features import FEATURES
from sentiment.drift.state import Pending
from sentiment.errors import AlarmError

_log = logging.getLogger(__name__)
_FEATURES = {feature.name: feature for feature in FEATURES}


@dataclass(frozen=True, slots=True)
class MovedFeature:
    """A feature that drifts, as an alarm tells it.

    Attributes:
        feature: its name.
        effect: see `sentiment.drift.two_sample.Finding`.
        adjusted_p_value: corrected for the other features of the look.
        bins: names of its bins, in order.
        reference_shares: expected shares of the bins.
        window_shares: shares that were seen.
    """

    feature: str
    effect: float
    adjusted_p_value: float
    bins: tuple[str, ...]
    reference_shares: tuple[float, ...]
    window_shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is told.

    Attributes:
        model: name of the bundle.
        model_digest: its digest.
        since: first day of the window, ISO 8601.
        until: the day after its last.
        n_comments: of the window.
        n_videos: of the window.
        moved: the features that drift and were not told of yet, at least one.
    """

    model: str
    model_digest: str
    since: str
    until: str
    n_comments: int
    n_videos: int
    moved: tuple[MovedFeature, ...]

    @property
    def title(self) -> str:
        """One line: what moved, and where."""
        named = ", ".join(part.feature for part in self.moved)
        return f"Drift of {named} in the comments of {self.since} ({self.model})"

    @property
    def id(self) -> str:
        """Of the same drift in the same window always the same: who is told twice can tell.

        A check that is killed between telling and noting it has to tell again.
        """
        features = sorted(part.feature for part in self.moved)
        named = "\n".join([self.model_digest, self.since, self.until, *features])
        return hashlib.sha256(named.encode()).hexdigest()[:32]

    def to_json(self) -> dict[str, Any]:
        """Return the payload of webhooks and topics."""
        return {"kind": "sentiment.drift", "id": self.id, "title": self.title, **asdict(self)}


class Sink(Protocol):
    """Somebody who is told."""

    @property
    def name(self) -> str:
        """Short and lasting: the state remembers by it who waits. Holds no secret."""

    def send(self, alarm: Mapping[str, Any]) -> None:
        """Tell of an alarm.

        Args:
            alarm: plain JSON values, among them `kind`, `title`, and `id`, which is the same
                where the same is told again.

        Raises:
            AlarmError: it could not be told; the message holds no secret.
        """


class LogSink:
    """Writes a warning to the log."""

    name = "log"

    def send(self, alarm: Mapping[str, Any]) -> None:
        """Write one line; see `Sink.send`."""
        _log.warning(
            "%s: %d comments of %d videos, model %s",
            *(alarm["title"], alarm["n_comments"], alarm["n_videos"], alarm["model_digest"][:12]),
        )


def alarm_of(
    comparison: Comparison, new: Sequence[str], *, model: str, model_digest: str, days: Days
) -> Alarm | None:
    """Return the alarm of a look; None where nothing new drifts.

    Args:
        comparison: what the look saw.
        new: names of the features that drift and were not told of.
        model: name of the bundle.
        model_digest: its digest.
        days: of the window.
    """
    moved = tuple(_moved(part) for part in comparison.drifting if part.finding.feature in new)
    if not moved:
        return None
    return Alarm(
        model=model,
        model_digest=model_digest,
        since=days.since.isoformat(),
        until=days.until.isoformat(),
        n_comments=comparison.n_comments,
        n_videos=comparison.n_videos,
        moved=moved,
    )


def tell(
    pending: Sequence[Pending],
    sinks: Sequence[Sink],
    *,
    on_told: Callable[[list[Pending]], None] = lambda _: None,
) -> tuple[list[Pending], list[str]]:
    """Tell sinks of the alarms that wait for them.

    Args:
        pending: oldest first; for sinks that are not among `sinks` they go on waiting.
        sinks: who can be told now.
        on_told: called after each that was told, with what is still to tell.

    Returns:
        What is still to tell, and why, a sentence a sink that failed.
    """
    by_name = {sink.name: sink for sink in sinks}
    failures: dict[str, str] = {}
    left = list(pending)
    for waiting in pending:
        sink = by_name.get(waiting.sink)
        # A sink that fails once is not tried again in this run: it would cost its time-out again.
        if sink is None or waiting.sink in failures:
            continue
        try:
            sink.send(waiting.alarm)
        except AlarmError as error:
            failures[waiting.sink] = str(error)
            continue
        left = [one for one in left if one is not waiting]
        on_told(left)
    return left, list(failures.values())


def _moved(part: Judged) -> MovedFeature:
    found = part.finding
    return MovedFeature(
        feature=found.feature,
        effect=found.effect,
        adjusted_p_value=part.adjusted_p_value,
        bins=_FEATURES[found.feature].bins,
        reference_shares=found.reference_shares,
        window_shares=found.window_shares,
    )
