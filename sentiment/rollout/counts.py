"""What is counted while two models run beside each other."""

from __future__ import annotations

from dataclasses import dataclass

from sentiment.rollout.arms import Arm


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one call of a model came to.

    Attributes:
        video_id: whose comments were labelled.
        arm: which model did.
        failed: whether it raised.
        slow: whether it took longer than the rollout allows.
        n_texts: how many were compared with the champion's labels; 0 outside the shadow.
        n_differing: how many of them got another label.
        score_gap: sum of the absolute differences of their scores.
    """

    video_id: str
    arm: Arm
    failed: bool = False
    slow: bool = False
    n_texts: int = 0
    n_differing: int = 0
    score_gap: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCounts:
    """One arm of a rollout so far. The video is the unit: its calls and texts are no strangers.

    In a canary, `champion` and `canary` hold only videos with a call since it began.

    Attributes:
        arm: which.
        n_videos: with at least one call.
        n_calls: of all videos.
        failing: sum over the videos of the share of their calls that failed.
        slow: sum over the videos of the share of their calls that were slow.
        n_compared: videos with texts that both models labelled.
        n_texts: of those videos.
        differing: sum over those videos of the share of texts with another label.
        score_gap: sum over all texts of the absolute difference of the scores.
        corrected: videos with a vote against a label that this arm's model showed.
    """

    arm: Arm
    n_videos: int = 0
    n_calls: int = 0
    failing: float = 0.0
    slow: float = 0.0
    n_compared: int = 0
    n_texts: int = 0
    differing: float = 0.0
    score_gap: float = 0.0
    corrected: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A text that the two models label differently; named by digest, its text is not here.

    Attributes:
        text_digest: of the cleaned text.
        champion_label: the label's value.
        candidate_label: the label's value.
        champion_score: in [-1, 1].
        candidate_score: in [-1, 1].
    """

    text_digest: str
    champion_label: int
    candidate_label: int
    champion_score: float
    candidate_score: float
