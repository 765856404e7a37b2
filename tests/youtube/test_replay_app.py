"""The replay's answers over HTTP, beside real ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sentiment.youtube.pages import plain_text
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import REFUSED_KEY, ReplayOptions


@pytest.fixture(scope="module")
def api() -> Iterator[httpx.Client]:
    with (
        ReplayServer() as server,
        httpx.Client(base_url=f"{server.endpoint}/youtube/v3", trust_env=False) as client,
    ):
        yield client


def ask(api: httpx.Client, path: str, **parameters: Any) -> Any:
    answer = api.get(path, params={"part": "snippet,replies", **parameters})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


def threads(api: httpx.Client, video_id: str, **parameters: Any) -> Any:
    return ask(api, "/commentThreads", videoId=video_id, **parameters)


def all_pages(api: httpx.Client, path: str, **parameters: Any) -> list[Any]:
    pages = [ask(api, path, **parameters)]
    while token := pages[-1].get("nextPageToken"):
        pages.append(ask(api, path, **parameters, pageToken=token))
    return pages


def shapes_of(value: Any, path: str = "") -> set[tuple[str, str]]:
    """Every path in a document with the type that stands there."""
    if isinstance(value, dict):
        return {(path, "object")}.union(
            *(shapes_of(inner, f"{path}.{name}") for name, inner in value.items())
        )
    if isinstance(value, list):
        return {(path, "list")}.union(*(shapes_of(inner, f"{path}[]") for inner in value))
    return {(path, type(value).__name__)}


def fixture(shared_dir: Path, name: str) -> Any:
    return json.loads((shared_dir / "fixtures" / "youtube_api" / name).read_text("utf-8"))


def test_thread_pages_have_the_shape_of_real_ones(shared_dir: Path, api: httpx.Client) -> None:
    real = shapes_of(fixture(shared_dir, "threads_100_with_replies.json"))
    ours = shapes_of(threads(api, "size0001000", maxResults=100, textFormat="html"))
    assert ours == real


def test_reply_pages_have_the_shape_of_real_ones(shared_dir: Path, api: httpx.Client) -> None:
    real = shapes_of(fixture(shared_dir, "replies_paged_1.json"))
    ours = shapes_of(ask(api, "/comments", parentId=busy_thread(api)["id"], maxResults=2))
    assert ours == real


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("error_403_commentsDisabled.json", {"videoId": "noComments_"}),
        ("error_403_quotaExceeded.json", {"videoId": "overQuota__"}),
        ("error_404_videoNotFound.json", {"videoId": "missingVid_"}),
        ("error_400_keyInvalid.json", {"videoId": "size0000010", "key": REFUSED_KEY}),
    ],
)
def test_refusals_equal_real_ones(
    shared_dir: Path, api: httpx.Client, name: str, parameters: dict[str, str]
) -> None:
    answer = api.get("/commentThreads", params={"part": "snippet", **parameters})
    assert answer.status_code == int(name.split("_")[1])
    assert answer.json() == fixture(shared_dir, name)


def test_pages_fall_short_of_what_was_asked_and_go_on(api: httpx.Client) -> None:
    pages = all_pages(api, "/commentThreads", videoId="size0002000", maxResults=100)
    sizes = [len(page["items"]) for page in pages]
    assert min(sizes[:-1]) < 100
    assert max(sizes) <= 100
    assert [page["pageInfo"]["totalResults"] for page in pages] == sizes
    assert {page["pageInfo"]["resultsPerPage"] for page in pages} == {100}
    assert "nextPageToken" not in pages[-1]


def test_pages_hold_every_comment_once(api: httpx.Client) -> None:
    pages = all_pages(api, "/commentThreads", videoId="size0000500", maxResults=50)
    items = [item for page in pages for item in page["items"]]
    assert len({item["id"] for item in items}) == len(items)
    assert len(items) + sum(item["snippet"]["totalReplyCount"] for item in items) == 500


def test_orders_hold_the_same_threads_differently(api: httpx.Client) -> None:
    by_order = {
        order: [
            item["id"]
            for page in all_pages(
                api, "/commentThreads", videoId="size0000500", maxResults=100, order=order
            )
            for item in page["items"]
        ]
        for order in ("time", "relevance")
    }
    assert by_order["time"] != by_order["relevance"]
    assert sorted(by_order["time"]) == sorted(by_order["relevance"])


def test_threads_embed_five_replies_at_most_and_count_all(api: httpx.Client) -> None:
    items = threads(api, "size0001000", maxResults=100)["items"]
    embedded = [len(item["replies"]["comments"]) for item in items if "replies" in item]
    counted = [item["snippet"]["totalReplyCount"] for item in items]
    assert max(embedded) == 5
    assert max(counted) > 5
    assert [("replies" in item) for item in items] == [count > 0 for count in counted]
    for item in items:
        for reply in item.get("replies", {}).get("comments", []):
            assert reply["id"].startswith(f"{item['id']}.")
            assert reply["snippet"]["parentId"] == item["id"]


def test_replies_stand_only_where_part_asks(api: httpx.Client) -> None:
    items = threads(api, "size0001000", part="snippet", maxResults=100)["items"]
    assert not any("replies" in item for item in items)


def test_comments_give_all_replies_of_a_thread(api: httpx.Client) -> None:
    thread = busy_thread(api)
    pages = all_pages(api, "/comments", parentId=thread["id"], part="snippet", maxResults=3)
    replies = [item for page in pages for item in page["items"]]
    assert len(replies) == thread["snippet"]["totalReplyCount"]
    assert len({reply["id"] for reply in replies}) == len(replies)
    embedded = [reply["id"] for reply in thread["replies"]["comments"]]
    assert [reply["id"] for reply in replies][: len(embedded)] == embedded


def test_text_format_html_escapes_and_original_does_not(api: httpx.Client) -> None:
    page = threads(api, "size0002000", maxResults=100)
    snippets = [item["snippet"]["topLevelComment"]["snippet"] for item in page["items"]]
    assert any("&#39;" in snippet["textDisplay"] for snippet in snippets)
    assert any("<a href=" in snippet["textDisplay"] for snippet in snippets)
    assert any("<br>" in snippet["textDisplay"] for snippet in snippets)
    for snippet in snippets:
        assert plain_text(snippet["textDisplay"]) == snippet["textOriginal"]


def test_text_format_plain_text_is_plain(api: httpx.Client) -> None:
    page = threads(api, "size0000500", maxResults=100, textFormat="plainText")
    for item in page["items"]:
        snippet = item["snippet"]["topLevelComment"]["snippet"]
        assert snippet["textDisplay"] == snippet["textOriginal"]


def test_author_channel_is_sometimes_absent(api: httpx.Client) -> None:
    pages = all_pages(api, "/commentThreads", videoId="size0002000", maxResults=100)
    snippets = [i["snippet"]["topLevelComment"]["snippet"] for p in pages for i in p["items"]]
    absent = [snippet for snippet in snippets if "authorChannelId" not in snippet]
    assert 0 < len(absent) < len(snippets) / 10


def test_videos_tell_title_and_count(api: httpx.Client) -> None:
    answer = ask(
        api, "/videos", id="size0000500,missingVid_,noComments_", part="snippet,statistics"
    )
    assert [item["id"] for item in answer["items"]] == ["size0000500", "noComments_"]
    video, silent = answer["items"]
    assert "commentCount" not in silent["statistics"]
    assert video["statistics"]["commentCount"] == "500"
    assert video["snippet"]["title"] == "Made-up video size0000500"


@pytest.mark.parametrize(
    ("path", "parameters", "reason"),
    [
        ("/commentThreads", {"videoId": "size0000010"}, "missingRequiredParameter"),
        ("/commentThreads", {"part": "snippet"}, "missingRequiredParameter"),
        ("/commentThreads", {"part": "snippet", "videoId": "tooShort"}, "videoNotFound"),
        ("/comments", {"part": "snippet", "parentId": "unknown"}, "commentNotFound"),
        ("/videos", {"part": "snippet"}, "missingRequiredParameter"),
        *[
            ("/commentThreads", {"part": "snippet", "videoId": "size0000500", **odd}, reason)
            for odd, reason in [
                ({"pageToken": "nonsense"}, "invalidPageToken"),
                ({"pageToken": "éé"}, "invalidPageToken"),
                ({"maxResults": "0"}, "invalidParameter"),
                ({"maxResults": "101"}, "invalidParameter"),
                ({"maxResults": "9" * 5_000}, "invalidParameter"),
                ({"maxResults": "²"}, "invalidParameter"),
                ({"textFormat": "pdf"}, "invalidParameter"),
                ({"order": "random"}, "invalidParameter"),
            ]
        ],
    ],
)
def test_wrong_requests_are_refused(
    api: httpx.Client, path: str, parameters: dict[str, str], reason: str
) -> None:
    answer = api.get(path, params=parameters)
    assert answer.status_code in {400, 404}
    assert answer.json()["error"]["errors"][0]["reason"] == reason
    assert answer.json()["error"]["code"] == answer.status_code


def test_page_tokens_belong_to_their_video(api: httpx.Client) -> None:
    token = threads(api, "size0000500")["nextPageToken"]
    parameters = {"part": "snippet", "videoId": "size0000501", "pageToken": token}
    assert api.get("/commentThreads", params=parameters).status_code == 400


def test_quota_is_spent_by_refused_requests_too() -> None:
    with (
        ReplayServer(ReplayOptions(quota_units=2)) as server,
        httpx.Client(base_url=f"{server.endpoint}/youtube/v3", trust_env=False) as client,
    ):
        statuses = [
            client.get("/commentThreads", params={"part": "snippet", "videoId": id_}).status_code
            for id_ in ("missingVid_", "size0000010", "size0000010")
        ]
        assert (server.requests, server.units_spent) == (3, 2)
    assert statuses == [404, 200, 403]


def test_fault_rate_is_kept() -> None:
    with (
        ReplayServer(ReplayOptions(fault_rate=0.3, seed=1)) as server,
        httpx.Client(base_url=f"{server.endpoint}/youtube/v3", trust_env=False) as client,
    ):
        parameters = {"part": "snippet", "videoId": "size0000010"}
        statuses = [
            client.get("/commentThreads", params=parameters).status_code for _ in range(100)
        ]
    assert set(statuses) == {200, 503}
    assert 15 <= statuses.count(503) <= 45


def busy_thread(api: httpx.Client) -> Any:
    items = threads(api, "size0001000", maxResults=100)["items"]
    return max(items, key=lambda item: item["snippet"]["totalReplyCount"])
