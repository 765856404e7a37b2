"""What a service shall run: the folder of releases and the one file in it that says so.

`sentiment release` writes it, every process of a service reads it; renamed into place, so that a
reader finds one whole plan, and a process that is started anew goes on where the last one was.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sentiment.errors import ReleaseError
from sentiment.files import write_json
from sentiment.rollout.verdict import Limits

PLAN_FILE = "rollout.json"
_BUNDLES = "bundles"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Stage(StrEnum):
    """How far a candidate has come."""

    SHADOW = "shadow"
    CANARY = "canary"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Candidate(_Part):
    """A model that is tried beside the champion."""

    rollout_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    """Names this try in the store; a second try of the same model has another."""
    digest: Digest
    started_at: AwareDatetime
    shadow_share: Share
    """Share of the videos that the champion answers whose texts it labels too, unseen."""
    canary_share: Share = 0.0
    """Share of the videos that it answers."""
    limits: Limits = Limits()

    @property
    def stage(self) -> Stage:
        """Whether viewers are shown its labels."""
        return Stage.CANARY if self.canary_share > 0 else Stage.SHADOW


class Plan(_Part):
    """What a service shall run. Digests are those of bundles."""

    format: Literal[1] = 1
    champion: Digest
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Releases:
    """A folder of bundles, one a digest, and the plan.

    Attributes:
        root: the folder; it may not be there yet.
    """

    root: Path

    @property
    def plan_path(self) -> Path:
        """The file that says what runs."""
        return self.root / PLAN_FILE

    @property
    def bundles(self) -> Path:
        """Where bundles lie, one folder a digest."""
        return self.root / _BUNDLES

    def bundle_folder(self, digest: str) -> Path:
        """Return where the bundle with a digest lies, or would."""
        return self.bundles / digest

    def read(self) -> Plan | None:
        """Return the plan; None where nothing was released yet.

        Raises:
            ReleaseError: the file can't be read or is no plan.
        """
        try:
            content = self.plan_path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ReleaseError(
                f"Wanted a plan at {self.plan_path}, which can't be read: {error.strerror}.",
                hint="See to the folder's rights, or name another in SENTIMENT_RELEASES_DIR.",
            ) from error
        try:
            return Plan.model_validate_json(content)
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, problem['loc'])) or 'document'}: {problem['msg']}"
                for problem in error.errors()[:5]
            )
            raise ReleaseError(
                f"{self.plan_path} is no plan of ours: {problems}.",
                hint="Write it with `sentiment release`, not by hand.",
            ) from None

    def write(self, plan: Plan) -> None:
        """Say what shall run from now on.

        Raises:
            OutOfSpaceError: the disk is full; the older plan stands.
        """
        write_json(self.plan_path, plan.model_dump(mode="json"))


def new_candidate(
    digest: str,
    *,
    at: datetime,
    shadow_share: float,
    canary_share: float = 0.0,
    limits: Limits | None = None,
) -> Candidate:
    """Return a try of a model, under a name of its own.

    Args:
        digest: of its bundle.
        at: when it starts, with time zone.
        shadow_share: in [0, 1].
        canary_share: in [0, 1].
        limits: how much worse it may be; None takes the usual ones.
    """
    return Candidate(
        rollout_id=secrets.token_hex(8),
        digest=digest,
        started_at=at,
        shadow_share=shadow_share,
        canary_share=canary_share,
        limits=limits or Limits(),
    )
