"""The service under test: started by the benchmark, asked over HTTP, stopped again.

Clients speak through the standard library, which costs less than the richer HTTP clients: they
share the cores with the service.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import repeat
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from sentiment.errors import InferenceError, ServerStartError

_PREDICT_PATH = "/v1/predict"
_HEADERS = {"Content-Type": "application/json"}
_SERVE = "import typer; from sentiment.cli.serve import command; typer.run(command)"
_READY = "ready: "
_START_TIMEOUT_S = 90.0
_STOP_TIMEOUT_S = 15.0
_REQUEST_TIMEOUT_S = 120.0
_SHOWN_LOG_CHARACTERS = 600
# The service under test is alone with its bundle, whatever the environment or .env configures.
_VARIABLES = {
    "SENTIMENT_API_TOKEN": "",
    # The model is measured, not the memory of what it said, and as fast as clients can ask.
    "SENTIMENT_CACHE_TEXTS": "0",
    "SENTIMENT_MODEL_TAG": "",
    "SENTIMENT_RATE_LIMIT": "",
    "SENTIMENT_YOUTUBE_ENDPOINT": "",
    "YOUTUBE_API_KEY": "",
}


@dataclass(frozen=True, slots=True)
class RunningService:
    """A warm service.

    Attributes:
        url: `http://127.0.0.1:PORT`.
        pid: of its one process.
    """

    url: str
    pid: int


@contextmanager
def running_service(
    bundle_dir: Path, *, variables: Mapping[str, str] | None = None
) -> Iterator[RunningService]:
    """Run `sentiment serve` on a free port of loopback while the block lasts.

    Args:
        bundle_dir: the bundle to serve.
        variables: of its environment, beside this process's own.

    Yields:
        The service.

    Raises:
        ServerStartError: it did not get ready; the end of its log says why.
    """
    command = [sys.executable, "-c", _SERVE, "--port", "0", "--model", str(bundle_dir.resolve())]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log,
        subprocess.Popen(
            command,
            env={**os.environ, **_VARIABLES, **(variables or {})},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield RunningService(_address(process, log), process.pid)
        finally:
            _stop(process)


def _address(process: subprocess.Popen[str], log: IO[str]) -> str:
    watchdog = threading.Timer(_START_TIMEOUT_S, process.kill)
    watchdog.start()
    try:
        line = process.stdout.readline() if process.stdout else ""
    finally:
        watchdog.cancel()
    if not line.startswith(_READY):
        process.kill()
        process.wait()
        log.seek(0)
        raise ServerStartError(
            f"Wanted a line `{_READY}…` from the service within {_START_TIMEOUT_S:.0f} s, found "
            f"{line.strip()!r}. Its log ends: {log.read()[-_SHOWN_LOG_CHARACTERS:].strip()}",
            hint="Try `sentiment serve` alone.",
        )
    return line.removeprefix(_READY).strip()


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()


def post_in_parallel(
    url: str, texts: Sequence[str], *, texts_per_request: int, clients: int
) -> int:
    """Post texts, many a request, from several clients at once.

    Args:
        url: address of the service.
        texts: raw comments.
        texts_per_request: > 0.
        clients: each keeps one connection and has one request under way, > 0.

    Returns:
        How many texts were labelled.

    Raises:
        InferenceError: an answer was no list of one prediction a text.
    """
    starts = range(0, len(texts), texts_per_request)
    chunks = [list(texts[start : start + texts_per_request]) for start in starts]
    shares = [chunks[number::clients] for number in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(_post_all, repeat(url), shares))  # raises what a client raised
    return len(texts)


def post_one_by_one(url: str, texts: Sequence[str]) -> list[float]:
    """Post texts one a request over one connection.

    Returns:
        The latency of each request in milliseconds, in the order of `texts`.

    Raises:
        InferenceError: an answer was no list of one prediction.
    """
    return _post_all(url, [[text] for text in texts])


def post_once(url: str, texts: Sequence[str]) -> None:
    """Post some texts in one request.

    Raises:
        InferenceError: the answer was no list of one prediction a text.
    """
    _post_all(url, [list(texts)])


def _post_all(url: str, chunks: Sequence[list[str]]) -> list[float]:
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=_REQUEST_TIMEOUT_S)
    try:
        return [_post(connection, chunk) for chunk in chunks]
    except (OSError, HTTPException) as error:
        raise InferenceError(f"The service at {url} failed: {error!r}.") from error
    finally:
        connection.close()


def _post(connection: HTTPConnection, texts: list[str]) -> float:
    body = json.dumps({"texts": texts}).encode()
    started_s = time.perf_counter()
    connection.request("POST", _PREDICT_PATH, body, _HEADERS)
    response = connection.getresponse()
    content = response.read()
    latency_ms = (time.perf_counter() - started_s) * 1_000
    if response.status != 200 or len(json.loads(content)) != len(texts):
        raise InferenceError(
            f"The service gave no prediction a text: wanted {len(texts)}, found status "
            f"{response.status} and {content[:200]!r}."
        )
    return latency_ms
