"""A window against a reference: every feature, corrected for all of them, at one level."""

from __future__ import annotations

from dataclasses import dataclass

from sentiment.drift.features import FEATURES
from sentiment.drift.profile import Profile, sample_if_enough
from sentiment.drift.two_sample import Finding, compare_samples
from sentiment.drift.windows import Window
from sentiment.evaluation.many_tests import holm


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with what it means beside the others.

    Attributes:
        finding: of the feature alone.
        adjusted_p_value: corrected for all features of the look (Holm 1979).
        drifts: whether it is significant at the look's level and large enough to matter.
    """

    finding: Finding
    adjusted_p_value: float
    drifts: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of a window.

    Attributes:
        judged: one a feature that could be told, in the order of `FEATURES`.
        left_out: names of the features that had too few comments or videos.
        level: of the look, in [0, 1): see `sentiment.drift.spending`.
        n_comments: comments of the window.
        n_videos: videos of the window.
    """

    judged: tuple[Judged, ...]
    left_out: tuple[str, ...]
    level: float
    n_comments: int
    n_videos: int

    @property
    def drifting(self) -> tuple[Judged, ...]:
        """The features that drift."""
        return tuple(part for part in self.judged if part.drifts)

    @property
    def is_conclusive(self) -> bool:
        """Whether anything could be told at all."""
        return bool(self.judged)


def compare(reference: Profile, window: Window, *, level: float) -> Comparison:
    """Compare a window of the store with a reference.

    Args:
        reference: what is expected.
        window: what was seen.
        level: probability of any false alarm that this look may have, in [0, 1).
    """
    findings: list[Finding] = []
    left_out = []
    for feature in FEATURES:
        sample = sample_if_enough(window, feature)
        if sample is None:
            left_out.append(feature.name)
            continue
        expected = reference.features[feature.name].sample
        findings.append(compare_samples(feature, expected, sample))
    adjusted = holm([finding.p_value for finding in findings])
    return Comparison(
        judged=tuple(
            Judged(finding, p_value, drifts=p_value <= level and finding.matters and level > 0)
            for finding, p_value in zip(findings, adjusted, strict=True)
        ),
        left_out=tuple(left_out),
        level=level,
        n_comments=window.n_comments,
        n_videos=window.n_videos,
    )
