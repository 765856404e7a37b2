"""What the rehearsal is played on: a folder, an MLflow server, a stand-in of YouTube, a service."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from sentiment.benchmark.service import RunningService, running_service
from sentiment.errors import ServerStartError
from sentiment.rehearsal.commands import Commands
from sentiment.youtube.replay import ReplayServer

_START_S = 90.0
_STOP_S = 15.0
_LOOK_S = 0.3
ADMIN_TOKEN = "rehearsal"  # noqa: S105 - of a service on loopback that lives for minutes


@dataclass(frozen=True, slots=True)
class Stage:
    """Where everything is.

    Attributes:
        folder: data, models and reports of the rehearsal.
        variables: that commands and service share.
        commands: runs ours there.
    """

    folder: Path
    variables: Mapping[str, str]
    commands: Commands

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.folder / "store.db"

    @contextmanager
    def service(self, bundle: Path) -> Iterator[RunningService]:
        """Run the service while the block lasts.

        Args:
            bundle: what it serves while nothing was released.

        Raises:
            ServerStartError: it did not get ready.
        """
        with running_service(bundle, variables=self.variables) as service:
            yield service


@contextmanager
def build_stage(folder: Path) -> Iterator[Stage]:
    """Give a stage whose servers run while the block lasts.

    Args:
        folder: an empty one.

    Raises:
        ServerStartError: a server did not start.
    """
    with ExitStack() as servers:
        replay = servers.enter_context(ReplayServer())
        registry = servers.enter_context(_mlflow(folder))
        variables = {
            "BENTOML_HOME": str(folder / "bentoml"),
            "MLFLOW_TRACKING_URI": registry,
            "SENTIMENT_ADMIN_TOKEN": ADMIN_TOKEN,
            "SENTIMENT_MODEL_DIR": str(folder / "outputs" / "rehearsal" / "bundle"),
            "SENTIMENT_CACHE_TEXTS": "0",
            "SENTIMENT_FRESH_S": "3600",
            "SENTIMENT_QUOTA_UNITS": "1000000",
            "SENTIMENT_RATE_LIMIT": "",
            "SENTIMENT_RELEASES_DIR": str(folder / "releases"),
            "SENTIMENT_STORE_URL": f"sqlite:///{folder / 'store.db'}",
            "SENTIMENT_YOUTUBE_ENDPOINT": replay.endpoint,
        }
        yield Stage(folder, variables, Commands(folder, variables))


@contextmanager
def _mlflow(folder: Path) -> Iterator[str]:
    """Run MLflow's server on loopback; give its address."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"),
        *("--artifacts-destination", str(folder / "mlartifacts")),
    ]
    with (
        (folder / "mlflow.log").open("w") as log,
        subprocess.Popen(
            command, env=os.environ, stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        try:
            _wait_for(f"{address}/health", process)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until_s = time.monotonic() + _START_S
    while time.monotonic() < until_s and process.poll() is None:
        try:
            if httpx.get(address, timeout=_LOOK_S).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(_LOOK_S)
    raise ServerStartError("MLflow's server did not start.", hint="Its log, mlflow.log, says why.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
