from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.youtube.pages import UNKNOWN_TIME, plain_text, read_comment, read_thread_page
from tests.youtube.scripted import thread

VIDEO = "dQw4w9WgXcQ"
ODD_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [
                "items", "id", "snippet", "topLevelComment", "replies", "comments", "likeCount",
                "publishedAt", "textOriginal", "textDisplay", "totalReplyCount", "nextPageToken",
            ]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


def test_read_thread_page_keeps_text_likes_time_and_parent() -> None:
    resource = thread(
        "Ugx1", "It's good", likeCount=3, publishedAt="2026-01-02T03:04:05.250Z", authorChannelId={}
    )
    reply = {"id": "Ugx1.r", "snippet": {"textOriginal": "yes", "parentId": "Ugx1"}}
    resource["replies"] = {"comments": [reply]}
    page = read_thread_page({"items": [resource]}, video_id=VIDEO)

    top, answer = page.comments
    assert (top.id, top.video_id, top.text, top.like_count) == ("Ugx1", VIDEO, "It's good", 3)
    assert top.published_at == datetime(2026, 1, 2, 3, 4, 5, 250_000, tzinfo=UTC)
    assert top.parent_id is None
    assert (answer.id, answer.parent_id) == ("Ugx1.r", "Ugx1")
    assert page.next_page_token is None


def test_read_thread_page_counts_replies_that_are_not_embedded() -> None:
    resource = thread("Ugx1")
    resource["snippet"]["totalReplyCount"] = 7
    resource["replies"] = {"comments": [{"id": f"Ugx1.{i}"} for i in range(5)]}
    assert read_thread_page({"items": [resource]}, video_id=VIDEO).replies_left_out == 2


def test_read_thread_page_gives_an_id_once() -> None:
    page = read_thread_page({"items": [thread("a"), thread("b"), thread("a")]}, video_id=VIDEO)
    assert [comment.id for comment in page.comments] == ["a", "b"]


def test_read_comment_falls_back_to_the_display_text() -> None:
    display = 'I&#39;m <b>sad</b> &lt;3 &amp;amp;<br>see <a href="http://x.y/">x.y</a>'
    comment = read_comment({"id": "a", "snippet": {"textDisplay": display}}, video_id=VIDEO)
    assert comment is not None
    assert comment.text == "I'm sad <3 &amp;\nsee x.y"


def test_read_comment_prefers_the_original_text() -> None:
    snippet = {"textOriginal": "a <b> &amp;", "textDisplay": "other"}
    comment = read_comment({"id": "a", "snippet": snippet}, video_id=VIDEO)
    assert comment is not None
    assert comment.text == "a <b> &amp;"


def test_read_comment_replaces_lone_surrogates() -> None:
    snippet = {"textOriginal": "ok \ud83d fine 😀"}
    comment = read_comment({"id": "a", "snippet": snippet}, video_id=VIDEO)
    assert comment is not None
    assert comment.text == "ok \ufffd fine 😀"


@pytest.mark.parametrize("snippet", [{}, {"likeCount": None, "publishedAt": 5}, None, "text"])
def test_read_comment_survives_missing_fields(snippet: Any) -> None:
    comment = read_comment({"id": "a", "snippet": snippet}, video_id=VIDEO)
    assert comment is not None
    assert (comment.text, comment.like_count, comment.published_at) == ("", 0, UNKNOWN_TIME)


def test_read_comment_without_id_is_none() -> None:
    assert read_comment({"snippet": {"textOriginal": "a"}}, video_id=VIDEO) is None


@given(st.dictionaries(st.sampled_from(["items", "nextPageToken"]), ODD_JSON))
def test_read_thread_page_never_raises(answer: dict[str, object]) -> None:
    page = read_thread_page(answer, video_id=VIDEO)
    assert all(comment.id for comment in page.comments)


def test_plain_text_equals_the_original_of_real_comments(shared_dir: Path) -> None:
    """YouTube's own pairs: `textDisplay` read back must say what `textOriginal` says."""
    snippets = [
        item["snippet"]["topLevelComment"]["snippet"]
        for item in _fixture(shared_dir, "threads_100_with_replies.json")["items"]
    ]
    pairs = [(s["textDisplay"], s["textOriginal"]) for s in snippets]
    # *bold* becomes <b>bold</b>, which no reader can tell from a typed <b>.
    equal = [plain_text(display) == original.replace("\r", "") for display, original in pairs]
    assert sum(equal) >= 0.9 * len(equal)


@pytest.mark.parametrize(
    "name",
    [
        "threads_20.json",
        "threads_98_of_100.json",
        "threads_100_with_replies.json",
        "threads_paged_1.json",
        "threads_paged_2_last.json",
    ],
)
def test_read_thread_page_reads_every_comment_of_real_answers(shared_dir: Path, name: str) -> None:
    answer = _fixture(shared_dir, name)
    page = read_thread_page(answer, video_id=VIDEO)

    embedded = sum(len(i.get("replies", {}).get("comments", [])) for i in answer["items"])
    assert len(page.comments) == len(answer["items"]) + embedded
    originals = [
        item["snippet"]["topLevelComment"]["snippet"]["textOriginal"] for item in answer["items"]
    ]
    assert [c.text for c in page.comments if c.parent_id is None] == originals
    assert all(comment.published_at > UNKNOWN_TIME for comment in page.comments)
    assert page.next_page_token == answer.get("nextPageToken")


def test_read_thread_page_keeps_nothing_of_the_author(shared_dir: Path) -> None:
    answer = _fixture(shared_dir, "threads_100_with_replies.json")
    authors = {
        value
        for item in answer["items"]
        for name, value in item["snippet"]["topLevelComment"]["snippet"].items()
        if name.startswith("author") and isinstance(value, str)
    }
    authors |= {
        item["snippet"]["topLevelComment"]["snippet"]["authorChannelId"]["value"]
        for item in answer["items"]
    }
    kept = repr(read_thread_page(answer, video_id=VIDEO))
    assert len(authors) > 100
    assert not [author for author in authors if author in kept]


def _fixture(shared_dir: Path, name: str) -> Any:
    path = shared_dir / "fixtures" / "youtube_api" / name
    return json.loads(path.read_text(encoding="utf-8"))
