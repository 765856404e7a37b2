"""How far a retraining has come: one file in its folder, written whole after each step.

A retraining that was killed is found again by its configuration and goes on after its last
finished step.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from sentiment.config import PipelineConfig
from sentiment.files import write_json

RETRAIN_DIR = Path("outputs/retrain")
_STATE_FILE = "state.json"
_BUNDLE = "bundle"


class Step(StrEnum):
    """The steps, in their order."""

    COLLECT = "collect"
    PREPARE = "prepare"
    PARENT = "parent"
    TRAIN = "train"
    EXPORT = "export"
    JUDGE = "judge"
    REGISTER = "register"


class Outcome(StrEnum):
    """What a finished retraining came to."""

    CHALLENGER = "challenger"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    """The very champion came out."""


class RetrainState(BaseModel):
    """What is known of one retraining."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    format: Literal[1] = 1
    id: str
    config: str
    config_digest: str
    began_at: AwareDatetime
    why: str
    """What it was waiting for."""
    alarms: dict[str, str] = {}
    """Drifts that it answers: feature -> first day."""
    done: list[Step] = []
    votes_until: AwareDatetime | None = None
    """When the newest vote was given that it knows."""
    keep_until: AwareDatetime | None = None
    """When the texts that it learns from have to go."""
    data: dict[str, Any] = {}
    """What it learned from, as counts."""
    parent: dict[str, Any] = {}
    """What training began with."""
    judged: dict[str, Any] = {}
    """The gate's decision and figures."""
    version: str | None = None
    """Of the challenger in the registry."""
    outcome: Outcome | None = None
    """None while it has not finished."""


class RetrainFolder:
    """One retraining on disk.

    Args:
        root: the folder of all retrainings.
        state: of this one.
    """

    def __init__(self, root: Path, state: RetrainState) -> None:
        self._root = root
        self.path = root / state.id
        self.state = state

    @property
    def processed(self) -> Path:
        """The three splits; holds texts, and goes when the retraining has finished."""
        return self.path / "processed"

    @property
    def interim(self) -> Path:
        """Cleaned rows; likewise."""
        return self.path / "interim"

    @property
    def parent(self) -> Path:
        """The checkpoint that training begins with."""
        return self.path / "parent"

    @property
    def checkpoint(self) -> Path:
        """What was trained."""
        return self.path / "checkpoint"

    @property
    def bundle(self) -> Path:
        """What was exported."""
        return self.path / _BUNDLE

    def is_done(self, step: Step) -> bool:
        """Tell whether a step has finished."""
        return step in self.state.done

    def save(self) -> None:
        """Write the state down, whole or not at all.

        Raises:
            OutOfSpaceError: the disk is full.
        """
        write_json(self.path / _STATE_FILE, self.state.model_dump(mode="json"))

    def finish(self, outcome: Outcome) -> None:
        """Note how it ended, and let go of every text; of models only its bundle is kept.

        The bundles of earlier ones go too.
        """
        old = [
            self._root / earlier.id
            for earlier in retrainings(self._root, config=self.state.config)
            if earlier.outcome is not None and earlier.id != self.state.id
        ]
        for folder in (
            *(self.processed, self.interim, self.parent, self.checkpoint),
            *(path / _BUNDLE for path in old),
        ):
            shutil.rmtree(folder, ignore_errors=True)
        # Last: one that is cut off before it comes here again, and leaves no text behind.
        self.state.outcome = outcome
        self.save()


def digest_of_config(config: PipelineConfig) -> str:
    """Return what tells a configuration from any other."""
    return hashlib.sha256(config.model_dump_json().encode()).hexdigest()


def new_state(
    config: PipelineConfig, *, at: datetime, why: str, alarms: dict[str, str]
) -> RetrainState:
    """Return the state of a retraining that begins."""
    return RetrainState(
        id=f"{at:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
        config=config.name,
        config_digest=digest_of_config(config),
        began_at=at,
        why=why,
        alarms=alarms,
    )


def retrainings(root: Path, *, config: str) -> list[RetrainState]:
    """Return the retrainings of a configuration by its name, the earliest first."""
    found = []
    for path in root.glob(f"*/{_STATE_FILE}"):
        try:
            state = RetrainState.model_validate(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, ValidationError):
            continue  # of another version of this program
        if state.config == config:
            found.append(state)
    return sorted(found, key=lambda state: state.began_at)


def unfinished(root: Path, config: PipelineConfig, *, now: datetime) -> RetrainState | None:
    """Return a retraining of a configuration to go on with.

    One of another version of the configuration, or whose texts have to go, is removed.
    """
    for state in reversed(retrainings(root, config=config.name)):
        if state.outcome is not None:
            continue
        is_overdue = state.keep_until is not None and now >= state.keep_until
        if state.config_digest == digest_of_config(config) and not is_overdue:
            return state
        shutil.rmtree(root / state.id)
    return None
