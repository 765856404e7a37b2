from __future__ import annotations

from typing import Any

import pytest

from sentiment import errors
from sentiment.youtube.client import VideoInfo, YouTubeClient
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.youtube.scripted import as_json, refusal, scripted

VIDEO = "dQw4w9WgXcQ"


def client_of(endpoint: str) -> YouTubeClient:
    return YouTubeClient(None, endpoint=endpoint, backoff_s=0.001, timeout_s=5)


def test_video_info_tells_title_and_count_for_one_unit() -> None:
    spent: list[int] = []
    with ReplayServer() as server:
        info = client_of(server.endpoint).video_info(
            "https://youtu.be/size0001000", spend=spent.append
        )
        assert server.requests == 1
    assert info == VideoInfo("size0001000", "Made-up video size0001000", 1_000, is_live=False)
    assert spent == [1]


def test_video_info_tells_a_live_video() -> None:
    with ReplayServer() as server:
        assert client_of(server.endpoint).video_info("liveStream_").is_live


def test_video_info_of_a_video_without_comments_counts_none() -> None:
    with ReplayServer() as server:
        assert client_of(server.endpoint).video_info("emptyVideo_").comment_count == 0
        assert client_of(server.endpoint).video_info("noComments_").comment_count is None


@pytest.mark.parametrize("video_id", ["missingVid_", "privateVid_"])
def test_video_info_of_a_video_that_is_not_listed_is_an_error(video_id: str) -> None:
    with ReplayServer() as server, pytest.raises(errors.VideoNotFoundError, match=video_id):
        client_of(server.endpoint).video_info(video_id)


def test_video_info_asks_again_after_a_fault_and_pays_for_it() -> None:
    spent: list[int] = []
    item = {"id": VIDEO, "snippet": {"title": "A &amp; B"}}
    with scripted([refusal(503, "backendError"), as_json({"items": [item]})]) as server:
        info = client_of(server.endpoint).video_info(VIDEO, spend=spent.append)
    assert (len(server.seen), spent) == (2, [1, 1])
    assert server.seen[1].query == {"part": "snippet,statistics", "id": VIDEO, "alt": "json"}
    assert info == VideoInfo(VIDEO, "A &amp; B", None, is_live=False)


def test_video_info_gives_up_on_a_server_that_is_down() -> None:
    with (
        ReplayServer(ReplayOptions(fault_rate=1)) as server,
        pytest.raises(errors.YouTubeUnavailableError),
    ):
        client_of(server.endpoint).video_info(VIDEO)


def test_video_info_raises_what_the_account_raises() -> None:
    def refuse(_units: int) -> None:
        raise errors.QuotaExceededError("Empty.")

    with ReplayServer() as server:
        with pytest.raises(errors.QuotaExceededError, match="Empty"):
            client_of(server.endpoint).video_info(VIDEO, spend=refuse)
        assert server.requests == 0


@pytest.mark.parametrize(
    "items", [None, "x", [], [3], [{"id": "other"}], [{"id": [VIDEO]}], {"id": VIDEO}]
)
def test_video_info_survives_odd_answers(items: Any) -> None:
    with (
        scripted([as_json({"items": items})]) as server,
        pytest.raises(errors.VideoNotFoundError),
    ):
        client_of(server.endpoint).video_info(VIDEO)
