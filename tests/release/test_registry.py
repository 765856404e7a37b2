"""The registry against a real MLflow on sqlite, in a folder of the test."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from sentiment.errors import BundleError, ExportError, RegistryError
from sentiment.release.bundle import MODEL_FILE, load_bundle
from sentiment.release.git_commit import git_commit_of
from sentiment.release.registered import CHALLENGER, CHAMPION, PREVIOUS
from sentiment.release.registry import MODEL_NAME, ModelRegistry
from sentiment.textclean import CLEANER_VERSION
from tests.release.handmade import make_handmade_bundle


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without content: MLflow needs seconds to make one."""
    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    ModelRegistry(f"sqlite:///{path}").holder(CHAMPION)
    return path


@pytest.fixture
def tracking_uri(tmp_path: Path, empty_database: Path) -> str:
    database = tmp_path / "mlflow.db"
    database.write_bytes(empty_database.read_bytes())
    return f"sqlite:///{database}"


@pytest.fixture
def registry(tracking_uri: str) -> ModelRegistry:
    return ModelRegistry(tracking_uri)


def test_registry_has_no_champion_at_first(registry: ModelRegistry, tmp_path: Path) -> None:
    assert registry.holder(CHAMPION) is None
    assert registry.champion_bundle(tmp_path / "fetched") is None


