"""`sentiment release` killed around each write to a real MLflow server, and given again."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sentiment.release.registered import ALIASES
from sentiment.release.registry import ModelRegistry
from sentiment.release.registry_artifacts import is_whole
from sentiment.rollout.plan import Plan
from sentiment.store.records import RolloutEventKind
from tests.cli.calling import assert_clear
from tests.cli.cutting import Cutter, Moment
from tests.cli.forking import KILLED, Forge, forging
from tests.cli.releasing import Place

pytestmark = pytest.mark.slow

REGISTRY = 9
MODULES = ("sentiment.release.rollout_end", "sentiment.store", "alembic.command", "typer._adapters")


@pytest.fixture
def place(folder: Path, mlflow_server: str) -> Place:
    return Place.with_a_file(folder, ModelRegistry(mlflow_server))


@pytest.fixture
def release(cutter: Cutter, place: Place) -> Iterator[Forge]:
    with forging(
        place.folder,
        *MODULES,
        MLFLOW_TRACKING_URI=cutter.url,
        SENTIMENT_STORE_URL=place.store_url,
        SENTIMENT_RELEASES_DIR=str(place.releases.root),
    ) as forge:
        yield forge


class Way:
    """The way of a model to champion and back, of which each command is killed on its way."""

    def __init__(self, place: Place, cutter: Cutter, release: Forge, moment: Moment) -> None:
        self.place, self.cutter, self.release, self.moment = place, cutter, release, moment
        self.killed: dict[str, int] = {}

    def step(self, number: int, name: str, *options: str) -> None:
        """Kill a command around one of its writes, then give it again.

        Args:
            number: of the write.
            name: of the command.
            options: its other arguments.
        """
        self.cutter.cut(lambda _, place: place == number, self.moment, self.release.kill)
        cut = self.release("release", name, *options)
        self.check()
        if self.cutter.n_struck:
            assert cut.code == KILLED
            self.killed[name] = number + 1
            self.cutter.clear()
            assert self.release("release", name, *options).code == 0, self.release.stderr
        else:
            assert cut.code == 0, cut.stderr
        self.check()

    def check(self) -> None:
        """Check what must hold at any time."""
        plan = self.place.plan()
        planned = {plan.champion, *([plan.candidate.digest] if plan.candidate else [])}
        for digest in planned:
            assert is_whole(self.place.releases.bundle_folder(digest), digest)
        versions = self.place.registry.history()
        assert len({one.digest for one in versions}) == len(versions)
        for one in versions:
            if set(one.aliases) & set(ALIASES):
                fetched = self.place.registry.fetch(one, self.place.folder / "fetched")
                assert is_whole(fetched, one.digest)


@pytest.mark.parametrize("moment", Moment)
def test_a_release_killed_around_any_write_is_finished_by_the_same_command(
    moment: Moment, place: Place, cutter: Cutter, release: Forge
) -> None:
    assert release("release", "init", "--bundle", place.made("first")).code == 0
    first = place.plan().champion
    way = Way(place, cutter, release, moment)
    number = 0
    while number == 0 or max(way.killed.values()) == number:
        tried = place.challenger(f"model {number}")
        n_events = len(place.events())
        way.step(number, "shadow")
        assert place.candidate().digest == tried
        way.step(number, "canary", "--share", "0.25")
        way.step(number, "promote", "--force")
        assert place.held() == {"champion": tried, "previous": first}
        assert place.plan() == Plan(champion=tried)
        way.step(number, "rollback")
        assert place.held() == {"champion": first}
        assert place.plan() == Plan(champion=first)
        assert place.kept() == {first}
        assert place.events()[n_events:] == [
            RolloutEventKind.SHADOW,
            RolloutEventKind.CANARY,
            RolloutEventKind.PROMOTED,
            RolloutEventKind.ROLLED_BACK,
        ]
        number += 1
    assert way.killed.keys() == {"shadow", "canary", "promote", "rollback"}


def test_without_mlflow_a_command_says_so_and_changes_nothing(
    place: Place, cutter: Cutter, release: Forge
) -> None:
    assert release("release", "init", "--bundle", place.made("first")).code == 0
    place.challenger("second")
    assert release("release", "shadow").code == 0
    before = (place.plan(), place.held(), place.kept(), place.events())
    with socket.socket() as taken:
        # Bound but not listening: connections are refused, and nobody else takes the port.
        taken.bind(("127.0.0.1", 0))
        cutter.upstream = f"http://127.0.0.1:{taken.getsockname()[1]}"
        release.variables = {**release.variables, "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}
        for command in ("init", "shadow", "canary", "promote --force", "rollback"):
            refused = release("release", *command.split())
            assert_clear(refused, REGISTRY, "MLFLOW_TRACKING_URI", "server is up")
    assert (place.plan(), place.held(), place.kept(), place.events()) == before
