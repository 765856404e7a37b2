"""A real MLflow server on loopback, with its database and artifacts in a folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from sentiment.errors import ServerStartError

_START_S = 120.0
_STOP_S = 10.0
_LOOK_S = 0.2
_LOG_FILE = "mlflow.log"
_SHOWN_CHARACTERS = 1_500


@contextmanager
def tracking_server(folder: Path) -> Iterator[str]:
    """Run a server for as long as the block lasts; give its address.

    Raises:
        ServerStartError: it did not start; the end of its log says why.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "mlflow", "server", "--workers", "1"),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"),
        *("--artifacts-destination", str(folder / "mlartifacts")),
    ]
    environment = {
        **os.environ,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # starts in a third of the time
    }
    with (
        (folder / _LOG_FILE).open("wb") as log,
        subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process, folder / _LOG_FILE)
            yield address
        finally:
            _stop(process)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until_s = time.monotonic() + _START_S
    while time.monotonic() < until_s and process.poll() is None:
        try:
            if httpx.get(f"{address}/health").status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(_LOOK_S)
    said = log.read_text(encoding="utf-8", errors="replace")[-_SHOWN_CHARACTERS:].strip()
    raise ServerStartError(f"MLflow's server did not start. Its log ends: {said}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and its workers, which are a process group of their own."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
