"""Released models in the MLflow registry: versions, and who is challenger and champion.

The only module besides the training's tracking one that imports mlflow. A bundle is kept as the
plain files it is, as artifacts of a run; no MLflow flavour and no pickle. Works with any tracking
server; with sqlite the artifacts lie beside the database.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import (
    INVALID_PARAMETER_VALUE,
    RESOURCE_DOES_NOT_EXIST,
    ErrorCode,
)

from sentiment.errors import BundleError, RegistryError
from sentiment.files import whole_directory
from sentiment.release.bundle import Bundle, load_bundle
from sentiment.tracking import STORE_ERRORS, said_of_store

MODEL_NAME = "youtube-sentiment"
EXPERIMENT_NAME = "release"
CHALLENGER = "challenger"
CHAMPION = "champion"
PREVIOUS = "previous"

_ARTIFACT_PATH = "bundle"
_DIGEST_TAG = "digest"
_SQLITE_PREFIX = "sqlite:///"
_ENVIRONMENT = {
    # A server that is down should be an error within seconds, not after minutes of retries.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    # Standard output belongs to the command's own answer.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A version in the registry.

    Attributes:
        name: the registered model.
        version: counted by the registry, "1" upwards.
        digest: hex sha256 of its bundle.
        run_id: run whose artifacts hold the bundle.
    """

    name: str
    version: str
    digest: str
    run_id: str


