"""`sentiment publish` cut off around its writes to a real MLflow server, and given again."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from mlflow import MlflowClient

from sentiment.inference.predictor import Predictor
from sentiment.labels import Label
from sentiment.release.bundle import MANIFEST_FILE, load_bundle
from sentiment.release.registry import ModelRegistry
from sentiment.release.registry_artifacts import is_whole
from sentiment.rollout.plan import Plan
from tests.cli.calling import assert_clear
from tests.cli.cutting import Cutter, Moment, Write
from tests.cli.forking import KILLED, Forge, forging
from tests.cli.releasing import Place
from tests.corpora.handmade import write_goemotions

pytestmark = pytest.mark.slow

MODULES = ("sentiment.release.publication", "sentiment.evaluation.labelled_sets", "evaluate")
REGISTRY = 9
_EMOTIONS = {Label.NEGATIVE: "2", Label.NEUTRAL: "27", Label.POSITIVE: "17"}


@pytest.fixture
def place(folder: Path, mlflow_server: str, tiny_bundle: Path) -> Place:
    """Where people labelled some texts just as the tiny bundle does."""
    texts = [f"comment number {n} says {n * 7}" for n in range(40)]
    said = Predictor.from_bundle(load_bundle(tiny_bundle)).predict(texts)
    rows = [(text, _EMOTIONS[one.label]) for text, one in zip(texts, said, strict=True)]
    write_goemotions(folder / "data/raw", test=rows)
    return Place.with_a_file(folder, ModelRegistry(mlflow_server))


@pytest.fixture
def publish(cutter: Cutter, place: Place) -> Iterator[Forge]:
    with forging(
        place.folder,
        *MODULES,
        MLFLOW_TRACKING_URI=cutter.url,
        SENTIMENT_RELEASES_DIR=str(place.releases.root),
        BENTOML_HOME=str(place.folder / "bentoml"),
    ) as forge:
        yield forge


def twin(place: Place, bundle: Path, name: str) -> tuple[Path, str]:
    """The same model under another name: a folder and a digest of its own."""
    folder = place.folder / "made" / name
    shutil.copytree(bundle, folder)
    path = folder / MANIFEST_FILE
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "name": name}), encoding="utf-8")
    return folder, load_bundle(folder).digest


def test_a_bundle_whose_publishing_is_killed_is_registered_once(
    place: Place, cutter: Cutter, publish: Forge, tiny_bundle: Path
) -> None:
    assert publish(*command(tiny_bundle)).code == 0, publish.stderr.read_text()
    # What a second model is written with: the first made experiment and registered model, too.
    moments = [moment for moment in first_of_each_kind(cutter.writes) if "create" not in moment[0]]
    moments += [("runs/create", 0), ("model-versions/create", 0)]
    champions = [place.plan().champion]
    for number, (kind, nth) in enumerate(moments):
        folder, digest = twin(place, tiny_bundle, f"twin-{number}")
        cutter.cut(is_nth_of(kind, nth, cutter), Moment.AFTER, publish.kill)
        assert publish(*command(folder)).code == KILLED, kind
        # Nobody is shown a model that is half there.
        assert is_whole(place.releases.bundle_folder(place.plan().champion), place.plan().champion)
        cutter.clear()
        assert publish(*command(folder)).code == 0, publish.stderr.read_text()
        champions.append(digest)
        assert place.held() == {"champion": digest, "previous": champions[-2]}
        assert place.plan() == Plan(champion=digest)
    assert sorted(one.digest for one in place.registry.history()) == sorted(champions)
    assert not unfinished_runs(cutter)


def test_a_bundle_is_registered_once_though_each_answer_is_lost(
    place: Place, cutter: Cutter, publish: Forge, tiny_bundle: Path
) -> None:
    """MLflow's client sends again what was not answered, also what creates."""
    lost: set[Write] = set()

    def is_new(write: Write, _: int) -> bool:
        is_lost = write not in lost
        lost.add(write)
        return is_lost

    cutter.cut(is_new, Moment.AFTER, lambda: None)
    for _ in range(5):
        done = publish(*command(tiny_bundle))
        if done.code == 0:
            break
        assert_clear(done, REGISTRY)
    assert done.code == 0, done.stderr
    assert cutter.n_struck == len(lost) > 15
    digest = load_bundle(tiny_bundle).digest
    assert [one.digest for one in place.registry.history()] == [digest]
    assert place.held() == {"champion": digest}
    assert place.plan() == Plan(champion=digest)
    assert not unfinished_runs(cutter)


def test_without_mlflow_publish_says_so_and_leaves_nothing(
    place: Place, publish: Forge, cutter: Cutter, tiny_bundle: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # but not listening
        cutter.upstream = f"http://127.0.0.1:{taken.getsockname()[1]}"
        publish.variables = {**publish.variables, "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}
        refused = publish(*command(tiny_bundle))
    assert_clear(refused, REGISTRY, "MLFLOW_TRACKING_URI", "server is up")
    assert place.releases.read() is None
    assert place.registry.history() == []
    assert not list(place.folder.glob("bentoml/models/*"))


def command(folder: Path) -> tuple[str | Path, ...]:
    return ("publish", "--not-worse", "--bundle", folder, "--json")


def first_of_each_kind(writes: Sequence[Write]) -> list[tuple[str, int]]:
    """The first of each kind, and the last of all: its kind, and how many of that came before."""
    kinds = [write.kind for write in writes]
    return [*((kind, 0) for kind in dict.fromkeys(kinds)), (kinds[-1], kinds.count(kinds[-1]) - 1)]


def is_nth_of(kind: str, nth: int, cutter: Cutter) -> Callable[[Write, int], bool]:
    return lambda write, _: (
        write.kind == kind and sum(one.kind == kind for one in cutter.writes) == nth
    )


def unfinished_runs(cutter: Cutter) -> list[str]:
    client = MlflowClient(tracking_uri=cutter.upstream)
    ids = [one.experiment_id for one in client.search_experiments()]
    return [
        run.info.run_id
        for run in client.search_runs(ids, filter_string="attributes.status = 'RUNNING'")
    ]
