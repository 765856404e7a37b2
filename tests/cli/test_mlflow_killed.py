"""MLflow killed with SIGKILL in the middle of releases, under a service that goes on answering."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sentiment.release.registry import ModelRegistry
from sentiment.rollout.plan import Plan
from sentiment.youtube.replay import ReplayServer
from tests.bundles import make_tiny_bundle
from tests.cli.calling import CommandLine, assert_clear
from tests.cli.cutting import Cutter, Moment, Write, cutter_before
from tests.cli.mlflow_process import MlflowProcess, mlflow_process
from tests.cli.releasing import Place
from tests.serving.load import Load
from tests.serving.running import serving
from tests.serving.swapping import candidate, swaps, until

pytestmark = pytest.mark.slow

N_SWAPS = 20
REGISTRY = 9
ALIAS = "registered-models/alias"
MADE = "model-versions/create"


@pytest.fixture
def mlflow(folder: Path) -> Iterator[MlflowProcess]:
    (folder / "mlflow").mkdir()
    with mlflow_process(folder / "mlflow") as process:
        yield process


@pytest.fixture
def cutter(mlflow: MlflowProcess) -> Iterator[Cutter]:
    with cutter_before(mlflow.address) as cutter:
        yield cutter


@pytest.fixture
def place(folder: Path, cutter: Cutter, monkeypatch: pytest.MonkeyPatch) -> Place:
    place = Place.with_a_file(folder, ModelRegistry(cutter.url))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", cutter.url)
    monkeypatch.setenv("SENTIMENT_STORE_URL", place.store_url)
    monkeypatch.setenv("SENTIMENT_RELEASES_DIR", str(place.releases.root))
    # It never comes back by itself: what matters is what stays when the client gives up.
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    return place


class Killing:
    """Kills MLflow in the middle of commands, and starts it again."""

    def __init__(self, mlflow: MlflowProcess, cutter: Cutter, sentiment: CommandLine) -> None:
        self.mlflow, self.cutter, self.sentiment = mlflow, cutter, sentiment

    def during(self, kind: str, moment: Moment, *command: str | Path) -> None:
        """Kill it at the first write of a kind; the command says so, and goes on when repeated."""

        def is_of_kind(write: Write, _: int) -> bool:
            return write.kind == kind

        self.cutter.cut(is_of_kind, moment, self.mlflow.kill)
        for _ in range(2):  # also while it stays away
            assert_clear(self.sentiment(*command), REGISTRY, "MLFLOW_TRACKING_URI", "server is up")
        assert self.cutter.n_struck == 1
        self.cutter.clear()
        self.cutter.upstream = self.mlflow.start()
        assert self.sentiment(*command).code == 0


def test_twenty_swaps_with_mlflow_killed_on_the_way_lose_no_request(
    place: Place,
    mlflow: MlflowProcess,
    cutter: Cutter,
    sentiment: CommandLine,
    tiny_bundle: Path,
) -> None:
    one = candidate(tiny_bundle)
    other = candidate(make_tiny_bundle(place.folder / "made" / "other", name="other", seed=99))
    killing = Killing(mlflow, cutter, sentiment)
    killing.during(MADE, Moment.AFTER, "release", "init", "--bundle", tiny_bundle)
    assert place.plan() == Plan(champion=one.digest)
    assert place.challenger("other") == other.digest
    variables = {
        "SENTIMENT_RELEASES_DIR": str(place.releases.root),
        "SENTIMENT_RELOAD_INTERVAL_S": "0.05",
        "SENTIMENT_FRESH_S": "0",
        "SENTIMENT_QUOTA_UNITS": "1000000",
    }
    with (
        ReplayServer() as replay,
        serving(place.folder / "none", place.folder, replay, **variables) as (running, client),
    ):

        def answers_with(digest: str) -> None:
            until(lambda: client.get("/v1/model").json()["digest"] == digest, "what was released")
            load.go_on_for(1)

        # MLflow and the commands want the processors, too.
        load = Load(running.url, {one.digest: one, other.digest: other}, n_predicting=1)
        load.start()
        try:
            for number in range(N_SWAPS // 2):
                assert sentiment("release", "shadow", "--version", "2").code == 0
                promote, back = ("release", "promote", "--force"), ("release", "rollback")
                if number == 3:
                    killing.during(ALIAS, Moment.AFTER, *promote)
                else:
                    assert sentiment(*promote).code == 0
                answers_with(other.digest)
                if number == 6:
                    killing.during(ALIAS, Moment.BEFORE, *back)
                else:
                    assert sentiment(*back).code == 0
                answers_with(one.digest)
        finally:
            load.end()
        assert load.faults == {}
        assert load.seen[f"predict {one.digest}"] > 0
        assert load.seen[f"predict {other.digest}"] > 0
        assert swaps(client, "switched") == N_SWAPS
        assert "Traceback" not in running.log()
    assert place.held() == {"champion": one.digest}
    assert [one.version for one in place.registry.history()] == ["2", "1"]
