"""How much is played: a small form for CI, a full one for people who want to watch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How much is played.

    Attributes:
        name: of the size.
        epochs: of each training.
        reference_days: before the shift.
        videos_a_day: that are analysed, of 60 comments each.
        canary_videos: at most, while the canary is judged.
        held_back_videos: of each register, for the accuracies.
        allowed: how much worse a candidate may be, as a share of videos; the wider, the fewer
            videos settle it.
    """

    name: str
    epochs: int
    reference_days: int
    videos_a_day: int
    canary_videos: int
    held_back_videos: int
    allowed: float


SMALL = Size(
    name="small",
    epochs=1,
    reference_days=2,
    videos_a_day=24,
    canary_videos=480,
    held_back_videos=12,
    allowed=0.3,
)
FULL = Size(
    name="full",
    epochs=3,
    reference_days=7,
    videos_a_day=40,
    canary_videos=960,
    held_back_videos=25,
    allowed=0.15,
)
