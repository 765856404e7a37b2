"""When to retrain: on enough new corrections, on a drift that nobody answered, or at any rate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from sentiment.drift.state import DriftState
from sentiment.errors import ConfigError, DataError
from sentiment.retraining.state import RetrainState
from sentiment.store import Store

ALWAYS, ALARM = "always", "alarm"
_CORRECTIONS = re.compile(r"corrections:([1-9][0-9]{0,8})")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Whether to retrain now.

    Attributes:
        has_come: whether.
        why: in words, either way.
        alarms: the drifts that are answered by it: feature -> first day.
    """

    has_come: bool
    why: str
    alarms: dict[str, str] = field(default_factory=dict)


def occasion(
    when: str, *, store: Store, drift_state: Path | None, earlier: Sequence[RetrainState]
) -> Occasion:
    """Tell whether what is waited for has come.

    Args:
        when: `always`, `alarm` or `corrections:N`.
        store: of the service.
        drift_state: the file that `sentiment drift check` keeps; None where there is none.
        earlier: retrainings of the same configuration, the earliest first.

    Raises:
        ConfigError: `when` is none of these.
        DataError: the drift state can't be read.
        StoreError: the store can't be read.
    """
    ended = [state for state in earlier if state.outcome is not None]
    if when == ALWAYS:
        return Occasion(True, "asked for")
    if when == ALARM:
        return _alarm(drift_state, ended)
    if wanted := _CORRECTIONS.fullmatch(when):
        return _corrections(int(wanted[1]), store, ended)
    raise ConfigError(
        f"--when has to be corrections:N, {ALARM} or {ALWAYS}, found {when!r}.",
        hint="For instance --when corrections:200.",
    )


def newest_vote(store: Store) -> datetime | None:
    """Return when the newest vote was given; None where there is none."""
    return max((vote.created_at for vote in store.feedback()), default=None)


def _corrections(n_wanted: int, store: Store, ended: Sequence[RetrainState]) -> Occasion:
    known = max((state.votes_until for state in ended if state.votes_until), default=_LONG_AGO)
    n_new = sum(vote.created_at > known for vote in store.feedback())
    return Occasion(n_new >= n_wanted, f"{n_new:,} new corrections, {n_wanted:,} are waited for")


def _alarm(drift_state: Path | None, ended: Sequence[RetrainState]) -> Occasion:
    if drift_state is None or not drift_state.is_file():
        return Occasion(False, f"no drift was looked for yet ({drift_state})")
    try:
        state = DriftState.model_validate_json(drift_state.read_bytes())
    except ValidationError as error:
        raise DataError(
            f"{drift_state} is no state of `sentiment drift check`: {error.errors()[0]['msg']}.",
            hint="Name the file that it keeps with --drift-state.",
        ) from None
    answered = {alarm for one in ended for alarm in one.alarms.items()}
    found = {name: drift.since.isoformat() for name, drift in state.open.items()}
    new = {name: since for name, since in found.items() if (name, since) not in answered}
    if not new:
        return Occasion(False, "no drift is open that was not answered")
    named = ", ".join(f"{name} since {since}" for name, since in new.items())
    return Occasion(True, f"drift of {named}", new)
