"""What a store of before keeps, means and lacks once it is brought to this version."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta

from sqlalchemy import Engine, text

from sentiment.rollout.arms import Arm
from sentiment.rollout.counts import Seen
from sentiment.store import Store, open_store
from sentiment.store.migrate import VERSION_TABLE
from sentiment.store.records import RolloutEventKind
from tests.store.conftest import engine_of
from tests.store.postgres import PostgresServer
from tests.store.samples import MODEL, NOW, VIDEO, comment

ADDED_SINCE = (
    ("videos", "looked_up_at"),
    ("feedback", "text_digest"),
    ("rollout_videos", "called_at"),
)


def back_to_before_results_lost_titles(store: Store, engine: Engine) -> None:
    """Make a store of version 0006 with a result that names a title."""
    store.save_result(VIDEO, MODEL, json.dumps({"video": {"title": "A title"}}), NOW)
    with engine.begin() as connection:
        for table, column in ADDED_SINCE:
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0006'"))


def title_in_result(store: Store) -> str | None:
    found = store.latest_result(VIDEO)
    assert found is not None
    title: str | None = json.loads(found.document)["video"]["title"]
    return title


def test_titles_in_results_of_before_are_left_to_the_purge(
    store: Store, store_url: str, engine: Engine
) -> None:
    back_to_before_results_lost_titles(store, engine)
    open_store(store_url).close()
    with engine.begin() as connection:
        assert connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) > "0006"
    assert title_in_result(store) == "A title"
    store.purge(older_than=NOW - timedelta(days=30))
    assert title_in_result(store) is None


VOTE_OF_BEFORE = (
    "INSERT INTO feedback (id, comment_id, label, created_at) VALUES (:id, :of, 1, :at)"
)


def test_votes_of_before_and_of_older_programs_are_on_no_text_that_is_known(
    store: Store, store_url: str, engine: Engine
) -> None:
    store.save_comments([comment(1)], fetched_at=NOW)
    vote = {"of": comment(1).id, "at": NOW.isoformat(" ")}
    with engine.begin() as connection:
        for table, column in ADDED_SINCE[1:]:
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        connection.execute(text(VOTE_OF_BEFORE), {"id": "of before", **vote})
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0008'"))
    open_store(store_url).close()
    with engine.begin() as connection:
        connection.execute(text(VOTE_OF_BEFORE), {"id": "of an older program", **vote})
    assert [one.text_digest for one in store.feedback()] == [None, None]


def test_calls_of_before_count_for_no_arm_of_a_canary(
    store: Store, store_url: str, engine: Engine
) -> None:
    rollout, seen = "0123456789abcdef", [Seen(video_id=VIDEO, arm=arm) for arm in Arm]
    store.add_rollout_event(rollout, RolloutEventKind.CANARY, digest=MODEL)
    store.add_seen(rollout, seen)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE rollout_videos DROP COLUMN called_at"))
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0009'"))
    open_store(store_url).close()
    # The champion's would be of the shadow's weeks, too; the candidate's alone would be unfair.
    assert [one.arm for one in store.arm_counts(rollout)] == [Arm.SHADOW]
    store.add_seen(rollout, seen)
    assert {one.arm: one.n_calls for one in store.arm_counts(rollout)} == dict.fromkeys(Arm, 2)


def test_migrations_wait_for_nobody_who_writes_a_result(postgres_server: PostgresServer) -> None:
    """Nor do they keep others waiting, with the locks that they hold meanwhile."""
    url = postgres_server.new_store()
    with closing(open_store(url)) as store, engine_of(url) as engine:
        back_to_before_results_lost_titles(store, engine)
        with engine.begin() as connection:
            connection.execute(text("SELECT * FROM results FOR UPDATE"))
            open_store(url, patience_s=1).close()
