"""Faults from outside while the service runs: kills, a store that is away, YouTube's bad days."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from sentiment.store import open_store
from sentiment.store.migrate import READABLE_TABLE, VERSION_TABLE
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.serving.events import analyses_of, comments_of, read_events, stream_of
from tests.serving.running import SERVE, error_of, serving, spawned

pytestmark = pytest.mark.slow


def test_killed_during_an_analysis_loses_and_doubles_nothing(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    url = "/v1/analyze/stream?video_id=size0002000&max_comments=2000"
    with ReplayServer(ReplayOptions(latency_ms=60)) as replay:
        with (
            serving(tiny_bundle, tmp_path, replay) as (running, client),
            client.stream("GET", url) as answer,
        ):
            events = read_events(answer)
            # Pages are told before they are kept: the first may not lie in the store yet.
            while (event := next(events)).kind != "analysis" or event.data["fetched"] < 300:
                pass
            running.process.send_signal(signal.SIGKILL)
            running.process.wait(10)
        with sqlite3.connect(tmp_path / "store.db") as store:
            (kept,) = store.execute("select count(*) from comments").fetchone()
            (ids,) = store.execute("select count(distinct id) from comments").fetchone()
        assert 0 < kept == ids < 2_000
        with serving(tiny_bundle, tmp_path, replay) as (_, client):
            whole = stream_of(client, "size0002000", max_comments=2_000)
        last = analyses_of(whole)[-1]
        assert (last["fetched"], last["complete"]) == (2_000, True)
        assert len(comments_of(whole)) == 2_000
    with sqlite3.connect(tmp_path / "store.db") as store:
        assert store.execute("select count(*) from comments").fetchone() == (2_000,)


def test_killed_while_people_vote_keeps_each_vote_once(tiny_bundle: Path, tmp_path: Path) -> None:
    def votes(ids: Sequence[str]) -> list[dict[str, object]]:
        return [{"comment_id": one, "label": 1, "voter": f"a word of {one}"} for one in ids]

    kept: list[str] = []
    with ReplayServer() as replay:
        with serving(tiny_bundle, tmp_path, replay) as (running, client):
            ids = list(comments_of(stream_of(client, "size0000300")))

            def vote(mine: list[dict[str, object]]) -> None:
                with httpx.Client(base_url=running.url, timeout=60) as voter:
                    for one in mine:
                        try:
                            answer = voter.post("/v1/feedback", json=one)
                        except httpx.TransportError:
                            return  # killed with this one in hand
                        assert answer.status_code == 201
                        kept.append(str(one["comment_id"]))

            with ThreadPoolExecutor(4) as crowd:
                working = [crowd.submit(vote, votes(ids[first::4])) for first in range(4)]
                while len(kept) < 40:
                    assert not any(one.done() for one in working)
                running.process.kill()
                running.process.wait(10)
            for voting in working:
                voting.result()
        assert len(kept) < len(ids)
        with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
            found = [vote.comment_id for vote in store.feedback()]
        # What was answered is kept; of what was in hand, one a client, all or nothing.
        assert len(found) == len(set(found)) <= len(kept) + 4
        assert set(kept) <= set(found)
        with serving(tiny_bundle, tmp_path, replay) as (_, client):
            for one in votes(ids):
                assert client.post("/v1/feedback", json=one).status_code == 201
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        assert sorted(vote.comment_id for vote in store.feedback()) == sorted(ids)


def test_store_that_is_away_costs_no_answer(tiny_bundle: Path, tmp_path: Path) -> None:
    with ReplayServer() as replay, serving(tiny_bundle, tmp_path, replay) as (_, client):
        assert analyses_of(stream_of(client, "size0000060"))[-1]["stored"]
        blocker = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
        blocker.execute("begin exclusive")
        away = analyses_of(stream_of(client, "size0000070"))[-1]
        assert (away["fetched"], away["stored"]) == (70, False)
        refused = client.post("/v1/feedback", json={"comment_id": "x", "label": 1})
        assert error_of(refused) == (503, "store_unavailable")
        assert int(refused.headers["retry-after"]) > 0
        blocker.execute("rollback")
        blocker.close()
        ends_s = time.monotonic() + 30
        while time.monotonic() < ends_s:
            back = analyses_of(stream_of(client, "size0000070"))[-1]
            if back["stored"]:
                break
            time.sleep(0.5)
        assert (back["fetched"], back["stored"]) == (70, True)


def test_store_whose_file_is_gone_costs_no_answer_and_is_not_made_anew(
    tiny_bundle: Path, tmp_path: Path, replay: ReplayServer
) -> None:
    with serving(tiny_bundle, tmp_path, replay) as (_, client):
        kept = next(iter(comments_of(stream_of(client, "size0000060"))))
        away = tmp_path / "away"
        away.mkdir()
        files = list(tmp_path.glob("store.db*"))
        for file in files:
            file.rename(away / file.name)
        refused = client.post("/v1/feedback", json={"comment_id": kept, "label": 1})
        assert error_of(refused) == (503, "store_unavailable")
        last = analyses_of(stream_of(client, "size0000070"))[-1]
        assert (last["fetched"], last["stored"]) == (70, False)
        assert list(tmp_path.glob("store.db*")) == []
        for file in files:
            (away / file.name).rename(file)
        # Without a restart, and with what it held.
        vote = client.post("/v1/feedback", json={"comment_id": kept, "label": 1})
        assert vote.status_code == 201


def test_store_of_a_newer_version_refuses_the_start_and_stays_as_it_is(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    open_store(url).close()
    with sqlite3.connect(tmp_path / "store.db") as store:
        store.execute(f"update {VERSION_TABLE} set version_num = '9999'")
        store.execute(f"update {READABLE_TABLE} set since = '9999'")
    variables = {"SENTIMENT_MODEL_DIR": str(tiny_bundle), "SENTIMENT_STORE_URL": url}
    command = (*SERVE, "--port", "0")
    with spawned(command, log_path=tmp_path / "log", variables=variables) as process:
        assert process.wait(60) != 0
    assert "written by a newer version of this program" in (tmp_path / "log").read_text()
    with sqlite3.connect(tmp_path / "store.db") as store:
        assert store.execute(f"select version_num from {VERSION_TABLE}").fetchall() == [("9999",)]


def test_faults_of_the_api_leave_the_totals_right(tiny_bundle: Path, tmp_path: Path) -> None:
    options = ReplayOptions(fault_rate=0.2, seed=5)
    with ReplayServer(options) as replay, serving(tiny_bundle, tmp_path, replay) as (_, client):
        last = analyses_of(stream_of(client, "size0001000", max_comments=1_000))[-1]
    assert (last["fetched"], last["complete"], last["reasons"]) == (1_000, True, [])


def test_quota_that_ends_half_way_gives_what_there_is(tiny_bundle: Path, tmp_path: Path) -> None:
    with (
        ReplayServer() as replay,
        serving(tiny_bundle, tmp_path, replay, SENTIMENT_QUOTA_UNITS="4") as (_, client),
    ):
        last = analyses_of(stream_of(client, "size0001000", max_comments=1_000))[-1]
        assert 0 < last["fetched"] < 1_000
        assert not last["complete"]
        assert last["reasons"] == ["quota"]
        assert last["quota"]["units_left"] == 0
        assert last["quota"]["resets_at"]
        # Nothing is left, and nothing is known of this one.
        refused = client.post("/v1/analyze", json={"video_id": "size0000500"})
        assert error_of(refused) == (429, "quota_exceeded")
        assert int(refused.headers["retry-after"]) > 0
        # What is known is told, with its age.
        again = client.post("/v1/analyze", json={"video_id": "size0001000", "max_comments": 1_000})
        assert again.json()["fetched"] == last["fetched"]
        assert again.json()["age_s"] >= 0
    assert replay.units_spent == 4


def test_quota_that_youtube_says_is_spent_is_not_asked_for_again(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    with ReplayServer() as replay, serving(tiny_bundle, tmp_path, replay) as (_, client):
        refused = client.post("/v1/analyze", json={"video_id": "overQuota__"})
        assert error_of(refused) == (429, "quota_exceeded")
        spent = replay.units_spent
        refused = client.post("/v1/analyze", json={"video_id": "size0000050"})
        assert error_of(refused) == (429, "quota_exceeded")
        assert replay.units_spent == spent
        assert client.get("/readyz").json()["quota"]["units_left"] == 0


def test_edited_and_new_comments_are_taken_in(tiny_bundle: Path, tmp_path: Path) -> None:
    with (
        ReplayServer() as replay,
        serving(tiny_bundle, tmp_path, replay, SENTIMENT_FRESH_S="0") as (_, client),
    ):
        assert len(comments_of(stream_of(client, "size0000120"))) == 120
        httpx.post(f"{replay.endpoint}/replay/videos/size0000120/grow?n=7").raise_for_status()
        spent = replay.units_spent
        last = analyses_of(stream_of(client, "size0000120"))[-1]
        assert (last["fetched"], last["complete"]) == (127, True)
        assert replay.units_spent - spent <= 2
