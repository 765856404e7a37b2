from __future__ import annotations

import functools
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from sentiment import errors
from sentiment.youtube.client import YouTubeClient
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from sentiment.youtube.replay_cases import FAULTS
from tests.youtube.fetching import FetchResult, fetch_comments
from tests.youtube.scripted import Answer, as_json, page, refusal, scripted, thread

VIDEO = "dQw4w9WgXcQ"
SERVER_FAULT = refusal(503, "backendError")


def client_of(endpoint: str, key: str | None = None) -> YouTubeClient:
    secret = None if key is None else SecretStr(key)
    return YouTubeClient(secret, endpoint=endpoint, backoff_s=0.001, timeout_s=5)


def ids(result: FetchResult) -> list[str]:
    return [comment.id for comment in result.comments]


def test_fetch_comments_reads_a_whole_video() -> None:
    with ReplayServer() as server:
        result = fetch_comments(client_of(server.endpoint), "size0000300", max_comments=1_000)
    assert result.complete
    assert result.interruption is None
    assert (len(result.comments), result.replies_left_out) == (300, 0)
    assert len(set(ids(result))) == len(result.comments)
    assert result.units_spent == server.requests
    assert {comment.video_id for comment in result.comments} == {"size0000300"}
    tops = [comment for comment in result.comments if comment.parent_id is None]
    assert [c.published_at for c in tops] == sorted((c.published_at for c in tops), reverse=True)
    replies = [comment for comment in result.comments if comment.parent_id is not None]
    assert replies
    assert all(reply.id.startswith(f"{reply.parent_id}.") for reply in replies)


def test_fetch_comments_takes_an_address() -> None:
    with ReplayServer() as server:
        client = client_of(server.endpoint)
        by_address = fetch_comments(client, "https://youtu.be/size0000045?si=abc")
        assert ids(by_address) == ids(fetch_comments(client, "size0000045"))


def test_fetch_comments_asks_as_documented() -> None:
    with scripted([page(thread("a"))]) as server:
        fetch_comments(client_of(server.endpoint), VIDEO)
    (seen,) = server.seen
    assert seen.path == "/youtube/v3/commentThreads"
    assert seen.query == {
        "part": "snippet,replies",
        "videoId": VIDEO,
        "maxResults": "100",
        "order": "time",
        "textFormat": "plainText",
        "alt": "json",
    }


def test_fetch_comments_refuses_a_wrong_id_without_a_request() -> None:
    with scripted([page()]) as server, pytest.raises(errors.InvalidVideoIdError):
        fetch_comments(client_of(server.endpoint), "nonsense")
    assert server.seen == []


def test_fetch_comments_of_an_empty_video_is_empty_and_complete() -> None:
    with ReplayServer() as server:
        result = fetch_comments(client_of(server.endpoint), "emptyVideo_")
    assert result == FetchResult(comments=[], units_spent=1, complete=True)


def test_fetch_comments_does_not_trust_the_page_size() -> None:
    with ReplayServer(ReplayOptions(page_limit=7)) as server:
        result = fetch_comments(client_of(server.endpoint), "size0000100", max_comments=1_000)
    assert result.complete
    assert len(result.comments) == 100
    assert result.units_spent > 5


def test_fetch_comments_gives_an_id_once_across_pages() -> None:
    answers = [page(thread("a"), thread("b"), token="t1"), page(thread("b"), thread("c"))]
    with scripted(answers) as server:
        result = fetch_comments(client_of(server.endpoint), VIDEO)
    assert ids(result) == ["a", "b", "c"]
    assert [seen.query.get("pageToken") for seen in server.seen] == [None, "t1"]


def test_fetch_comments_goes_on_after_an_empty_page() -> None:
    with scripted([page(token="t1"), page(thread("a"))]) as server:
        assert ids(fetch_comments(client_of(server.endpoint), VIDEO)) == ["a"]


def test_fetch_comments_ends_when_a_token_comes_back() -> None:
    with scripted([page(thread("a"), token="again")]) as server:
        result = fetch_comments(client_of(server.endpoint), VIDEO, max_comments=50)
    assert len(server.seen) == 2
    assert not result.complete


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("commentsDisabled", errors.CommentsDisabledError),
        ("forbidden", errors.VideoForbiddenError),
        ("videoNotFound", errors.VideoNotFoundError),
        ("commentThreadNotFound", errors.CommentThreadNotFoundError),
        ("channelNotFound", errors.ChannelNotFoundError),
        ("quotaExceeded", errors.QuotaExceededError),
        ("rateLimitExceeded", errors.YouTubeRateLimitError),
        ("processingFailure", errors.YouTubeProcessingError),
        ("backendError", errors.YouTubeUnavailableError),
    ],
)
def test_fetch_comments_raises_each_reason_as_its_class(
    reason: str, wanted: type[errors.YouTubeError]
) -> None:
    (video_id,) = [id_ for id_, fault in FAULTS.items() if fault == reason]
    with ReplayServer() as server:
        with pytest.raises(errors.YouTubeError) as caught:
            fetch_comments(client_of(server.endpoint), video_id)
        retried = reason in {"rateLimitExceeded", "backendError"}
        assert server.requests == (5 if retried else 1)
    assert type(caught.value) is wanted
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "fault", [SERVER_FAULT, refusal(403, "rateLimitExceeded"), Answer(b"", status=500)]
)
def test_fetch_comments_asks_again_after_a_passing_fault(fault: Answer) -> None:
    with scripted([fault, fault, page(thread("a"))]) as server:
        result = fetch_comments(client_of(server.endpoint), VIDEO)
    assert ids(result) == ["a"]
    assert result.units_spent == len(server.seen) == 3


