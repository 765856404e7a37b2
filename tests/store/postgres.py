"""A real PostgreSQL server on loopback, in a temporary folder, stopped by its process id."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

OWNER = "postgres"
PATIENCE_S = 60


def find_binaries() -> Path | None:
    """Return the folder of `initdb` and `postgres`, the newest version's; None without one."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(found, key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0))
    return newest[-1].parent if newest else None


class PostgresServer:
    """Started with a password that only this process knows; `stop` and `start` at will."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self.password = secrets.token_hex(12)
        # Not below pytest's folder, which no other user may enter.
        self.folder = Path(tempfile.mkdtemp(prefix="sentiment-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        # PostgreSQL refuses to run as root.
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(self.folder, OWNER, OWNER)
            self._user = {"user": OWNER, "group": OWNER, "extra_groups": []}
        word = self.folder / "password"
        word.write_text(self.password)
        subprocess.run(
            [
                *(str(binaries / "initdb"), "--pgdata", str(self.folder / "data"), "--no-sync"),
                *("--username", OWNER, "--auth", "scram-sha-256", "--pwfile", str(word)),
                *("--encoding", "UTF8", "--locale", "C"),
            ],
            cwd=self.folder,
            check=True,
            capture_output=True,
            timeout=PATIENCE_S,
            **self._user,
        )

    def start(self) -> None:
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(str(self._binaries / "postgres"), "-D", str(self.folder / "data")),
                    *("-p", str(self.port)),
                    *(word for setting in settings for word in ("-c", setting)),
                ],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                **self._user,
            )
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.run("SELECT 1")
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline_s:
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT in good order, SIGQUIT at once."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE_S)
            self._process = None

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, statement: str) -> None:
        """Run a statement as the owner, outside of a transaction."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def new_store(self) -> str:
        """Return the address of an empty store.

        It is a user with a schema of the same name, which PostgreSQL looks into first: a
        database for each test would cost a thousand files.
        """
        user = f"user_{secrets.token_hex(6)}"
        self.run(f"CREATE ROLE {user} LOGIN PASSWORD '{self.password}'")
        self.run(f"CREATE SCHEMA AUTHORIZATION {user}")
        return self.url(user=user)

    def url(self, database: str = "postgres", *, user: str = OWNER) -> str:
        return f"postgresql://{user}:{self.password}@127.0.0.1:{self.port}/{database}"
