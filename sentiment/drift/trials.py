"""Many simulated years and drifts, and what they come to."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

import numpy as np

from sentiment.drift.simulate import Change, Scenario, count_alarms, delay_days

_PATIENCE_DAYS = 60


@dataclass(frozen=True, slots=True)
class Trials:
    """What was simulated.

    Attributes:
        scenario: what the store was like.
        change: what drifted.
        days_a_year: days of each time without drift.
        alarms: false alarms of each such time.
        delays: day on which each drift was found, 1 being its first; None where it was not.
        patience_days: days after which a drift counts as not found.
    """

    scenario: Scenario
    change: Change
    days_a_year: int
    alarms: tuple[int, ...]
    delays: tuple[int | None, ...]
    patience_days: int

    @property
    def false_alarms_a_year(self) -> float:
        """The mean, scaled to 365 days."""
        return statistics.fmean(self.alarms) * 365 / self.days_a_year

    @property
    def found_on_first_day(self) -> float:
        """Share of the drifts, in [0, 1]."""
        return self.delays.count(1) / len(self.delays)

    @property
    def median_delay_days(self) -> float | None:
        """Median over all drifts; None where half of them or more are not found."""
        delays = [np.inf if delay is None else delay for delay in self.delays]
        middle = float(np.median(delays))
        return middle if np.isfinite(middle) else None

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "comments_per_day": self.scenario.comments_per_day,
            "videos_per_day": self.scenario.videos_per_day,
            "correlation": self.scenario.correlation,
            "budget": self.scenario.budget,
            "years": len(self.alarms),
            "days_a_year": self.days_a_year,
            "false_alarms_a_year": self.false_alarms_a_year,
            "most_alarms_in_a_year": max(self.alarms),
            "feature": self.change.feature.name,
            "shift": self.change.points,
            "over_days": self.change.days,
            "drifts": len(self.delays),
            "found_on_first_day": self.found_on_first_day,
            "median_delay_days": self.median_delay_days,
            "longest_delay_days": max((d for d in self.delays if d is not None), default=None),
            "not_found": self.delays.count(None),
        }

    def rows(self) -> list[tuple[str, str]]:
        """Return the same in words."""
        found = self.to_json()
        median, longest = found["median_delay_days"], found["longest_delay_days"]
        years = f"{found['years']} x {self.days_a_year} days"
        moved = f"{found['feature']} by {self.change.points * 100:g} points"
        return [
            (f"false alarms a year, mean of {years}", f"{self.false_alarms_a_year:.2f}"),
            ("most in one of them", f"{found['most_alarms_in_a_year']}"),
            (f"drifts of {moved} over {self.change.days} day(s)", f"{found['drifts']}"),
            ("found on the first day", f"{self.found_on_first_day:.1%}"),
            ("median delay in days", "-" if median is None else f"{median:g}"),
            ("longest delay in days, of those found", "-" if longest is None else f"{longest}"),
            (f"not found within {self.patience_days} days", f"{found['not_found']}"),
        ]


def run_trials(
    scenario: Scenario,
    change: Change,
    *,
    n_years: int,
    days_a_year: int,
    n_drifts: int,
    seed: int,
) -> Trials:
    """Simulate times without drift, and drifts.

    Args:
        scenario: what the store is like.
        change: what drifts.
        n_years: times without drift, >= 1.
        days_a_year: days of each, >= 1.
        n_drifts: drifts, >= 1.
        seed: the same seed gives the same numbers.

    Raises:
        ConfigError: the change can't be made to these shares.
        DataError: the scenario is too small for a reference.
    """
    # A stream of its own each: more years leave the drifts as they are.
    of_years, of_drifts = np.random.SeedSequence(seed).spawn(2)
    patience = _PATIENCE_DAYS + change.days
    change.applied(scenario.shares, day=change.days)
    return Trials(
        scenario=scenario,
        change=change,
        days_a_year=days_a_year,
        alarms=tuple(
            count_alarms(scenario, np.random.default_rng(stream), days=days_a_year)
            for stream in of_years.spawn(n_years)
        ),
        delays=tuple(
            delay_days(scenario, change, np.random.default_rng(stream), patience_days=patience)
            for stream in of_drifts.spawn(n_drifts)
        ),
        patience_days=patience,
    )