def test_register_keeps_digest_commit_and_metrics(
    registry: ModelRegistry, tracking_uri: str, tmp_path: Path
) -> None:
    bundle = make_handmade_bundle(tmp_path / "one")

    registered = registry.register(
        bundle, metrics={"goemotions_macro_f1": 0.75}, git_commit="abc123"
    )

    client = MlflowClient(tracking_uri=tracking_uri)
    version = client.get_model_version(MODEL_NAME, registered.version)
    assert version.tags["digest"] == bundle.digest
    assert version.tags["git_commit"] == "abc123"
    run = client.get_run(registered.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.metrics == {"goemotions_macro_f1": 0.75}
    assert registry.holder(CHALLENGER) == registered
    assert registry.holder(CHAMPION) is None


def test_register_gives_the_same_bundle_no_second_version(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    bundle = make_handmade_bundle(tmp_path / "one")
    first = registry.register(bundle, metrics={}, git_commit="a")
    assert registry.register(bundle, metrics={}, git_commit="b") == first


def test_register_twice_at_once_gives_one_version(
    registry: ModelRegistry, tracking_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = make_handmade_bundle(tmp_path / "one")
    client = MlflowClient(tracking_uri=tracking_uri)
    create_model_version = MlflowClient.create_model_version
    first = []

    def create_after_another(self: MlflowClient, *args: Any, **kwargs: Any) -> Any:
        monkeypatch.undo()
        first.append(ModelRegistry(tracking_uri).register(bundle, metrics={}, git_commit="a"))
        return create_model_version(self, *args, **kwargs)

    monkeypatch.setattr(MlflowClient, "create_model_version", create_after_another)
    second = registry.register(bundle, metrics={}, git_commit="a")

    assert [second.version] == [one.version for one in first]
    versions = client.search_model_versions(f"name='{MODEL_NAME}'")
    assert [one.run_id for one in versions] == [second.run_id]
    experiments = [one.experiment_id for one in client.search_experiments()]
    assert [one.info.run_id for one in client.search_runs(experiments)] == [second.run_id]


def test_promote_moves_the_aliases(registry: ModelRegistry, tmp_path: Path) -> None:
    first = registry.register(make_handmade_bundle(tmp_path / "1"), metrics={}, git_commit="a")
    registry.promote(first)
    assert registry.holder(CHAMPION) == first
    assert registry.holder(CHALLENGER) is None

    second = registry.register(
        make_handmade_bundle(tmp_path / "2", content="two"), metrics={}, git_commit="b"
    )
    assert registry.holder(CHAMPION) == first
    registry.promote(second)
    assert registry.holder(CHAMPION) == second
    assert registry.holder(PREVIOUS) == first
    assert registry.holder(CHALLENGER) is None


def test_promote_twice_keeps_the_previous_one(registry: ModelRegistry, tmp_path: Path) -> None:
    first = registry.register(make_handmade_bundle(tmp_path / "1"), metrics={}, git_commit="a")
    second = registry.register(
        make_handmade_bundle(tmp_path / "2", content="two"), metrics={}, git_commit="b"
    )
    for registered in (first, second, second):
        registry.promote(registered)
    assert registry.holder(PREVIOUS) == first


def test_champion_bundle_fetches_what_was_registered(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    bundle = make_handmade_bundle(tmp_path / "one")
    registry.promote(registry.register(bundle, metrics={}, git_commit="a"))

    folder = registry.champion_bundle(tmp_path / "fetched")

    assert folder is not None
    assert folder != bundle.directory
    assert load_bundle(folder).digest == bundle.digest


def test_champion_bundle_mends_a_damaged_copy(registry: ModelRegistry, tmp_path: Path) -> None:
    bundle = make_handmade_bundle(tmp_path / "one")
    registry.promote(registry.register(bundle, metrics={}, git_commit="a"))
    folder = registry.champion_bundle(tmp_path / "fetched")
    assert folder is not None
    (folder / MODEL_FILE).write_text("damaged", encoding="utf-8")

    again = registry.champion_bundle(tmp_path / "fetched")

    assert again == folder
    assert load_bundle(folder).digest == bundle.digest


def test_champion_bundle_refuses_changed_artifacts(registry: ModelRegistry, tmp_path: Path) -> None:
    bundle = make_handmade_bundle(tmp_path / "one")
    registry.promote(registry.register(bundle, metrics={}, git_commit="a"))
    (artifact,) = (tmp_path / "mlartifacts").rglob(MODEL_FILE)
    artifact.write_text("foreign", encoding="utf-8")
    with pytest.raises(BundleError, match="corrupt"):
        registry.champion_bundle(tmp_path / "fetched")


def test_version_tells_what_its_bundle_was_made_of(registry: ModelRegistry, tmp_path: Path) -> None:
    bundle = make_handmade_bundle(tmp_path / "one")
    registry.register(bundle, metrics={"macro_f1": 0.75}, git_commit="abc")
    (known,) = registry.history()
    assert known.aliases == [CHALLENGER]
    assert dict(known.tags) == {
        "digest": bundle.digest,
        "git_commit": "abc",
        "config": "handmade",
        "cleaner_version": str(CLEANER_VERSION),
        "metric.macro_f1": "0.75",
        "parity.rows": "1",
        "parity.label_agreement": "1",
        "parity.largest_probability_gap": "0",
        "parity.macro_f1_loss": "0",
    }


def test_checkpoint_is_kept_without_anything_that_runs_code(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    made = tmp_path / "checkpoint"
    made.mkdir()
    for name in ("model.safetensors", "config.json", "training_args.bin", "evil.pkl"):
        (made / name).write_text(f"{name}\n", encoding="utf-8")
    registered = registry.register(
        make_handmade_bundle(tmp_path / "one"), metrics={}, git_commit="a", checkpoint_dir=made
    )
    plain = registry.register(
        make_handmade_bundle(tmp_path / "two", content="two"), metrics={}, git_commit="a"
    )

    folder = registry.fetch_checkpoint(registered, tmp_path / "fetched")

    assert folder is not None
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "model.safetensors"]
    assert registry.fetch_checkpoint(plain, tmp_path / "none") is None
    (artifact,) = (tmp_path / "mlartifacts").rglob("model.safetensors")
    artifact.write_text("foreign", encoding="utf-8")
    with pytest.raises(BundleError, match="checkpoint"):
        registry.fetch_checkpoint(registered, tmp_path / "fetched")
    assert (folder / "model.safetensors").read_text(encoding="utf-8") == "model.safetensors\n"


def test_registry_says_clearly_that_its_server_is_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as taken:
        # Bound but not listening: connections are refused, and nobody else takes the port.
        taken.bind(("127.0.0.1", 0))
        address = f"http://someone:hidden-password@127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(RegistryError) as caught:
            ModelRegistry(address).holder(CHAMPION)
    assert "MLFLOW_TRACKING_URI" in str(caught.value)
    assert "hidden-password" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_git_commit_is_unknown_outside_a_repository(tmp_path: Path) -> None:
    assert git_commit_of(tmp_path) == "unknown"


def test_a_version_without_a_checkpoint_is_given_one(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    bundle = make_handmade_bundle(tmp_path / "one")
    made = make_checkpoint(tmp_path / "checkpoint", b"weights")
    plain = registry.register(bundle, metrics={}, git_commit="a")
    assert registry.fetch_checkpoint(plain, tmp_path / "none") is None

    given = registry.register(bundle, metrics={}, git_commit="a", checkpoint_dir=made)

    assert given.version == plain.version
    assert registry.holder(CHALLENGER) == given
    folder = registry.fetch_checkpoint(given, tmp_path / "fetched")
    assert folder is not None
    assert (folder / "model.safetensors").read_bytes() == b"weights"
    # The first one stays: versions that were trained from it name its digest.
    other = make_checkpoint(tmp_path / "other", b"other weights")
    assert registry.keep_checkpoint(given, other) == given


def test_a_folder_without_a_checkpoint_is_refused_before_anything_is_written(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    bundle = make_handmade_bundle(tmp_path / "one")
    for folder in (tmp_path / "mistyped", bundle.directory):
        with pytest.raises(ExportError, match="There is no checkpoint in"):
            registry.register(bundle, metrics={}, git_commit="a", checkpoint_dir=folder)
    assert registry.history() == []


def make_checkpoint(folder: Path, weights: bytes) -> Path:
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(weights)
    return folder
