"""Which candidate runs, over bundles that only carry names."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from sentiment.errors import StoreUnavailableError
from sentiment.release.bundle import MODEL_FILE, Bundle
from sentiment.rollout.plan import Candidate, Plan, Releases
from sentiment.serving.activity import Activity
from sentiment.serving.memory import Breaker
from sentiment.serving.models import Model, Models
from sentiment.serving.trial.arms import Arms
from sentiment.serving.trial.plan_follower import PlanFollower
from sentiment.store import Store
from sentiment.store.records import RolloutEventKind
from tests.release.handmade import make_handmade_bundle
from tests.rollout.dying import die_while_loading
from tests.serving.labelling import ConstantModel
from tests.serving.trial.bench import digest_lent
from tests.serving.trial.releasing import tried

_Value = TypeVar("_Value")


async def at_once(work: Callable[[], _Value]) -> _Value:
    return work()


class Place:
    """A folder of releases with two bundles, and its follower."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.store = store
        self.releases = Releases(folder / "releases")
        self.champion, self.candidate = (self._release(content) for content in ("one", "two"))
        models = Models(ConstantModel(self.champion, 0.75))
        self.breaker = Breaker(pause_s=0.05)
        self.arms = Arms(models)
        self.opened: list[str] = []
        self.follower = PlanFollower(
            self.releases,
            models=models,
            arms=self.arms,
            open_model=self._open,
            store=store,
            breaker=self.breaker,
            activity=Activity(),
        )

    def _release(self, content: str) -> str:
        folder = self.releases.bundles / "new"
        digest = make_handmade_bundle(folder, content=content).digest
        folder.rename(self.releases.bundle_folder(digest))
        return digest

    def _open(self, bundle: Bundle) -> Model:
        self.opened.append(bundle.digest)
        return ConstantModel(bundle.digest, 0.875)

    def plan(self, candidate: Candidate | None) -> tuple[str | None, str | None]:
        """Have a candidate tried; return its state and the reason."""
        self.releases.write(Plan(champion=self.champion, candidate=candidate))
        return self.look()

    def look(self) -> tuple[str | None, str | None]:
        """Follow the plan as it is; return the candidate's state and the reason."""
        asyncio.run(self.follower.reconcile(at_once))
        body = self.follower.body
        return (body.state, body.reason) if body else (None, None)


@pytest.fixture
def place(tmp_path: Path, store: Store) -> Iterator[Place]:
    made = Place(tmp_path, store)
    yield made
    made.follower.close()


def test_candidate_is_loaded_once_and_let_go(place: Place) -> None:
    assert place.look() == (None, None)
    rollout = tried(place.candidate, shadow=0.5)
    assert place.plan(rollout) == ("running", None)
    assert digest_lent(place.arms, "a video") == place.champion
    assert place.plan(rollout.model_copy(update={"canary_share": 1.0})) == ("running", None)
    assert digest_lent(place.arms, "a video") == place.candidate
    place.releases.plan_path.write_text("{")
    assert place.look() == ("running", None)
    trial = place.arms.trial
    assert place.plan(None) == (None, None)
    assert digest_lent(place.arms, "a video") == place.champion
    assert trial is not None
    assert trial.spare.is_gone
    assert place.opened == [place.candidate]


def test_another_try_waits_for_what_the_last_one_began(place: Place) -> None:
    place.plan(tried(place.candidate, canary=1.0))
    assigned = place.arms.lend("a video")
    again = tried(place.candidate, canary=1.0)
    assert place.plan(again) == ("waiting", "an earlier candidate still ends what it began")
    assert digest_lent(place.arms, "a video") == place.champion
    assert assigned.loan.model.digest == place.candidate
    assigned.end()
    assert place.look() == ("running", None)


def test_rollout_that_ended_never_runs_again(place: Place) -> None:
    rollout = tried(place.candidate, canary=1.0)
    place.store.add_rollout_event(
        rollout.rollout_id, RolloutEventKind.ROLLED_BACK, digest=rollout.digest, reason="slow"
    )
    assert place.plan(rollout) == ("withdrawn", "rolled back: slow")
    assert place.opened == []
    # A second try of the same model is another rollout.
    assert place.plan(tried(place.candidate)) == ("running", None)


def test_nothing_is_tried_while_nobody_knows_whether_it_ended(place: Place) -> None:
    def fails() -> None:
        raise StoreUnavailableError("away")

    place.breaker.call(fails, otherwise=None)
    assert place.plan(tried(place.candidate)) == ("waiting", "the store does not answer")
    while place.breaker.is_open:
        time.sleep(0.01)
    assert place.look() == ("running", None)


def test_bundle_that_can_not_be_used_is_refused(place: Place) -> None:
    state, reason = place.plan(tried(place.champion))
    assert (state, reason and "is the model that answers" in reason) == ("refused", True)
    state, reason = place.plan(tried("c" * 64))
    assert (state, reason and "can't be read there" in reason) == ("refused", True)
    model = place.releases.bundle_folder(place.candidate) / MODEL_FILE
    whole = model.read_text()
    model.write_text("harmed")
    state, reason = place.plan(tried(place.candidate))
    assert (state, reason and "The bundle at its folder is corrupt" in reason) == ("refused", True)
    # Each look finds it anew, and it is written down once.
    place.look()
    refused = [one for one in place.store.rollout_events() if "corrupt" in one.reason]
    assert [(one.kind, one.reason) for one in refused] == [(RolloutEventKind.REFUSED, reason)]
    model.write_text(whole)
    assert place.look() == ("running", None)


def test_candidate_that_ended_two_processes_is_never_loaded_again(place: Place) -> None:
    rollout = tried(place.candidate, canary=1.0)
    for _ in range(2):
        die_while_loading(place.releases, rollout)
    ended = "rolled back: 2 processes died while they loaded it"
    assert place.plan(rollout) == place.look() == ("refused", ended)
    assert place.opened == []
    assert digest_lent(place.arms, "a video") == place.champion
    end = place.store.rollout_end(rollout.rollout_id)
    assert end is not None
    assert (end.kind, end.digest) == (RolloutEventKind.ROLLED_BACK, place.candidate)
    # A person who tries it again knows of it.
    assert place.plan(tried(place.candidate)) == ("running", None)


def test_death_is_forgotten_when_the_next_process_lives(place: Place) -> None:
    rollout = tried(place.candidate, canary=1.0)
    die_while_loading(place.releases, rollout)
    assert place.plan(rollout) == ("running", None)
    place.plan(None)
    die_while_loading(place.releases, rollout)
    assert place.plan(rollout) == ("running", None)


def test_candidate_is_refused_where_no_note_can_be_written(place: Place) -> None:
    (place.releases.root / "loading").write_text("no folder")
    state, reason = place.plan(tried(place.candidate))
    assert (state, reason and "Let the service write" in reason) == ("refused", True)
    assert str(place.releases.root) not in str(reason)
    assert place.opened == []


def test_bundle_in_the_folder_of_another_is_refused(place: Place) -> None:
    place.releases.bundle_folder(place.candidate).rename(place.releases.bundle_folder("c" * 64))
    state, reason = place.plan(tried("c" * 64))
    assert (state, reason and f"found one with digest {place.candidate}" in reason) == (
        "refused",
        True,
    )
