from __future__ import annotations

import pytest

from sentiment.rollout.arms import is_in_share

VIDEOS = [f"video{index:06d}" for index in range(20_000)]


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.5, 1.0])
def test_the_share_is_what_was_asked_for(share: float) -> None:
    n = sum(is_in_share(video, salt="a", share=share) for video in VIDEOS)
    # Four standard deviations of a binomial; none and all exactly.
    assert n == pytest.approx(share * 20_000, abs=4 * (20_000 * share * (1 - share)) ** 0.5)


def test_a_larger_share_keeps_whom_the_smaller_one_had() -> None:
    small = {video for video in VIDEOS if is_in_share(video, salt="a", share=0.1)}
    assert small <= {video for video in VIDEOS if is_in_share(video, salt="a", share=0.3)}


def test_another_rollout_chooses_others() -> None:
    one, other = (
        {video for video in VIDEOS if is_in_share(video, salt=salt, share=0.5)} for salt in "ab"
    )
    assert len(one & other) == pytest.approx(5_000, abs=300)
