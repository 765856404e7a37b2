"""A worker beside a folder of releases: which model labels, before and after a promotion."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sentiment.errors import BundleError
from sentiment.release.bundle import MODEL_FILE, load_bundle
from sentiment.rollout.plan import Plan, Releases
from sentiment.settings import load_settings
from sentiment.store import open_store
from sentiment.stream.champion import ChampionModel
from sentiment.stream.embedded import EmbeddedQueue
from sentiment.youtube.replay import ReplayServer
from tests.bundles import make_tiny_bundle
from tests.cli.calling import CommandLine, assert_clear
from tests.stream.places import VIDEO, batches
from tests.stream.running import StreamCommands, wait_until


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("bundles")
    return (
        make_tiny_bundle(folder / "one", name="one", seed=1),
        make_tiny_bundle(folder / "two", name="two", seed=2),
    )


@pytest.fixture
def releases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundles: tuple[Path, Path]
) -> Releases:
    """Named by the environment, and looked at ten times a second; nothing is released yet."""
    releases = Releases(tmp_path / "releases")
    monkeypatch.setenv("SENTIMENT_RELEASES_DIR", str(releases.root))
    monkeypatch.setenv("SENTIMENT_RELOAD_INTERVAL_S", "0.1")
    monkeypatch.setenv("SENTIMENT_MODEL_DIR", str(bundles[0]))
    return releases


def promote(
    releases: Releases, bundle: Path, *, spoil: Callable[[Path], object] | None = None
) -> str:
    """Make a bundle the champion, as `sentiment release promote` does; return its digest."""
    digest = load_bundle(bundle).digest
    folder = releases.bundle_folder(digest)
    shutil.copytree(bundle, folder, dirs_exist_ok=True)
    if spoil is not None:
        spoil(folder)
    releases.write(Plan(champion=digest))
    return digest


def test_a_worker_goes_over_to_the_promoted_model_and_labels_nothing_twice(
    releases: Releases, bundles: tuple[Path, Path], tmp_path: Path
) -> None:
    first = promote(releases, bundles[0])
    with ReplayServer() as replay:
        commands = StreamCommands(
            bundles[1], tmp_path, replay, {"SENTIMENT_RELEASES_DIR": str(releases.root)}
        )
        store = open_store(commands.variables["SENTIMENT_STORE_URL"])
        store.add_watch(VIDEO, interval_s=15)
        queue = EmbeddedQueue(store, visibility_s=60)

        def n_labelled_by(digest: str) -> int:
            return len(store.newest_scores(VIDEO, model_digest=digest, limit=1_000))

        with commands.working():
            queue.send(batches(range(20)))
            wait_until(lambda: n_labelled_by(first) == 20)
            second = promote(releases, bundles[1])
            log = tmp_path / "worker.log"
            wait_until(lambda: f"working with model two, digest {second}" in log.read_text())
            queue.send(batches(range(20, 50)))
            wait_until(lambda: n_labelled_by(second) == 30)
        assert n_labelled_by(first) == 20
        store.close()


def test_without_a_release_the_configured_model_labels(
    releases: Releases, bundles: tuple[Path, Path]
) -> None:
    model = ChampionModel(load_settings())
    assert model().name == "one"
    promote(releases, bundles[1])
    wait_until(lambda: model().name == "two")


def test_a_bundle_that_is_named_is_kept_whatever_is_released(
    releases: Releases, bundles: tuple[Path, Path]
) -> None:
    promote(releases, bundles[1])
    assert ChampionModel(load_settings())().name == "two"
    assert ChampionModel(load_settings(), bundle=bundles[0])().name == "one"


def test_a_worker_does_not_label_with_another_model_than_the_service(
    releases: Releases,
    bundles: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    sentiment: CommandLine,
) -> None:
    """A tag is the service's model, and BentoML alone opens it."""
    monkeypatch.setenv("SENTIMENT_MODEL_TAG", "comments:7")
    outcome = sentiment("stream", "worker", "--until-empty")
    assert_clear(outcome, 2, "SENTIMENT_MODEL_TAG names comments:7", "--bundle")
    assert ChampionModel(load_settings(), bundle=bundles[0])().name == "one"
    promote(releases, bundles[1])
    assert ChampionModel(load_settings())().name == "two"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / MODEL_FILE).write_bytes(b"cut off"),
        shutil.rmtree,
    ],
    ids=["damaged", "missing"],
)
def test_a_bundle_that_can_not_be_loaded_changes_nothing(
    releases: Releases,
    bundles: tuple[Path, Path],
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[Path], object],
) -> None:
    promote(releases, bundles[0])
    model = ChampionModel(load_settings())
    digest = promote(releases, bundles[1], spoil=spoil)
    with caplog.at_level(logging.ERROR):
        wait_until(lambda: model().name == "one" and bool(caplog.records))
    assert "model one" in caplog.text
    assert digest in caplog.text
    assert model().predict(["still here"])


def test_a_worker_does_not_start_with_a_damaged_champion(
    releases: Releases, bundles: tuple[Path, Path]
) -> None:
    promote(
        releases, bundles[1], spoil=lambda folder: (folder / MODEL_FILE).write_bytes(b"cut off")
    )
    with pytest.raises(BundleError):
        ChampionModel(load_settings())
