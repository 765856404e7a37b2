"""The backups of docs/disaster-recovery.md: made as it says, and brought back."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import subprocess
import sys
from pathlib import Path

from sentiment.store import open_store
from tests.conftest import REPOSITORY
from tests.store.postgres import PostgresServer, find_binaries
from tests.store.samples import NOW, VIDEO, comment

SAID = (REPOSITORY / "docs" / "disaster-recovery.md").read_text(encoding="utf-8")
KEPT = [comment(2), comment(1)]


def run_as_said(beginning: str, folder: Path, **variables: str) -> None:
    """Run the one line of the page that begins like this, in a folder."""
    (line,) = re.findall(rf"^ *({re.escape(beginning)}.*)$", SAID, flags=re.MULTILINE)
    line = line.replace(".venv/bin/python -c", f"{shlex.quote(sys.executable)} -c")
    binaries = find_binaries()
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}" if binaries else os.environ["PATH"]
    done = subprocess.run(
        ["bash", "-euc", line],
        cwd=folder,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_copy_of_sqlite_in_use_is_a_whole_store(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/data/store/sentiment.db")
    store.save_comments(KEPT, fetched_at=NOW)
    run_as_said(".venv/bin/python -c", tmp_path)
    store.save_comments([comment(3)], fetched_at=NOW)
    store.close()
    restored = open_store(f"sqlite:///{tmp_path}/backup.db", create=False)
    assert restored.comments(VIDEO, limit=10) == KEPT
    restored.close()


def test_a_dump_of_postgresql_fills_an_empty_database(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    before, after = (f"recovery_{secrets.token_hex(4)}" for _ in range(2))
    for name in (before, after):
        postgres_server.run(f"CREATE DATABASE {name}")
    store = open_store(postgres_server.url(before))
    store.save_comments(KEPT, fetched_at=NOW)
    run_as_said("pg_dump ", tmp_path, DATABASE=postgres_server.url(before))
    store.close()
    run_as_said("pg_restore ", tmp_path, DATABASE=postgres_server.url(after))
    restored = open_store(postgres_server.url(after), create=False)
    assert restored.comments(VIDEO, limit=10) == KEPT
    restored.close()
