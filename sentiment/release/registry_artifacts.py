"""What lies beside a version in the registry: its bundle and, where it has one, its checkpoint.

With `sentiment.release.registry` the only module besides the training's tracking one that imports
mlflow. Everything is kept as the plain files it is, as artifacts of a run; no MLflow flavour and
no pickle. With sqlite the artifacts lie beside the database.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import (
    INVALID_PARAMETER_VALUE,
    RESOURCE_DOES_NOT_EXIST,
    ErrorCode,
)

from sentiment.errors import BundleError, ExportError, RegistryError
from sentiment.files import sha256_of_file, whole_directory
from sentiment.release.bundle import Bundle, load_bundle
from sentiment.release.registered import DIGEST_TAG
from sentiment.tracking import STORE_ERRORS, said_of_store

BUNDLE_PATH = "bundle"
CHECKPOINT_PATH = "checkpoint"
_SQLITE_PREFIX = "sqlite:///"
# Weights, configuration, tokenizer, figures. Nothing that runs code when it is read.
_CHECKPOINT_SUFFIXES = frozenset((".safetensors", ".json", ".txt", ".csv"))


@contextmanager
def clear_errors(verb: str) -> Iterator[None]:
    """Turn what MLflow raises into an error of ours.

    Args:
        verb: what was tried with the registry, such as `read`.

    Raises:
        RegistryError: the registry can't be reached or refuses.
    """
    try:
        yield
    except STORE_ERRORS as error:
        # `from None`: the address in the cause's message may hold a password.
        raise RegistryError(
            f"The MLflow registry can't be {verb}: {said_of_store(error)}",
            hint="Check MLFLOW_TRACKING_URI and that its server is up.",
        ) from None


def says_absent(error: MlflowException) -> bool:
    """Tell whether what was asked for is not there, rather than out of reach."""
    if error.error_code == ErrorCode.Name(RESOURCE_DOES_NOT_EXIST):
        return True
    # So says the SQL store of a missing alias of a model that exists.
    refused = error.error_code == ErrorCode.Name(INVALID_PARAMETER_VALUE)
    return refused and "alias" in str(error).lower()


def checkpoint_files(directory: Path) -> list[Path]:
    """Return the files of a checkpoint that are kept, by name."""
    return sorted(path for path in directory.iterdir() if path.suffix in _CHECKPOINT_SUFFIXES)


def refuse_no_checkpoint(directory: Path) -> None:
    """Refuse a folder that holds no weights to be kept.

    Raises:
        ExportError: it doesn't.
    """
    if not directory.is_dir() or not list(directory.glob("*.safetensors")):
        raise ExportError(
            f"There is no checkpoint in {directory}: wanted a folder with weights in safetensors.",
            hint="Name the folder that `sentiment train` made, such as outputs/NAME/checkpoint.",
        )


def checkpoint_digest(directory: Path) -> str:
    """Return the hexadecimal sha256 over the files of a checkpoint, names included.

    Raises:
        OSError: a file can't be read.
    """
    digest = hashlib.sha256()
    for path in checkpoint_files(directory):
        digest.update(f"{path.name}={sha256_of_file(path)}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run that holds a bundle.

    Attributes:
        run_id: of MLflow.
        bundle_uri: where its bundle lies.
    """

    run_id: str
    bundle_uri: str


def keep_as_artifacts(
    client: MlflowClient,
    bundle: Bundle,
    *,
    experiment_id: str,
    tags: Mapping[str, str],
    metrics: Mapping[str, float],
) -> KeptRun:
    """Keep a bundle as artifacts of a new run.

    A run that is cut off is no version's, and says FAILED; or KILLED, once a later call found it.
    """
    name = f"{bundle.manifest.name}-{bundle.digest[:12]}"
    run = client.create_run(experiment_id, tags=dict(tags), run_name=name)
    run_id: str = run.info.run_id
    try:
        for metric, value in metrics.items():
            client.log_metric(run_id, metric, value)
        client.log_artifacts(run_id, str(bundle.directory), BUNDLE_PATH)
    except BaseException:
        client.set_terminated(run_id, "FAILED")
        raise
    client.set_terminated(run_id)
    # Of a process that was killed, or made twice because the answer to its making was lost.
    cut_off = f"tags.{DIGEST_TAG} = '{bundle.digest}' and attributes.status = 'RUNNING'"
    for other in client.search_runs([experiment_id], filter_string=cut_off):
        client.set_terminated(other.info.run_id, "KILLED")
    return KeptRun(run_id, f"{run.info.artifact_uri}/{BUNDLE_PATH}")


def keep_checkpoint_files(client: MlflowClient, run_id: str, directory: Path) -> None:
    """Keep the files of a checkpoint as artifacts of a run."""
    for path in checkpoint_files(directory):
        client.log_artifact(run_id, str(path), CHECKPOINT_PATH)


def experiment_id(client: MlflowClient, name: str, *, tracking_uri: str) -> str:
    """Return the id of an experiment, which is made where it is missing."""
    experiment = client.get_experiment_by_name(name)
    if experiment is not None:
        found: str = experiment.experiment_id
        return found
    location = None
    if tracking_uri.startswith(_SQLITE_PREFIX):
        database = Path(tracking_uri.removeprefix(_SQLITE_PREFIX)).resolve()
        location = (database.parent / "mlartifacts" / name).as_uri()
    created: str = client.create_experiment(name, artifact_location=location)
    return created


def fetch_bundle(client: MlflowClient, run_id: str, folder: Path, *, digest: str) -> Path:
    """Bring a bundle to a folder; one that is there and whole is not fetched again.

    Args:
        client: of the tracking server.
        run_id: whose artifacts hold it.
        folder: where it goes, whole or not at all.
        digest: that it must have.

    Raises:
        RegistryError: the registry can't be reached.
        BundleError: what was fetched is not what was registered; an older folder is untouched.
    """
    if is_whole(folder, digest):
        return folder
    with whole_directory(folder) as partial:
        _download(client, run_id, BUNDLE_PATH, partial)
        found = load_bundle(partial).digest
        if found != digest:
            raise BundleError(
                f"The registry should hold a bundle with digest {digest[:12]}…, its files have "
                f"{found[:12]}….",
                hint="Somebody changed the run's artifacts: publish the bundle again.",
            )
    return folder


def fetch_checkpoint(client: MlflowClient, run_id: str, folder: Path, *, digest: str) -> Path:
    """Bring a checkpoint to a folder; raises as `fetch_bundle` does."""
    with whole_directory(folder) as partial:
        _download(client, run_id, CHECKPOINT_PATH, partial)
        for stray in set(partial.iterdir()) - set(checkpoint_files(partial)):
            stray.unlink()  # the digest does not cover it
        found = checkpoint_digest(partial)
        if found != digest:
            raise BundleError(
                f"The registry should hold a checkpoint with digest {digest[:12]}…, its files "
                f"have {found[:12]}….",
                hint="Somebody changed the run's artifacts: register the model again.",
            )
    return folder


def is_whole(folder: Path, digest: str) -> bool:
    """Tell whether a folder holds the bundle with a digest, every file as it should be."""
    try:
        return load_bundle(folder).digest == digest
    except BundleError:
        return False


def _download(client: MlflowClient, run_id: str, path: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch, clear_errors("read"):
        fetched = client.download_artifacts(run_id, path, scratch)
        for file in sorted(Path(fetched).iterdir()):
            (target / file.name).write_bytes(file.read_bytes())
