"""A folder of releases, and a service that follows its plan."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from sentiment.rollout.arms import is_in_share
from sentiment.rollout.plan import Candidate as Tried
from sentiment.rollout.plan import Plan, Releases, new_candidate
from sentiment.rollout.verdict import Limits
from sentiment.store import Store, open_store
from sentiment.youtube.replay import ReplayServer
from tests.serving.running import Running, serving

FORGIVING = Limits(differing=1.0, more_slow=1.0)
"""Random weights differ as they like, and a busy machine is slow."""


@dataclass
class ReleaseFolder:
    """The folder, and the store beside it.

    Attributes:
        folder: holds all.
        champion: digest of what answers.
    """

    folder: Path
    champion: str
    releases: Releases = field(init=False)

    def __post_init__(self) -> None:
        self.releases = Releases(self.folder / "releases")

    def add(self, bundle: Path, digest: str) -> Path:
        """Put a bundle in."""
        return Path(shutil.copytree(bundle, self.releases.bundle_folder(digest)))

    def plan(self, tried: Tried | None) -> None:
        """Have a candidate tried, or none."""
        self.releases.write(Plan(champion=self.champion, candidate=tried))

    @property
    def store_url(self) -> str:
        """The address of the service's store."""
        return f"sqlite:///{self.folder / 'store.db'}"

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a service that follows the plan."""
        return {
            "SENTIMENT_RELEASES_DIR": str(self.releases.root),
            "SENTIMENT_RELOAD_INTERVAL_S": "0.05",
            "SENTIMENT_ADMIN_TOKEN": "adm1n",
            "SENTIMENT_FRESH_S": "0",
        }

    @contextmanager
    def served(self, replay: ReplayServer, **variables: str) -> Iterator[Served]:
        """Start the service; the store outlives it."""
        with serving(
            self.folder / "no bundle", self.folder, replay, **{**self.variables, **variables}
        ) as (running, client):
            yield Served(running, client)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the service's store."""
        store = open_store(self.store_url)
        try:
            yield store
        finally:
            store.close()


@dataclass(frozen=True)
class Served:
    """A service that answers."""

    running: Running
    client: httpx.Client

    @property
    def rollout(self) -> dict[str, Any]:
        """What `/readyz` says of the rollout."""
        body: dict[str, Any] | None = (
            self.client.get("/readyz").raise_for_status().json()["rollout"]
        )
        return body or {}

    def is_in_state(self, state: str) -> bool:
        """Tell whether the rollout is."""
        return self.rollout.get("state") == state

    def analyse(self, video_id: str) -> dict[str, Any]:
        """Return an analysis, which must go well."""
        answer = self.client.post("/v1/analyze", json={"video_id": video_id})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def kill(self) -> None:
        """End the process without a word."""
        self.running.process.kill()
        self.running.process.wait(10)


def tried(digest: str, *, shadow: float = 0.0, canary: float = 0.0, **fields: Any) -> Tried:
    """A try whose limits a test's models keep."""
    limits = fields.pop("limits", FORGIVING)
    made = new_candidate(
        digest, at=datetime.now(UTC), shadow_share=shadow, canary_share=canary, limits=limits
    )
    return made.model_copy(update=fields)


def is_canary(video_id: str, rollout: Tried) -> bool:
    """Whether a video is the candidate's."""
    return is_in_share(video_id, salt=rollout.rollout_id, share=rollout.canary_share)
