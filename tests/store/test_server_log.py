"""What PostgreSQL's own log holds with the parameters that `infra/` gives it."""

from __future__ import annotations

import threading
import time

import psycopg
from sqlalchemy import make_url

from infra.config import DATABASE_PARAMETERS
from sentiment.store import open_store
from tests.store.postgres import PostgresServer
from tests.store.samples import NOW, comment


def test_slow_statement_is_logged_without_the_texts_of_comments(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.new_store()
    user = make_url(url).username
    for name, value in DATABASE_PARAMETERS.items():
        if not name.startswith("rds."):  # these only Amazon's servers know
            postgres_server.run(f"ALTER ROLE {user} SET {name} = '{value}'")
    log = postgres_server.folder / "log"
    store = open_store(url)
    store.save_comments([comment(1, text="a very private text")], fetched_at=NOW)
    start = log.stat().st_size
    with psycopg.connect(url) as other:
        other.execute("UPDATE comments SET like_count = 2")
        release = threading.Timer(1.5, other.rollback)
        release.start()
        store.save_comments([comment(1, text="another private text")], fetched_at=NOW)
        release.join()
    store.close()
    ends_s = time.monotonic() + 10
    while "duration: " not in (logged := log.read_text()[start:]) and time.monotonic() < ends_s:
        time.sleep(0.05)
    assert "INSERT INTO comments" in logged
    assert "private text" not in logged
