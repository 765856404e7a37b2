"""Shares of yes/no outcomes: their intervals, and the paired test of two of them.

Owns Wilson's interval (Wilson 1927), which stays sensible at shares of 0 and 1, the one-sided
bound of Clopper and Pearson (1934), and McNemar's test in its exact form (McNemar 1947).
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import beta, binomtest, norm

from sentiment.errors import DataError
from sentiment.evaluation.intervals import CONFIDENCE, Interval


@dataclass(frozen=True, slots=True)
class Share:
    """How often something held.

    Attributes:
        n: cases, >= 1.
        held: cases in which it held.
    """

    n: int
    held: int

    @property
    def value(self) -> float:
        """The share, in [0, 1]."""
        return self.held / self.n

    @property
    def interval(self) -> Interval:
        """Its 95 % interval."""
        return wilson_interval(self.held, self.n)

    def to_json(self) -> dict[str, float | int]:
        """Return share, interval and counts as plain JSON values."""
        interval = self.interval
        return {
            "n": self.n,
            "held": self.held,
            "value": self.value,
            "low": interval.low,
            "high": interval.high,
        }


def wilson_interval(held: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Return Wilson's score interval of a share.

    Args:
        held: cases in which it held, 0..n.
        n: cases, >= 1.
        confidence: coverage wanted, in (0, 1).

    Raises:
        DataError: the counts are no share.
    """
    _check(held, n)
    z = float(norm.ppf(0.5 + confidence / 2))
    share = held / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    # At a share of 0 or 1 the ends meet it but for rounding.
    return Interval(
        low=min(share, max(0.0, centre - half)), high=max(share, min(1.0, centre + half))
    )


def upper_bound(held: int, n: int, *, failure_probability: float) -> float:
    """Return what a share lies below, but for a given probability (Clopper and Pearson).

    Args:
        held: cases in which it held, 0..n.
        n: cases, >= 1.
        failure_probability: of the bound to be wrong, in (0, 1).

    Raises:
        DataError: the counts are no share.
    """
    _check(held, n)
    if held == n:
        return 1.0
    return float(beta.ppf(1 - failure_probability, held + 1, n - held))


def mcnemar_p_value(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p-value that two models are right equally often.

    Args:
        only_first: rows that only the first model has right, >= 0.
        only_second: rows that only the second has right, >= 0.
    """
    if only_first + only_second == 0:
        return 1.0
    return float(binomtest(only_first, only_first + only_second).pvalue)


def _check(held: int, n: int) -> None:
    if n < 1 or not 0 <= held <= n:
        raise DataError(f"A share needs 0 <= held <= n and n >= 1, got {held:,} of {n:,}.")
