"""Starts servers as a user would, and stops them whatever happens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from sentiment.youtube.replay import ReplayServer

REPOSITORY = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 90.0

SERVE = (
    sys.executable,
    "-c",
    "import typer; from sentiment.cli.serve import command; typer.run(command)",
)
DEMO = (sys.executable, "-c", "from sentiment.cli.demo import command; command()")


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers."""

    url: str
    process: subprocess.Popen[str]
    log_path: Path

    @property
    def address(self) -> tuple[str, int]:
        """Host and port, for clients that speak through a bare socket."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        return host, int(port)

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")


def clean_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment without what a developer may have configured.

    Nor with what a `make` that runs these tests hands on: under it, a `make` that a test starts
    would print the folder that it enters and take the outer one's flags.
    """
    dropped = ("SENTIMENT_", "YOUTUBE_", "PORT", "PROMETHEUS_", "BENTOML_", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    # A variable beats .env: these stay unset even where a developer has a .env.
    blank = dict.fromkeys(
        (
            "YOUTUBE_API_KEY",
            "SENTIMENT_API_TOKEN",
            "SENTIMENT_API_TOKEN_ALSO",
            "SENTIMENT_ADMIN_TOKEN",
            "SENTIMENT_RELEASES_DIR",
            "SENTIMENT_YOUTUBE_ENDPOINT",
            "SENTIMENT_RATE_LIMIT",
        ),
        "",
    )
    # A store of its own, so that nobody finds what another test left.
    blank["SENTIMENT_STORE_URL"] = f"sqlite:///{tempfile.mkdtemp(prefix='sentiment-store-')}/db"
    # `bentoml serve` empties the folder of metrics in its home as it starts, whoever counts there.
    blank["BENTOML_HOME"] = tempfile.mkdtemp(prefix="sentiment-bentoml-")
    return {**kept, **blank, "BENTOML_DO_NOT_TRACK": "True", **variables}


@contextmanager
def spawned(
    command: Sequence[str],
    *,
    log_path: Path,
    variables: Mapping[str, str] | None = None,
    cwd: Path = REPOSITORY,
    pipes_output: bool = False,
) -> Iterator[subprocess.Popen[str]]:
    """Start a command that writes to a file, its standard output perhaps to a pipe."""
    with (
        log_path.open("w") as log,
        subprocess.Popen(
            command,
            cwd=cwd,
            env=clean_environment(variables or {}),
            stdout=subprocess.PIPE if pipes_output else log,
            stderr=log,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


@contextmanager
def announced(
    command: Sequence[str],
    *,
    log_path: Path,
    variables: Mapping[str, str] | None = None,
    cwd: Path = REPOSITORY,
) -> Iterator[Running]:
    """Start a server that prints `ready: ADDRESS` once it answers."""
    with spawned(
        command, log_path=log_path, variables=variables, cwd=cwd, pipes_output=True
    ) as process:
        if process.stdout is None:
            raise RuntimeError("standard output is a pipe")
        line = process.stdout.readline()
        if not line.startswith("ready: "):
            raise RuntimeError(f"wanted a line `ready: …`, got {line!r}\n{log_path.read_text()}")
        yield Running(line.removeprefix("ready: ").strip(), process, log_path)


def service_variables(bundle: Path, folder: Path, replay: ReplayServer) -> dict[str, str]:
    """Name a model, a store in a folder and a stand-in of YouTube to what runs on them."""
    return {
        "SENTIMENT_MODEL_DIR": str(bundle),
        "SENTIMENT_YOUTUBE_ENDPOINT": replay.endpoint,
        "SENTIMENT_STORE_URL": f"sqlite:///{folder / 'store.db'}",
    }


@contextmanager
def serving(
    bundle: Path, folder: Path, replay: ReplayServer, **variables: str
) -> Iterator[tuple[Running, httpx.Client]]:
    """The service with its store in a folder, which outlives it, beside a stand-in of YouTube."""
    environment = {**service_variables(bundle, folder, replay), **variables}
    with (
        announced(
            (*SERVE, "--port", "0"), log_path=folder / "log", variables=environment
        ) as server,
        httpx.Client(base_url=server.url, timeout=60) as client,
    ):
        yield server, client


def wait_until_ready(url: str, process: subprocess.Popen[str], log_path: Path) -> None:
    """Return once `/readyz` answers 200."""
    ends_s = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < ends_s and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=START_TIMEOUT_S).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not get ready\n{log_path.read_text()}")


def free_port() -> int:
    """A port that was free a moment ago: BentoML takes none by itself."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def bentoml_serve(port: int, target: str = "service:YouTubeSentiment") -> tuple[str, ...]:
    """The command with which BentoML serves a service or a built Bento."""
    program = Path(sys.executable).with_name("bentoml")
    return (str(program), "serve", target, "--host", "127.0.0.1", "--port", str(port))


def path_with_uv() -> str:
    """The PATH for `bentoml build`, which would install uv of any version where it finds none."""
    return os.pathsep.join([str(REPOSITORY / ".venv-uv" / "bin"), os.environ["PATH"]])


def error_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of an answer that must have the one error shape."""
    body = answer.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"code", "message", "advice"}
    return answer.status_code, body["error"]["code"]


def raw_answer(server: Running, request: bytes) -> httpx.Response:
    """What the server answers to bytes as they are, up to its closing of the connection."""
    with socket.create_connection(server.address, timeout=30) as connection:
        connection.sendall(request)
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    status, *headers = head.decode("latin-1").split("\r\n")
    fields = [(name, value) for name, _, value in (line.partition(": ") for line in headers)]
    return httpx.Response(int(status.split()[1]), headers=fields, content=body)
