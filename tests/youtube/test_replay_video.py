from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.youtube.replay_cases import FAULTS, SIZES
from sentiment.youtube.replay_video import VIDEO_ID, thread_id, thread_of, video_of

VIDEO_IDS = st.from_regex(VIDEO_ID, fullmatch=True)


@given(st.integers(0, 3_000))
def test_video_of_sized_id_has_exactly_that_many_comments(size: int) -> None:
    video = video_of(f"size{size:07d}")
    replies = [len(video.replies(thread)) for thread in range(video.thread_count)]
    assert video.comment_count == size
    assert len(replies) + sum(replies) == size
    assert min(replies, default=0) >= 0


@given(VIDEO_IDS)
def test_video_of_any_id_is_the_same_each_time(video_id: str) -> None:
    assert video_of(video_id) == video_of(video_id)


def test_video_of_other_ids_differ_in_size() -> None:
    sizes = {video_of(f"video{number:06d}").comment_count for number in range(200)}
    assert len(sizes) > 150
    assert min(sizes) >= 40
    assert max(sizes) < 2_040


@given(VIDEO_IDS, st.integers(0, 2**30 - 1))
def test_thread_of_finds_video_and_number_in_an_id(video_id: str, thread: int) -> None:
    assert thread_of(thread_id(video_id, thread)) == (video_id, thread)


@pytest.mark.parametrize("comment_id", ["", "Ugx", "UgxAAAAAAAAAAAAAAAA4AaABAg", "x" * 26])
def test_thread_of_other_ids_is_none_or_another_video(comment_id: str) -> None:
    found = thread_of(comment_id)
    assert found is None or thread_id(found[0], found[1]) == comment_id


def test_threads_of_a_large_video_need_no_others() -> None:
    video = video_of("size9999999")
    last = video.thread(video.thread_count - 1)
    assert last.text
    assert last.published_at < video.thread(0).published_at


def test_by_relevance_is_a_permutation_that_is_not_by_time() -> None:
    video = video_of("size0000900")
    order = [video.by_relevance(position) for position in range(video.thread_count)]
    assert sorted(order) == list(range(video.thread_count))
    assert order != sorted(order)


def test_reserved_ids_are_well_formed() -> None:
    assert all(VIDEO_ID.fullmatch(video_id) for video_id in [*FAULTS, *SIZES])
