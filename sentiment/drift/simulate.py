"""Made-up stores: how often a year without drift raises an alarm, and how soon a drift is found.

Every video has shares of its own, drawn around those of all (Dirichlet-multinomial, in two bins
beta-binomial), and videos differ in size (log-normal). The looks are the real ones: the same
comparison, level and state as `sentiment drift check`. Features are drawn independently of each
other, and days differ by their videos alone: seasons and news are not simulated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sentiment.drift.compare import compare
from sentiment.drift.days import Days
from sentiment.drift.features import FEATURES, LABEL, Feature
from sentiment.drift.profile import Profile, profile_of_window
from sentiment.drift.spending import DEFAULT_BUDGET
from sentiment.drift.state import DriftState
from sentiment.drift.windows import Window
from sentiment.errors import ConfigError

Shares = Mapping[str, NDArray[np.float64]]

TYPICAL_SHARES: Shares = {
    name: np.array(shares)
    for name, shares in {
        "label": (0.22, 0.30, 0.48),
        "unsure": (0.88, 0.12),
        "confidence": (0.03, 0.09, 0.12, 0.13, 0.15, 0.23, 0.15, 0.07, 0.03),
        "length": (0.08, 0.10, 0.11, 0.18, 0.14, 0.15, 0.08, 0.08, 0.04, 0.02, 0.02),
        "emoji": (0.72, 0.11, 0.06, 0.08, 0.03),
        "language": (0.74, 0.16, 0.04, 0.01, 0.01, 0.01, 0.02, 0.01),
        "unknown": (0.96, 0.02, 0.01, 0.005, 0.005),
    }.items()
}
"""A plausible store; a bundle's profile can be taken in its place."""

_FIRST_DAY = date(2026, 1, 1)
_LARGEST_CORRELATION = 0.95


@dataclass(frozen=True, slots=True)
class Scenario:
    """A made-up store.

    Attributes:
        comments_per_day: >= 1.
        videos_per_day: >= 2.
        correlation: of two comments of one video, within a bin (intra-class correlation), in
            (0, 0.95].
        size_spread: standard deviation of the logarithm of videos' sizes, >= 0.
        reference_days: days that the reference is made of, >= 1.
        shares: what is true of all comments.
        budget: expected false alarms a year.

    Raises:
        ConfigError: a value is out of its range.
    """

    comments_per_day: int = 5_000
    videos_per_day: int = 100
    correlation: float = 0.05
    size_spread: float = 1.0
    reference_days: int = 7
    shares: Shares = field(default_factory=lambda: TYPICAL_SHARES)
    budget: float = DEFAULT_BUDGET

    def __post_init__(self) -> None:
        if not 0 < self.correlation <= _LARGEST_CORRELATION:
            raise ConfigError(
                f"Wanted a correlation above 0 and up to {_LARGEST_CORRELATION}, "
                f"found {self.correlation}."
            )


@dataclass(frozen=True, slots=True)
class Change:
    """What drifts.

    Attributes:
        feature: which one.
        bin_index: the bin that gains.
        points: share of all comments that moves into it, in (0, 1].
        days: over which it grows to that; 1 is at once.
    """

    feature: Feature
    bin_index: int
    points: float
    days: int = 1

    def applied(self, shares: Shares, *, day: int) -> Shares:
        """Return the shares on a day of the drift, the first being 1.

        Raises:
            ConfigError: the bin holds too much already to gain as much.
        """
        old = shares[self.feature.name]
        points = self.points * min(1.0, day / self.days)
        others = 1 - old[self.bin_index]
        if points > others:
            raise ConfigError(
                f"{self.feature.bins[self.bin_index]!r} of {self.feature.name} can't gain "
                f"{points:.3f}: only {others:.3f} is elsewhere.",
                hint="Give a smaller --shift.",
            )
        new = old * (1 - points / others)
        new[self.bin_index] = old[self.bin_index] + points
        return {**shares, self.feature.name: new}


def default_change(feature: Feature = LABEL, *, points: float = 0.1, days: int = 1) -> Change:
    """Return a drift of a feature: towards negative labels, or towards its last bin."""
    return Change(feature, 0 if feature is LABEL else len(feature.bins) - 1, points, days)


def shares_of(profile: Profile) -> Shares:
    """Return what a profile expects, to simulate a store of that kind."""
    return {name: np.array(part.shares) for name, part in profile.features.items()}


def draw_window(
    scenario: Scenario, rng: np.random.Generator, *, shares: Shares | None = None, days: int = 1
) -> Window:
    """Draw some days of a store.

    Args:
        scenario: what the store is like.
        rng: source of randomness.
        shares: what is true on these days; None takes the scenario's.
        days: how many.
    """
    shares = scenario.shares if shares is None else shares
    n_videos = scenario.videos_per_day * days
    weights = rng.lognormal(sigma=scenario.size_spread, size=n_videos)
    n_comments = scenario.comments_per_day * days
    sizes = rng.multinomial(n_comments, weights / weights.sum())
    concentration = (1 - scenario.correlation) / scenario.correlation
    counts = {
        feature.name: _draw(shares[feature.name] * concentration, sizes, rng)
        for feature in FEATURES
    }
    return Window(counts, n_comments)


def count_alarms(scenario: Scenario, rng: np.random.Generator, *, days: int = 365) -> int:
    """Return how many alarms a daily look raises in a time without drift."""
    reference = _reference(scenario, rng)
    state = DriftState(reference_digest="")
    alarms = 0
    for day in range(days):
        state, new = _look(state, reference, draw_window(scenario, rng), scenario, day=day)
        alarms += bool(new)
    return alarms


def delay_days(
    scenario: Scenario, change: Change, rng: np.random.Generator, *, patience_days: int = 60
) -> int | None:
    """Return on which day of a drift its feature is told of, 1 being the first.

    Args:
        scenario: what the store is like.
        change: what drifts.
        rng: source of randomness.
        patience_days: days after which it counts as not found, >= 1.

    Returns:
        None where it is not found.
    """
    reference = _reference(scenario, rng)
    state = DriftState(reference_digest="")
    for day in range(1, patience_days + 1):
        shares = change.applied(scenario.shares, day=day)
        window = draw_window(scenario, rng, shares=shares)
        state, new = _look(state, reference, window, scenario, day=day)
        if change.feature.name in new:
            return day
    return None


def _reference(scenario: Scenario, rng: np.random.Generator) -> Profile:
    window = draw_window(scenario, rng, days=scenario.reference_days)
    return profile_of_window(window, model_digest="", since="", until="")


def _look(
    state: DriftState, reference: Profile, window: Window, scenario: Scenario, *, day: int
) -> tuple[DriftState, tuple[str, ...]]:
    days = Days.from_day(date.fromordinal(_FIRST_DAY.toordinal() + day), 1)
    level = state.level_for(days, budget=scenario.budget)
    return state.after_look(compare(reference, window, level=level), days)


def _draw(
    alphas: NDArray[np.float64], sizes: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw counts of shape (n_videos, n_bins), each video around its own shares."""
    gammas = rng.standard_gamma(alphas, size=(len(sizes), len(alphas)))
    totals = gammas.sum(axis=1, keepdims=True)
    # Where every gamma is too small for a float, the video takes the shares of all.
    shares = np.where(totals > 0, gammas / np.where(totals > 0, totals, 1), alphas / alphas.sum())
    return rng.multinomial(sizes, shares)
