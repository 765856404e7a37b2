"""Fixtures that several test packages share."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from sentiment.settings import switch_off_telemetry

if TYPE_CHECKING:
    from tests.fake_aws import FakeAws
    from tests.store.postgres import PostgresServer

switch_off_telemetry()
# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
os.environ["HF_HUB_OFFLINE"] = "1"

REPOSITORY = Path(__file__).resolve().parents[1]


LONGEST_FIRST = (
    "tests/test_train.py",
    "tests/test_train_killed.py",
    "tests/cli/test_mlflow_killed.py",
    "tests/cli/test_smoke.py",
    "tests/delivery/test_workflow_steps.py",
    "tests/benchmark/test_bench.py",
    "tests/cli/test_score.py",
    "tests/delivery/test_serving_image.py",
    "tests/serving/test_schemathesis.py",
    "tests/panel/test_live.py",
    "tests/panel/test_end_to_end.py",
    "tests/cli/test_release_killed.py",
    "tests/cli/test_retrain.py",
    "tests/release/exporting/test_threshold.py",
)
"""Files that take about a minute each: one that comes last is waited for by all processes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    last = len(LONGEST_FIRST)
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], last))


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of real labelled comments and API responses; skip where it is absent."""
    folder = Path(os.environ.get("SENTIMENT_SHARED_DIR", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no folder {folder} (SENTIMENT_SHARED_DIR names another)")
    return folder


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real bundle with random weights, made in seconds without a network."""
    from tests.bundles import make_tiny_bundle

    return make_tiny_bundle(tmp_path_factory.mktemp("bundle") / "tiny")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server for the session; skip where none is installed, unless everything has to run."""
    from tests.store.postgres import PostgresServer, find_binaries

    binaries = find_binaries()
    if binaries is None:
        reason = "PostgreSQL is not installed (Debian's package `postgresql`)"
        if os.environ.get("SENTIMENT_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    server = PostgresServer(binaries)
    try:
        server.start()
        yield server
    finally:
        server.remove()


# Of a module: later ones must not find its address and its keys in the environment.
@pytest.fixture(scope="module")
def aws() -> Iterator[FakeAws]:
    """A stand-in of AWS; skip where moto is not installed, unless everything has to run."""
    if os.environ.get("SENTIMENT_REQUIRE_ALL") != "1":
        pytest.importorskip("moto")
    from tests.fake_aws import FakeAws

    before = dict(os.environ)
    fake = FakeAws()
    fake.start()
    try:
        yield fake
    finally:
        fake.stop()
        for name in fake.environment:
            os.environ.pop(name, None)
            if name in before:
                os.environ[name] = before[name]


@pytest.fixture
def loggers_as_they_were() -> Iterator[None]:
    """What configures the log of this process is undone when the test ends."""
    names = (None, "bentoml", "uvicorn", "uvicorn.error", "httpx")
    loggers = [logging.getLogger(name) for name in names]
    before = [(one.level, one.handlers[:], one.propagate) for one in loggers]
    yield
    for logger, (level, handlers, propagate) in zip(loggers, before, strict=True):
        logger.setLevel(level)
        logger.handlers[:] = handlers
        logger.propagate = propagate


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that does not exist yet; who takes it runs against each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new folder/store.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_store()