def test_fetch_comments_survives_many_faults() -> None:
    with ReplayServer(ReplayOptions(fault_rate=0.2, seed=3)) as server:
        result = fetch_comments(client_of(server.endpoint), "size0000900", max_comments=2_000)
    assert result.complete
    assert len(result.comments) == 900
    assert result.units_spent == server.requests


def test_fetch_comments_keeps_what_it_has_when_a_later_page_fails() -> None:
    with ReplayServer(ReplayOptions(quota_units=2)) as server:
        result = fetch_comments(client_of(server.endpoint), "size0100000", max_comments=5_000)
    assert len(result.comments) > 100
    assert not result.complete
    assert type(result.interruption) is errors.QuotaExceededError


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>hello</html>"),
        Answer(b"\xff\xfe\xfa"),
        Answer(b"[" * 50_000),
        as_json(["a"]),
        as_json(None),
    ],
)
def test_fetch_comments_says_that_an_answer_is_no_answer(answer: Answer) -> None:
    with (
        scripted([answer]) as server,
        pytest.raises(errors.YouTubeUnavailableError, match="can't be read"),
    ):
        fetch_comments(client_of(server.endpoint), VIDEO)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "body", [b'{"error": "no"}', b'{"error": {"message": []}}', b'["x"]', b"[]", b"\xff"]
)
@pytest.mark.parametrize("status", [204, 301, 400, 403, 404])
def test_fetch_comments_survives_odd_error_bodies(body: bytes, status: int) -> None:
    location = {"Location": "http://127.0.0.1:9/elsewhere"}
    with (
        scripted([Answer(b"" if status == 204 else body, status, location)]) as server,
        pytest.raises(errors.YouTubeUnavailableError, match=f"status {status}"),
    ):
        fetch_comments(client_of(server.endpoint), VIDEO)
    assert len(server.seen) == 1


def test_fetch_comments_says_that_nobody_answers() -> None:
    with scripted([page()]) as server:
        endpoint = server.endpoint
    with pytest.raises(errors.YouTubeUnavailableError, match="could not be reached") as caught:
        fetch_comments(client_of(endpoint), VIDEO)
    assert caught.value.__context__ is None


def test_fetch_comments_works_from_several_threads() -> None:
    video_ids = [f"size000{size:04d}" for size in (90, 180, 270, 360)] * 2
    with ReplayServer() as server:
        client = client_of(server.endpoint)
        alone = [fetch_comments(client, video_id) for video_id in video_ids]
        with ThreadPoolExecutor(max_workers=4) as pool:
            together = list(pool.map(functools.partial(fetch_comments, client), video_ids))
    assert [ids(result) for result in together] == [ids(result) for result in alone]
    assert all(result.comments for result in together)


@pytest.mark.parametrize("endpoint", ["", "127.0.0.1:9000", "ftp://a.b", "http://", "http://[::1"])
def test_client_refuses_an_endpoint_that_is_no_address(endpoint: str) -> None:
    with pytest.raises(errors.ConfigError, match="Wanted an http address"):
        YouTubeClient(None, endpoint=endpoint)


def test_fetch_comments_follows_real_pages(shared_dir: Path) -> None:
    folder = shared_dir / "fixtures" / "youtube_api"
    names = ["threads_100_with_replies", "threads_98_of_100", "threads_20", "threads_paged_2_last"]
    documents = [json.loads((folder / f"{name}.json").read_text("utf-8")) for name in names]
    answers = [as_json(document) for document in documents]
    with scripted(answers, replies=as_json({"items": []})) as server:
        result = fetch_comments(client_of(server.endpoint), VIDEO, max_comments=1_000)
    wanted = [item["id"] for document in documents for item in document["items"]]
    tops = [comment.id for comment in result.comments if comment.parent_id is None]
    assert tops == list(dict.fromkeys(wanted))
    assert result.complete
    assert [seen.query.get("pageToken") for seen in server.seen] == [
        None,
        *[document["nextPageToken"] for document in documents[:-1]],
    ]
