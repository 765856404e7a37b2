"""The stream as it is run: processes beside the service, over HTTP and one store."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from sentiment.errors import YouTubeUnavailableError
from sentiment.store import open_store
from sentiment.stream.embedded import EmbeddedQueue
from sentiment.stream.lambda_handler import poll
from sentiment.stream.poller import QUOTA_SPENT
from sentiment.youtube.replay import ReplayServer
from tests.cli.calling import CommandLine
from tests.serving.events import analyses_of, comments_of, stream_of
from tests.serving.running import clean_environment, serving
from tests.stream.places import VIDEO as WATCHED
from tests.stream.places import batches
from tests.stream.running import StreamCommands, wait_until_kept

VIDEO = "size0000045"


def changes_of(client: httpx.Client, video_id: str, **query: str | None) -> str | None:
    answer = client.get(f"/v1/videos/{video_id}/changes", params=query)
    assert answer.status_code == 200, answer.text
    token: str | None = answer.json()["token"]
    return token


def test_a_comment_that_appears_is_shown_without_the_service_asking_youtube(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    metrics = tmp_path / "worker.prom"
    with ReplayServer() as replay, serving(tiny_bundle, tmp_path, replay) as (_, client):
        commands = StreamCommands(tiny_bundle, tmp_path, replay)
        store = open_store(commands.variables["SENTIMENT_STORE_URL"])
        commands.watch(VIDEO, interval_s=1)
        with commands.polling(1), commands.working("--metrics", str(metrics)):
            wait_until_kept(store, VIDEO, 45)
            token = changes_of(client, VIDEO)
            replay.changes.grow(VIDEO, 5)
            # As the panel does: held until the stream has kept some, and then looked.
            while len(comments_of(events := stream_of(client, VIDEO))) < 50:
                while (next_token := changes_of(client, VIDEO, after=token)) == token:
                    pass
                token = next_token
        assert len(comments_of(events)) == 50
        last = analyses_of(events)[-1]
        assert (last["units_spent"], last["complete"], last["fetched"]) == (0, True, 50)
        written = metrics.read_text()
        assert "sentiment_stream_scored_comments_total 50.0" in written
        assert "sentiment_stream_dead_messages 0.0" in written
        assert changes_of(client, "size0000046", after=token) is None
        assert client.get("/v1/videos/nothing/changes").status_code == 400
        store.close()


def test_metrics_that_can_not_be_written_are_told_once_and_end_nothing(
    tiny_bundle: Path,
    tmp_path: Path,
    sentiment: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "file").touch()
    metrics = ("--metrics", tmp_path / "file" / "stream.prom")
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("SENTIMENT_STORE_URL", url)
    store = open_store(url)
    store.add_watch(WATCHED, interval_s=15)
    EmbeddedQueue(store).send(batches(range(5)))
    # It writes after its batch, and at its end.
    worker = sentiment("stream", "worker", "--until-empty", "--bundle", tiny_bundle, *metrics)
    assert (worker.code, worker.stderr.count("no metrics")) == (0, 1)
    assert len(store.known_ids(WATCHED)) == 5
    store.close()
    poller = sentiment("stream", "poll", "--once", *metrics)
    assert (poller.code, poller.stderr.count("no metrics")) == (0, 1)


@pytest.mark.parametrize("command", ["worker", "poll"])
def test_log_is_json_where_the_variable_says_so(
    command: str,
    tiny_bundle: Path,
    tmp_path: Path,
    sentiment: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SENTIMENT_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    monkeypatch.setenv("SENTIMENT_LOG_FORMAT", "json")
    (tmp_path / "file").touch()
    options = {"worker": ("--until-empty", "--bundle", tiny_bundle), "poll": ("--once",)}[command]
    metrics = tmp_path / "file" / "stream.prom"  # can't be written, which is logged
    outcome = sentiment("stream", command, *options, "--metrics", metrics)
    lines = [json.loads(line) for line in outcome.stderr.splitlines()]
    assert "WARNING" in {line["level"] for line in lines}


def test_status_names_the_videos_of_messages_that_were_set_aside_and_quotes_none(
    sentiment: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("SENTIMENT_STORE_URL", url)
    with closing(open_store(url)) as store:
        queue = EmbeddedQueue(store)
        queue.send(batches(range(5), word="curse"))
        queue.bury([(one, "the model broke") for one in queue.receive(10, wait_s=0)])
    status = sentiment("stream", "status").stdout
    assert f", video {WATCHED}: the model broke" in status
    as_json = sentiment("stream", "status", "--json").stdout
    (letter,) = json.loads(as_json)["dead"]
    assert (letter["video_id"], letter["reason"]) == (WATCHED, "the model broke")
    assert "curse" not in status + as_json


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def test_commands_and_the_scheduled_call_share_one_store(
    sentiment: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ReplayServer() as replay:
        for name, value in clean_environment(
            {
                "SENTIMENT_YOUTUBE_ENDPOINT": replay.endpoint,
                "SENTIMENT_STORE_URL": f"sqlite:///{tmp_path / 'store.db'}",
                "SENTIMENT_QUEUE_URL": "",
            }
        ).items():
            monkeypatch.setenv(name, value)
        address = f"https://www.youtube.com/watch?v={VIDEO}"
        assert sentiment("stream", "watch", address, "noComments_").code == 0
        sentiment.capture.readouterr()
        assert poll({}, _Context()) == {"polls": 2, "failed": 0, "sent": 45, "units": 6}
        logged = [json.loads(line) for line in sentiment.capture.readouterr().err.splitlines()]
        assert "sentiment.stream.poller" in {line["logger"] for line in logged}
        shown = json.loads(sentiment("stream", "status", "--json").stdout)
        one, other = shown["watches"]
        assert (one["video_id"], one["problem"]) == (VIDEO, None)
        assert other["due_at"] is None
        assert "switched off" in other["problem"]
        assert shown["queue"]["ready"] >= 1
        assert sentiment("stream", "unwatch", VIDEO).code == 0
        assert sentiment("stream", "unwatch", VIDEO).code == 14
        assert "0 polls" in sentiment("stream", "poll", "--once").stdout


def test_a_scheduled_call_fails_where_no_watched_video_can_be_polled(
    sentiment: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with ReplayServer() as replay:
        for name, value in clean_environment(
            {
                "SENTIMENT_YOUTUBE_ENDPOINT": replay.endpoint,
                "SENTIMENT_STORE_URL": url,
                "SENTIMENT_QUEUE_URL": "",
            }
        ).items():
            monkeypatch.setenv(name, value)
        assert sentiment("stream", "watch", "noChannel__", "noThreads__").code == 0
        for _ in range(2):  # at the second none is due
            with pytest.raises(YouTubeUnavailableError, match="None of 2 watched videos"):
                poll({}, _Context())
        with closing(open_store(url)) as store:
            assert all(watch.polled_at for watch in store.watches())
        assert sentiment("stream", "watch", VIDEO).code == 0
        assert poll({}, _Context())["sent"] == 45  # now one of three can be
        with closing(open_store(url)) as store:
            for watch in store.watches():
                store.update_watch(watch.video_id, due_at=datetime.now(UTC), problem=QUOTA_SPENT)
        # It waits for the quota, and there is an alarm of its own for that.
        monkeypatch.setenv("SENTIMENT_QUOTA_UNITS", "1")
        assert poll({}, _Context())["polls"] == 0


def test_a_scheduled_call_whose_quota_ends_during_its_polls_ends_well_and_so_do_the_next(
    sentiment: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ReplayServer() as replay:
        for name, value in clean_environment(
            {
                "SENTIMENT_YOUTUBE_ENDPOINT": replay.endpoint,
                "SENTIMENT_STORE_URL": f"sqlite:///{tmp_path / 'store.db'}",
                "SENTIMENT_QUEUE_URL": "",
                "SENTIMENT_QUOTA_UNITS": "4",
            }
        ).items():
            monkeypatch.setenv(name, value)
        assert sentiment("stream", "watch", "size0002000").code == 0
        assert [poll({}, _Context())["polls"] for _ in "ab"] == [1, 0]
