"""Comments that arrive, change and go while the stand-in runs, through its own paths."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from sentiment.comments import Comment
from sentiment.youtube.client import YouTubeClient
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.youtube.fetching import fetch_comments

VIDEO = "size0000300"


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as server:
        yield server


def control(server: ReplayServer, method: str, path: str, **parameters: str) -> httpx.Response:
    with httpx.Client(base_url=server.endpoint, trust_env=False) as client:
        return client.request(method, f"/replay/{path}", params=parameters)


def fetched(server: ReplayServer) -> dict[str, Comment]:
    client = YouTubeClient(None, endpoint=server.endpoint)
    result = fetch_comments(client, VIDEO, max_comments=10_000)
    assert result.complete
    assert client.video_info(VIDEO).comment_count == len(result.comments)
    return {comment.id: comment for comment in result.comments}


def test_arrivals_stand_first_and_change_no_other(server: ReplayServer) -> None:
    before = fetched(server)
    assert control(server, "POST", f"videos/{VIDEO}/grow", n="5").json() == {"commentCount": 305}
    first = fetched(server)
    control(server, "POST", f"videos/{VIDEO}/grow", n="2")
    second = fetched(server)
    assert list(second)[2:] == list(first)
    assert list(first)[5:] == list(before)
    assert all(second[id_] == comment for id_, comment in before.items())
    newest = [comment.published_at for comment in list(second.values())[:8]]
    assert newest == sorted(newest, reverse=True)


def test_replies_that_arrive_stand_first_in_their_thread(server: ReplayServer) -> None:
    before = fetched(server)
    quiet = next(c.id for c in before.values() if not c.parent_id)
    busy = next(c.parent_id for c in before.values() if c.parent_id)
    for parent_id in (quiet, busy):
        path = f"comments/{parent_id}/grow"
        assert control(server, "POST", path, n="7").status_code == 204
    after = fetched(server)
    fresh = [comment for id_, comment in after.items() if id_ not in before]
    assert [comment.parent_id for comment in fresh] == [quiet] * 7 + [busy] * 7
    assert all(after[id_] == comment for id_, comment in before.items())
    moments = [c.published_at for c in after.values() if c.parent_id == busy]
    assert moments == sorted(moments, reverse=True)
    assert fresh[-1].published_at > after[busy].published_at


def test_an_edit_changes_one_text(server: ReplayServer) -> None:
    before = fetched(server)
    edited = [next(iter(before)), next(id_ for id_ in before if "." in id_)]
    for comment_id in edited:
        assert control(server, "POST", f"comments/{comment_id}", text="new").status_code == 204
    after = fetched(server)
    assert [id_ for id_, comment in after.items() if comment != before[id_]] == edited
    assert {after[id_].text for id_ in edited} == {"new"}


def test_a_deleted_reply_is_gone(server: ReplayServer) -> None:
    before = fetched(server)
    reply_id = next(id_ for id_ in before if "." in id_)
    assert control(server, "DELETE", f"comments/{reply_id}").status_code == 204
    assert before.keys() - fetched(server).keys() == {reply_id}


def test_a_deleted_thread_is_gone_with_its_replies(server: ReplayServer) -> None:
    before = fetched(server)
    parent_id = next(comment.parent_id for comment in before.values() if comment.parent_id)
    assert control(server, "DELETE", f"comments/{parent_id}").status_code == 204
    gone = before.keys() - fetched(server).keys()
    assert gone == {id_ for id_ in before if id_.split(".")[0] == parent_id}
    assert len(gone) > 1
    with httpx.Client(base_url=server.endpoint, trust_env=False) as client:
        parameters = {"part": "snippet", "parentId": parent_id}
        assert client.get("/youtube/v3/comments", params=parameters).status_code == 404


def test_controls_cost_nothing(server: ReplayServer) -> None:
    control(server, "POST", f"videos/{VIDEO}/grow")
    assert (server.requests, server.units_spent) == (0, 0)
    assert server.changes.video(VIDEO).comment_count == 301


@pytest.mark.parametrize(
    ("method", "path", "parameters", "status"),
    [
        ("POST", "videos/short/grow", {}, 404),
        ("POST", f"videos/{VIDEO}/grow", {"n": "-1"}, 400),
        ("POST", f"videos/{VIDEO}/grow", {"n": "9" * 5_000}, 400),
        ("POST", "comments/unknown/grow", {}, 404),
        ("POST", "comments/unknown/grow", {"n": "x"}, 400),
        ("POST", "comments/unknown", {"text": "new"}, 404),
        ("POST", "comments/unknown", {}, 400),
        ("DELETE", "comments/unknown", {}, 404),
        ("DELETE", "comments/unknown.reply", {}, 404),
    ],
)
def test_wrong_controls_are_refused(
    server: ReplayServer, method: str, path: str, parameters: dict[str, str], status: int
) -> None:
    assert control(server, method, path, **parameters).status_code == status


def test_a_comment_is_deleted_once(server: ReplayServer) -> None:
    comment_id = next(iter(fetched(server)))
    answers = [control(server, "DELETE", f"comments/{comment_id}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 404]


def test_the_live_video_grows_by_itself() -> None:
    with ReplayServer(ReplayOptions(live_per_minute=60_000)) as server:
        client = YouTubeClient(None, endpoint=server.endpoint)
        first = client.video_info("liveStream_").comment_count or 0
        second = client.video_info("liveStream_").comment_count or 0
    assert 300 <= first < second
