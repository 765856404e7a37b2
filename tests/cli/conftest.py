"""Fixtures of the command line's tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sentiment.rehearsal.tracking_server import tracking_server
from tests.cli.calling import CommandLine

if TYPE_CHECKING:
    from tests.cli.cutting import Cutter
    from tests.cli.releasing import Place

VARIABLES = (
    *("SENTIMENT_DATA_DIR", "SENTIMENT_MODEL_DIR", "SENTIMENT_MODEL_TAG", "SENTIMENT_API_TOKEN"),
    *("SENTIMENT_ALLOWED_ORIGINS", "SENTIMENT_YOUTUBE_ENDPOINT", "YOUTUBE_API_KEY", "PORT"),
    *("MLFLOW_TRACKING_URI", "SENTIMENT_STORE_URL", "SENTIMENT_QUOTA_UNITS"),
    *("SENTIMENT_ALARM_WEBHOOK", "SENTIMENT_ALARM_SNS_TOPIC", "SENTIMENT_RELEASES_DIR"),
    *("SENTIMENT_QUEUE_URL", "SENTIMENT_API_TOKEN_ALSO"),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, away from a developer's .env and variables."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def mlflow_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the MLflow server keeps its database and artifacts."""
    return tmp_path_factory.mktemp("mlflow")


@pytest.fixture(scope="session")
def mlflow_server(mlflow_folder: Path) -> Iterator[str]:
    """The address of a real MLflow server; tests share it, so they clear what they made."""
    with tracking_server(mlflow_folder) as address:
        yield address


@pytest.fixture
def sentiment(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command line, in this process and in an empty folder."""
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def cutter(mlflow_server: str) -> Iterator[Cutter]:
    """A proxy in front of the server; what was registered goes when the test ends."""
    from tests.cli.cutting import cutter_before

    with cutter_before(mlflow_server) as cutter:
        yield cutter
    _forget_models(mlflow_server)


@pytest.fixture
def place(
    folder: Path, mlflow_server: str, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    """Where releases happen, with each kind of store."""
    # Slow to import, and most commands need none of it.
    from sentiment.release.registry import ModelRegistry
    from tests.cli.releasing import Place

    place = Place(folder, ModelRegistry(mlflow_server), store_url)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server)
    monkeypatch.setenv("SENTIMENT_STORE_URL", place.store_url)
    monkeypatch.setenv("SENTIMENT_RELEASES_DIR", str(place.releases.root))
    yield place
    _forget_models(mlflow_server)


def _forget_models(address: str) -> None:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    from sentiment.release.registry import MODEL_NAME

    with suppress(MlflowException):  # a test may have made none
        MlflowClient(tracking_uri=address).delete_registered_model(MODEL_NAME)


@pytest.fixture
def first(place: Place, sentiment: CommandLine) -> str:
    """The digest of a first champion that services run."""
    assert sentiment("release", "init", "--bundle", place.made("first")).code == 0
    return place.plan().champion


@pytest.fixture
def second(place: Place, first: str, sentiment: CommandLine) -> str:
    """The digest of a model that is tried beside it."""
    digest = place.challenger("second")
    assert sentiment("release", "shadow").code == 0
    return digest