class ModelRegistry:
    """The registered model of this project on one tracking server.

    Args:
        tracking_uri: such as `sqlite:///mlflow.db` or the address of a server.
        model_name: the registered model.
        experiment_name: where the runs that hold bundles are listed.
    """

    def __init__(
        self,
        tracking_uri: str,
        *,
        model_name: str = MODEL_NAME,
        experiment_name: str = EXPERIMENT_NAME,
    ) -> None:
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        self._tracking_uri = tracking_uri
        self._model_name = model_name
        self._experiment_name = experiment_name
        with self._clear_errors("opened"):
            self._client = MlflowClient(tracking_uri=tracking_uri)

    def register(
        self, bundle: Bundle, *, metrics: Mapping[str, float], git_commit: str
    ) -> RegisteredModel:
        """Keep a bundle as a version and make it the challenger.

        A bundle that has a version already gets no second one.

        Args:
            bundle: verified.
            metrics: figures to show beside it, such as `goemotions_macro_f1`.
            git_commit: commit of the code that made it.

        Raises:
            RegistryError: the registry can't be reached or refuses.
        """
        with self._clear_errors("written"):
            registered = self._find(bundle.digest)
            if registered is None:
                registered = self._create(bundle, metrics=metrics, git_commit=git_commit)
            self._client.set_registered_model_alias(
                self._model_name, CHALLENGER, registered.version
            )
        return registered

    def promote(self, registered: RegisteredModel) -> None:
        """Make a version the champion; the champion of before is called `previous`.

        Raises:
            RegistryError: the registry can't be reached or refuses.
        """
        old = self.holder(CHAMPION)
        with self._clear_errors("written"):
            if old is not None and old.version != registered.version:
                self._client.set_registered_model_alias(self._model_name, PREVIOUS, old.version)
            self._client.set_registered_model_alias(self._model_name, CHAMPION, registered.version)
            challenger = self.holder(CHALLENGER)
            if challenger is not None and challenger.version == registered.version:
                self._client.delete_registered_model_alias(self._model_name, CHALLENGER)

    def holder(self, alias: str) -> RegisteredModel | None:
        """Return the version that holds an alias, None if none does.

        Raises:
            RegistryError: the registry can't be reached.
        """
        with self._clear_errors("read"):
            try:
                found = self._client.get_model_version_by_alias(self._model_name, alias)
            except MlflowException as error:
                if _says_absent(error):
                    return None
                raise
            return _registered(found)

    def champion_bundle(self, directory: Path) -> Path | None:
        """Fetch the champion's bundle.

        Args:
            directory: bundles lie under it, one folder a digest; one that is there and whole is
                not fetched again.

        Returns:
            Folder of the verified bundle; None when there is no champion.

        Raises:
            RegistryError: the registry can't be reached.
            BundleError: what was fetched is not what was registered.
        """
        champion = self.holder(CHAMPION)
        if champion is None:
            return None
        folder = directory / champion.digest
        if not _is_whole(folder, champion.digest):
            self._download(champion, folder)
            found = load_bundle(folder).digest
            if found != champion.digest:
                raise BundleError(
                    f"Version {champion.version} of {champion.name} should have digest "
                    f"{champion.digest[:12]}…, its files have {found[:12]}….",
                    hint="Somebody changed the run's artifacts: publish the bundle again.",
                )
        return folder

    def _download(self, registered: RegisteredModel, folder: Path) -> None:
        with (
            whole_directory(folder) as partial,
            tempfile.TemporaryDirectory() as scratch,
            self._clear_errors("read"),
        ):
            fetched = self._client.download_artifacts(registered.run_id, _ARTIFACT_PATH, scratch)
            for file in sorted(Path(fetched).iterdir()):
                (partial / file.name).write_bytes(file.read_bytes())

    def _create(
        self, bundle: Bundle, *, metrics: Mapping[str, float], git_commit: str
    ) -> RegisteredModel:
        tags = {
            _DIGEST_TAG: bundle.digest,
            "git_commit": git_commit,
            "bundle": bundle.manifest.name,
        }
        run = self._client.create_run(
            self._experiment_id(),
            tags=tags,
            run_name=f"{bundle.manifest.name}-{bundle.digest[:12]}",
        )
        run_id: str = run.info.run_id
        try:
            for name, value in metrics.items():
                self._client.log_metric(run_id, name, value)
            self._client.log_artifacts(run_id, str(bundle.directory), _ARTIFACT_PATH)
        except BaseException:
            self._client.set_terminated(run_id, "FAILED")
            raise
        self._client.set_terminated(run_id)
        self._ensure_model()
        version = self._client.create_model_version(
            self._model_name,
            source=f"{run.info.artifact_uri}/{_ARTIFACT_PATH}",
            run_id=run_id,
            tags={**tags, **{f"metric.{name}": f"{value:.6f}" for name, value in metrics.items()}},
        )
        return _registered(version)

    def _find(self, digest: str) -> RegisteredModel | None:
        versions = self._client.search_model_versions(f"name='{self._model_name}'")
        same = [version for version in versions if version.tags.get(_DIGEST_TAG) == digest]
        return _registered(same[0]) if same else None

    def _ensure_model(self) -> None:
        if not self._client.search_registered_models(f"name='{self._model_name}'"):
            self._client.create_registered_model(
                self._model_name, description="Sentiment of YouTube comments, as bundles."
            )

    def _experiment_id(self) -> str:
        experiment = self._client.get_experiment_by_name(self._experiment_name)
        if experiment is not None:
            found: str = experiment.experiment_id
            return found
        created: str = self._client.create_experiment(
            self._experiment_name, artifact_location=self._artifact_location()
        )
        return created

    def _artifact_location(self) -> str | None:
        if not self._tracking_uri.startswith(_SQLITE_PREFIX):
            return None
        database = Path(self._tracking_uri.removeprefix(_SQLITE_PREFIX)).resolve()
        return (database.parent / "mlartifacts" / self._experiment_name).as_uri()

    @contextmanager
    def _clear_errors(self, verb: str) -> Iterator[None]:
        try:
            yield
        except STORE_ERRORS as error:
            # `from None`: the address in the cause's message may hold a password.
            raise RegistryError(
                f"The MLflow registry can't be {verb}: {said_of_store(error)}",
                hint="Check MLFLOW_TRACKING_URI and that its server is up.",
            ) from None


def git_commit_of(directory: Path) -> str:
    """Return the commit checked out in `directory`, `-dirty` appended where files differ.

    Returns:
        "unknown" outside a repository or without git.
    """
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude", "*"],
            cwd=directory,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip()


def _registered(version: ModelVersion) -> RegisteredModel:
    return RegisteredModel(
        name=version.name,
        version=str(version.version),
        digest=version.tags.get(_DIGEST_TAG, ""),
        run_id=version.run_id or "",
    )


def _says_absent(error: MlflowException) -> bool:
    if error.error_code == ErrorCode.Name(RESOURCE_DOES_NOT_EXIST):
        return True
    # So says the SQL store of a missing alias of a model that exists.
    refused = error.error_code == ErrorCode.Name(INVALID_PARAMETER_VALUE)
    return refused and "alias" in str(error).lower()


def _is_whole(folder: Path, digest: str) -> bool:
    try:
        return load_bundle(folder).digest == digest
    except BundleError:
        return False
