"""The MLflow run of a training: opened here, so that the Trainer's callback attaches to it.

The only module of the training side that imports mlflow.
"""

from __future__ import annotations

import errno
import logging
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities import RunStatus
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST, ErrorCode
from sqlalchemy.exc import SQLAlchemyError

from sentiment.errors import TrainingError
from sentiment.files import write_json

EXPERIMENT_NAME = "training"
# What MLflow raises where a store can't be used: its own errors and its database's ...
TRAINER_STORE_ERRORS = (MlflowException, SQLAlchemyError)
# ... and the disk's. Within the Trainer a file that can't be written is a checkpoint's.
STORE_ERRORS = (*TRAINER_STORE_ERRORS, OSError)
_MAX_PARAMETER_CHARACTERS = 500
_CREDENTIALS = re.compile(r"//[^/@\s]*@")

_log = logging.getLogger(__name__)


class TrackedRun:
    """An open run. Its methods raise `TrainingError` where the store can't be used.

    Args:
        run_id: of MLflow.
    """

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id

    def log_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Record nested parameters under dotted names."""
        with usable_store():
            mlflow.log_params(
                {
                    name: str(value)[:_MAX_PARAMETER_CHARACTERS]
                    for name, value in flatten(parameters).items()
                }
            )

    def log_tags(self, tags: Mapping[str, str]) -> None:
        """Record tags, such as digests of corpora."""
        with usable_store():
            mlflow.set_tags(dict(tags))

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        """Record final figures."""
        with usable_store():
            mlflow.log_metrics(dict(metrics))

    def log_json(self, name: str, document: Mapping[str, Any]) -> None:
        """Record a JSON document as an artefact."""
        with tempfile.TemporaryDirectory() as scratch, usable_store():
            path = Path(scratch) / name
            write_json(path, document)
            mlflow.log_artifact(str(path))

    def log_figure(self, name: str, figure: Any) -> None:  # noqa: ANN401 - a matplotlib figure
        """Record a matplotlib figure as an artefact."""
        with usable_store():
            mlflow.log_figure(figure, name)

    def log_directory(self, directory: Path, name: str) -> None:
        """Record every file of a directory as artefacts below `name`."""
        with usable_store():
            mlflow.log_artifacts(str(directory), name)


@contextmanager
def usable_store(errors: tuple[type[Exception], ...] = STORE_ERRORS) -> Iterator[None]:
    """Make an error of ours of what MLflow raises.

    Args:
        errors: that are the store's; without `OSError` where files are written too.

    Raises:
        TrainingError: the store can't be used.
    """
    try:
        yield
    except errors as error:
        # `from None`: the address in the cause's message may hold a password.
        raise TrainingError(
            f"The MLflow store can't be used: {said_of_store(error)}",
            hint="Set MLFLOW_TRACKING_URI to a server or a database such as sqlite:///mlflow.db.",
        ) from None


@contextmanager
def tracked_run(
    *,
    tracking_uri: str,
    name: str,
    resume_run_id: str | None = None,
    experiment: str = EXPERIMENT_NAME,
    nested: bool = False,
) -> Iterator[TrackedRun]:
    """Open a run, or an interrupted one again, and close it with what became of it.

    Args:
        tracking_uri: a database such as `sqlite:///mlflow.db` or a server.
        name: of the run.
        resume_run_id: run to go on with; a new one is opened where it no longer exists.
        experiment: that it belongs to.
        nested: whether it lies within the run that is open.

    Raises:
        TrainingError: the tracking store can't be used.
    """
    with usable_store():
        mlflow.set_tracking_uri(tracking_uri)
        mlflow.set_experiment(experiment)
        run = _start(name, resume_run_id, nested=nested)
    try:
        yield TrackedRun(run.info.run_id)
    except BaseException:
        # What happened matters more than that the store can't be told.
        with suppress(*STORE_ERRORS):
            _end(run, RunStatus.FAILED)
        raise
    with usable_store():
        _end(run, RunStatus.FINISHED)


def end_left_run(run_id: str, *, tracking_uri: str) -> None:
    """Say KILLED of a run that was cut off and that nobody goes on with.

    Raises:
        TrainingError: the tracking store can't be used.
    """
    with usable_store():
        client = MlflowClient(tracking_uri)
        try:
            status = client.get_run(run_id).info.status
        except MlflowException as error:
            if error.error_code == ErrorCode.Name(RESOURCE_DOES_NOT_EXIST):
                return
            raise
        if status == RunStatus.to_string(RunStatus.RUNNING):
            client.set_terminated(run_id, RunStatus.to_string(RunStatus.KILLED))


def said_of_store(error: Exception) -> str:
    """Return what one of `STORE_ERRORS` says, in a line without any password.

    Raises:
        OSError: the disk is full, which is no fault of the store.
    """
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        raise error
    said = str(error).strip() or type(error).__name__
    return _CREDENTIALS.sub("//", said.splitlines()[0])


def _start(name: str, resume_run_id: str | None, *, nested: bool) -> mlflow.ActiveRun:
    if resume_run_id is not None:
        try:
            return mlflow.start_run(run_id=resume_run_id, nested=nested)
        except MlflowException:
            _log.warning("run %s is gone from MLflow; opening a new one", resume_run_id)
    return mlflow.start_run(run_name=name, nested=nested)


def _end(run: mlflow.ActiveRun, status: int) -> None:
    """End a run, unless the Trainer's callback has."""
    active = mlflow.active_run()
    if active is not None and active.info.run_id == run.info.run_id:
        mlflow.end_run(RunStatus.to_string(status))


def flatten(nested: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested mappings as one, keys joined by dots."""
    flat: dict[str, Any] = {}
    for key, value in nested.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{name}."))
        else:
            flat[name] = value
    return flat
