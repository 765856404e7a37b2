"""A release as a test sees it: the registry on a real server, the plan, the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sentiment.release.registry import ModelRegistry
from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import Seen
from sentiment.rollout.plan import Candidate, Plan, Releases
from sentiment.store import Store, open_store
from sentiment.store.records import RolloutEventKind
from tests.cli.calling import CommandLine, Outcome
from tests.release.handmade import make_handmade_bundle

ENOUGH_VIDEOS = 400


@dataclass(frozen=True)
class Place:
    """Where releases happen.

    Attributes:
        folder: of the test.
        registry: on a server.
        store_url: the store's address.
    """

    folder: Path
    registry: ModelRegistry
    store_url: str

    @classmethod
    def with_a_file(cls, folder: Path, registry: ModelRegistry) -> Place:
        """Return a place whose store is a file in its folder."""
        return cls(folder, registry, f"sqlite:///{folder / 'store.db'}")

    @property
    def releases(self) -> Releases:
        return Releases(self.folder / "releases")

    @contextmanager
    def store(self) -> Iterator[Store]:
        with closing(open_store(self.store_url)) as opened:
            yield opened

    def made(self, content: str) -> Path:
        """Return the folder of a bundle that holds `content`."""
        folder = self.folder / "made" / content
        if not folder.exists():
            make_handmade_bundle(folder, content=content)
        return folder

    def challenger(self, content: str) -> str:
        """Register a bundle as the challenger and return its digest."""
        from sentiment.release.bundle import load_bundle

        bundle = load_bundle(self.made(content))
        return self.registry.register(bundle, metrics={}, git_commit="abc").digest

    def held(self) -> dict[str, str]:
        """Return the digests of the bundles that hold an alias."""
        return {alias: one.digest for one in self.registry.history() for alias in one.aliases}

    def tags(self, digest: str) -> dict[str, str]:
        found = self.registry.with_digest(digest)
        assert found is not None
        return {name: value for name, value in found.tags.items() if name.startswith("roll")}

    def plan(self) -> Plan:
        plan = self.releases.read()
        assert plan is not None
        return plan

    def candidate(self) -> Candidate:
        candidate = self.plan().candidate
        assert candidate is not None
        return candidate

    def kept(self) -> set[str]:
        return {path.name for path in self.releases.bundles.iterdir()}

    def events(self) -> list[RolloutEventKind]:
        with self.store() as store:
            return [event.kind for event in store.rollout_events()]

    def count(self, arm: Arm, *, failed: bool = False, n: int = ENOUGH_VIDEOS) -> None:
        """Count calls for as many videos, as services would."""
        rollout_id = self.candidate().rollout_id
        seen = [
            Seen(video_id=f"{arm}{number:06}", arm=arm, failed=failed, n_texts=10 * (not failed))
            for number in range(n)
        ]
        with self.store() as store:
            store.add_seen(rollout_id, seen)


def status_of(sentiment: CommandLine, *options: str) -> Outcome:
    """Follow the chain."""
    return sentiment("release", "status", "--json", *options)


def broken_links(status: Outcome) -> Sequence[dict[str, Any]]:
    """Return the links of a chain that don't hold."""
    return [link for link in json.loads(status.stdout)["links"] if not link["is_whole"]]
