"""`purge`: what it removes, what it prints, and what it does without a store."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sentiment.comments import Comment
from sentiment.store import open_store
from tests.cli.calling import CommandLine, assert_clear


@pytest.fixture
def url(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store with a comment fetched 40 days ago and one fetched 10 days ago."""
    url = f"sqlite:///{folder}/store.db"
    store = open_store(url)
    now = datetime.now(UTC)
    for days in (40, 10):
        comment = Comment(f"c{days}", "video000001", f"text {days}", 0, now)
        store.save_comments([comment], fetched_at=now - timedelta(days=days))
    store.close()
    monkeypatch.setenv("SENTIMENT_STORE_URL", url)
    return url


def known(url: str) -> frozenset[str]:
    store = open_store(url)
    found = store.known_ids("video000001")
    store.close()
    return found


def test_purge_removes_what_is_older_than_30_days(sentiment: CommandLine, url: str) -> None:
    outcome = sentiment("purge")
    assert outcome.code == 0, outcome.stderr
    (line,) = (line for line in outcome.stdout.splitlines() if "texts of comments" in line)
    assert "1" in line
    assert known(url) == {"c10"}


def test_purge_prints_its_record_as_json(sentiment: CommandLine, url: str) -> None:
    outcome = sentiment("purge", "--older-than-days", "5", "--json")
    record = json.loads(outcome.stdout)
    assert (record["kind"], record["comments"], record["id"]) == ("age", 2, 1)
    assert datetime.fromisoformat(record["older_than"]).tzinfo is not None
    assert known(url) == frozenset()


def test_purge_without_a_store_ends_with_13_and_makes_none(
    sentiment: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTIMENT_STORE_URL", "sqlite:///none/store.db")
    assert_clear(sentiment("purge"), 13, "none/store.db", "SENTIMENT_STORE_URL")
    assert not (folder / "none").exists()


def test_purge_of_an_address_of_no_store_ends_with_2(
    sentiment: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTIMENT_STORE_URL", "mysql://me:hunter2@127.0.0.1/x")
    outcome = sentiment("purge")
    assert_clear(outcome, 2, "mysql")
    assert "hunter2" not in outcome.stderr
