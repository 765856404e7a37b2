from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentiment.comments import Comment
from sentiment.youtube.pages import (
    UNKNOWN_TIME,
    Thread,
    Version,
    merge_versions,
    plain_text,
    read_replies,
    read_threads,
    read_version,
)
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


def threads_of(answer: dict[str, object]) -> list[Thread]:
    read = read_threads(answer, video_id=VIDEO)
    assert read is not None
    return read[0]


def version(text: str, minute: int, id_: str = "a") -> Version:
    moment = datetime(2026, 1, 1, 12, minute, tzinfo=UTC)
    return Version(Comment(id_, VIDEO, text, 0, moment), moment)


def test_read_threads_keeps_text_likes_time_and_parent() -> None:
    resource = thread(
        "Ugx1", "It's good", likeCount=3, publishedAt="2026-01-02T03:04:05.250Z", authorChannelId={}
    )
    reply = {"id": "Ugx1.r", "snippet": {"textOriginal": "yes", "parentId": "Ugx1"}}
    resource["replies"] = {"comments": [reply]}
    (found,) = threads_of({"items": [resource]})

    top, answer = found.top.comment, found.embedded[0].comment
    assert (top.id, top.video_id, top.text, top.like_count) == ("Ugx1", VIDEO, "It's good", 3)
    assert top.published_at == datetime(2026, 1, 2, 3, 4, 5, 250_000, tzinfo=UTC)
    assert top.parent_id is None
    assert (answer.id, answer.parent_id) == ("Ugx1.r", "Ugx1")


def test_read_threads_counts_replies_that_are_not_embedded() -> None:
    resource = thread("Ugx1")
    resource["snippet"]["totalReplyCount"] = 7
    resource["replies"] = {"comments": [{"id": f"Ugx1.{i}"} for i in range(5)]}
    (found,) = threads_of({"items": [resource]})
    assert (found.reply_count, len(found.embedded)) == (7, 5)


def test_read_threads_counts_no_fewer_replies_than_it_reads() -> None:
    resource = thread("Ugx1")
    resource["replies"] = {"comments": [{"id": "Ugx1.a"}]}
    (found,) = threads_of({"items": [resource]})
    assert found.reply_count == 1


@pytest.mark.parametrize("answer", [{}, {"items": None}, {"items": "x"}, {"kind": 3}])
def test_an_answer_without_items_is_no_list(answer: dict[str, object]) -> None:
    assert read_threads(answer, video_id=VIDEO) is None
    assert read_replies(answer, video_id=VIDEO, parent_id="Ugx1") is None


@pytest.mark.parametrize("answer", [{"items": []}, {"kind": "youtube#commentListResponse"}])
def test_an_empty_list_is_a_list(answer: dict[str, object]) -> None:
    assert read_threads(answer, video_id=VIDEO) == ([], None)
    assert read_replies(answer, video_id=VIDEO, parent_id="Ugx1") == ([], None)


