"""Whether two sets of comments differ in one feature, and by how much.

Comments of one video resemble each other, so that 5,000 comments of 50 videos say less than 5,000
comments of as many videos: tests that take comments for independent raise false alarms every day.
Both tests here take the video as the unit. The covariance of the shares comes from the spread
between videos, with each residual divided by 1 minus the video's weight, which is the delete-one
jackknife (Bell and McCaffrey 2002, CR3) and errs on the safe side where a few videos dominate.

So that one viral video is not the day, a video of m comments weighs m / (1 + (m - 1) r), which is
best where two comments of a video correlate by r (the weights of a random-effects mean) and valid
for any r. With r = 0.05 no video is worth more than 20 comments. Shares are weighted so, too.

Categorical: Pearson's chi-square of homogeneity with the second-order correction of Rao and Scott
(1984), in the F form of Thomas and Rao (1987) that survey packages use. Effect: total variation
distance, the share of comments that would have to change their bin.

Ordered: the Mann-Whitney statistic in ridit form (Bross 1958), with the variance of clustered data
(after Rosner, Glynn and Lee 2003). Effect: Cliff's delta, P(new larger) - P(new smaller).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sentiment.drift.features import Feature, Kind

ASSUMED_CORRELATION = 0.05
"""Of two comments of a video; decides the weights of videos, not whether the tests hold."""

_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class Sample:
    """The shares of a feature's bins in a set of comments, and how sure they are.

    Attributes:
        shares: shape (n_bins,), summing to 1.
        covariance: of the shares, shape (n_bins, n_bins).
        n_comments: comments counted, >= 1.
        n_units: independent units that the covariance rests on, > 1: videos, as many equal ones
            as would be worth the same (Kish 1965), or comments where each stands for itself.
    """

    shares: NDArray[np.float64]
    covariance: NDArray[np.float64]
    n_comments: int
    n_units: float

    @property
    def design_effect(self) -> float:
        """How many times larger the variances are than those of independent comments.

        The mean over the bins (Rao and Scott 1981); 1 where all comments are in one bin.
        """
        plain = self.shares * (1 - self.shares) / self.n_comments
        seen = plain > 0
        if not seen.any():
            return 1.0
        ratios = np.diagonal(self.covariance)[seen] / plain[seen]
        return float(np.average(ratios, weights=1 - self.shares[seen]))


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one feature.

    Attributes:
        feature: its name.
        effect: categorical: share of comments that moved, in [0, 1]; ordered: Cliff's delta, in
            [-1, 1], above 0 where the window has larger values.
        least_effect: the smallest absolute effect that matters.
        p_value: of no difference, for this feature and this look alone.
        design_effect: how many times larger the window's variances are than those of
            independent comments.
        n_comments: comments of the window that count for this feature.
        reference_shares: of the bins, in their order.
        window_shares: likewise.
    """

    feature: str
    effect: float
    least_effect: float
    p_value: float
    design_effect: float
    n_comments: int
    reference_shares: tuple[float, ...]
    window_shares: tuple[float, ...]

    @property
    def matters(self) -> bool:
        """Whether the effect is large enough for an alarm, whatever its significance."""
        return abs(self.effect) >= self.least_effect


def sample_of_videos(counts: NDArray[np.int64]) -> Sample:
    """Describe comments that come in videos.

    Args:
        counts: comments by video and bin, shape (n_videos, n_bins); two or more videos, each of
            at least one comment.
    """
    sizes = counts.sum(axis=1).astype(np.float64)
    weights = sizes / (1 + (sizes - 1) * ASSUMED_CORRELATION)
    weights /= weights.sum()
    of_videos = counts / sizes[:, None]
    shares = weights @ of_videos
    pull = weights / np.maximum(1 - weights, _SMALLEST)
    residuals = pull[:, None] * (of_videos - shares)
    return Sample(
        shares=shares,
        covariance=residuals.T @ residuals,
        n_comments=int(sizes.sum()),
        n_units=1 / float(weights @ weights),
    )


def sample_of_independent(counts: NDArray[np.int64]) -> Sample:
    """Describe comments that have nothing to do with each other.

    Args:
        counts: comments by bin, shape (n_bins,), two or more.
    """
    total = int(counts.sum())
    shares = counts / total
    covariance = (np.diag(shares) - np.outer(shares, shares)) / (total - 1)
    return Sample(shares=shares, covariance=covariance, n_comments=total, n_units=float(total))


def compare_samples(feature: Feature, reference: Sample, window: Sample) -> Finding:
    """Test one feature.

    Args:
        feature: which one.
        reference: what is expected.
        window: what was seen.
    """
    test = _rao_scott if feature.kind is Kind.CATEGORICAL else _ridit
    effect, p_value = test(reference, window)
    return Finding(
        feature=feature.name,
        effect=effect,
        least_effect=feature.least_effect,
        p_value=p_value,
        design_effect=window.design_effect,
        n_comments=window.n_comments,
        reference_shares=tuple(map(float, reference.shares)),
        window_shares=tuple(map(float, window.shares)),
    )


def _rao_scott(reference: Sample, window: Sample) -> tuple[float, float]:
    difference = window.shares - reference.shares
    effect = float(np.abs(difference).sum() / 2)
    pooled = (reference.n_comments * reference.shares + window.n_comments * window.shares) / (
        reference.n_comments + window.n_comments
    )
    seen = pooled > 0
    scale = 1 / np.sqrt(pooled[seen])
    weigh = np.outer(scale, scale)
    of_reference = reference.covariance[np.ix_(seen, seen)] * weigh
    of_window = window.covariance[np.ix_(seen, seen)] * weigh
    both = of_reference + of_window
    trace, squares = float(np.trace(both)), float((both * both).sum())
    if trace <= _SMALLEST:
        # Neither set varies at all: either they are equal, or nothing is left to doubt.
        return effect, float(effect < _SMALLEST)
    # X2 is a weighted sum of chi-squares; Satterthwaite gives it the right mean and variance.
    statistic = float(((difference[seen] * scale) ** 2).sum()) / trace
    numerator = trace * trace / squares
    units = _units(float(np.trace(of_reference)), float(np.trace(of_window)), reference, window)
    return effect, float(stats.f.sf(statistic, numerator, numerator * units))


def _ridit(reference: Sample, window: Sample) -> tuple[float, float]:
    # Of each bin, the share of the reference that is smaller, ties counting half.
    ridits = np.cumsum(reference.shares) - reference.shares / 2
    effect = float(2 * (ridits @ window.shares) - 1)
    # The same of the window's bins: the delta method for the reference's own spread.
    opposite = np.cumsum(window.shares) - window.shares / 2
    of_window = float(4 * ridits @ window.covariance @ ridits)
    of_reference = float(4 * opposite @ reference.covariance @ opposite)
    variance = of_window + of_reference
    if variance <= _SMALLEST**2:
        return effect, float(abs(effect) < _SMALLEST)
    units = _units(of_reference, of_window, reference, window)
    return effect, float(2 * stats.t.sf(abs(effect) / np.sqrt(variance), units))


def _units(of_reference: float, of_window: float, reference: Sample, window: Sample) -> float:
    """Return the degrees of freedom of a sum of two variances (Welch 1947)."""
    parts = of_reference**2 / (reference.n_units - 1) + of_window**2 / (window.n_units - 1)
    return (of_reference + of_window) ** 2 / max(parts, _SMALLEST**3)