def test_read_version_tells_when_a_comment_was_edited() -> None:
    snippet = {"publishedAt": "2026-01-02T03:04:05Z", "updatedAt": "2026-01-02T04:00:00Z"}
    read = read_version({"id": "a", "snippet": snippet}, video_id=VIDEO)
    assert read is not None
    assert read.comment.published_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert read.updated_at == datetime(2026, 1, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_merge_versions_keeps_the_latest_edit_at_the_first_place(order: tuple[int, int]) -> None:
    versions = [version("first", 1), version("edited", 2)]
    merged = merge_versions([versions[order[0]], version("b", 0, "b"), versions[order[1]]])
    assert [item.comment.text for item in merged] == ["edited", "b"]


def test_merge_versions_of_equal_times_keeps_the_later_read() -> None:
    (merged,) = merge_versions([version("read first", 1), version("read last", 1)])
    assert merged.comment.text == "read last"


def test_read_replies_reads_every_reply_of_real_answers(shared_dir: Path) -> None:
    first = _fixture(shared_dir, "replies_paged_1.json")
    last = _fixture(shared_dir, "replies_paged_2_last.json")
    parent_id = first["items"][0]["snippet"]["parentId"]
    found = [read_replies(page, video_id=VIDEO, parent_id=parent_id) for page in (first, last)]
    assert [read and len(read[0]) for read in found] == [len(first["items"]), len(last["items"])]
    assert [read and read[1] for read in found] == [first["nextPageToken"], None]
    assert {reply.comment.parent_id for read in found if read for reply in read[0]} == {parent_id}


def test_read_version_falls_back_to_the_display_text() -> None:
    display = 'I&#39;m <b>sad</b> &lt;3 &amp;amp;<br>see <a href="http://x.y/">x.y</a>'
    read = read_version({"id": "a", "snippet": {"textDisplay": display}}, video_id=VIDEO)
    assert read is not None
    comment = read.comment
    assert comment.text == "I'm sad <3 &amp;\nsee x.y"


def test_read_version_prefers_the_original_text() -> None:
    snippet = {"textOriginal": "a <b> &amp;", "textDisplay": "other"}
    read = read_version({"id": "a", "snippet": snippet}, video_id=VIDEO)
    assert read is not None
    comment = read.comment
    assert comment.text == "a <b> &amp;"


def test_read_version_replaces_lone_surrogates() -> None:
    snippet = {"textOriginal": "ok \ud83d fine 😀"}
    read = read_version({"id": "a", "snippet": snippet}, video_id=VIDEO)
    assert read is not None
    comment = read.comment
    assert comment.text == "ok \ufffd fine 😀"


@pytest.mark.parametrize("snippet", [{}, {"likeCount": None, "publishedAt": 5}, None, "text"])
def test_read_version_survives_missing_fields(snippet: Any) -> None:
    read = read_version({"id": "a", "snippet": snippet}, video_id=VIDEO)
    assert read is not None
    comment = read.comment
    assert (comment.text, comment.like_count, comment.published_at) == ("", 0, UNKNOWN_TIME)


@pytest.mark.parametrize("likes", [10**30, "9" * 19])
def test_read_version_keeps_likes_that_a_database_holds(likes: Any) -> None:
    read = read_version({"id": "a", "snippet": {"likeCount": likes}}, video_id=VIDEO)
    assert read is not None
    assert read.comment.like_count == 2**63 - 1


def test_read_version_without_id_is_none() -> None:
    assert read_version({"snippet": {"textOriginal": "a"}}, video_id=VIDEO) is None


# The first draw is slow on a busy machine.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["items", "nextPageToken"]), ODD_JSON))
def test_read_threads_never_raises(answer: dict[str, object]) -> None:
    threads, _ = read_threads(answer, video_id=VIDEO) or ([], None)
    assert all(found.top.comment.id for found in threads)


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
def test_read_threads_reads_every_comment_of_real_answers(shared_dir: Path, name: str) -> None:
    answer = _fixture(shared_dir, name)
    threads, token = read_threads(answer, video_id=VIDEO) or ([], None)

    embedded = [len(i.get("replies", {}).get("comments", [])) for i in answer["items"]]
    assert [len(found.embedded) for found in threads] == embedded
    originals = [
        item["snippet"]["topLevelComment"]["snippet"]["textOriginal"] for item in answer["items"]
    ]
    assert [found.top.comment.text for found in threads] == originals
    assert all(found.top.updated_at > UNKNOWN_TIME for found in threads)
    assert token == answer.get("nextPageToken")


def test_read_threads_keeps_nothing_of_the_author(shared_dir: Path) -> None:
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
    kept = repr(read_threads(answer, video_id=VIDEO))
    assert len(authors) > 100
    assert not [author for author in authors if author in kept]


def _fixture(shared_dir: Path, name: str) -> Any:
    path = shared_dir / "fixtures" / "youtube_api" / name
    return json.loads(path.read_text(encoding="utf-8"))
