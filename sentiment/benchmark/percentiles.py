"""The one way in which a benchmark takes percentiles."""

from __future__ import annotations

from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` % of the values do not exceed (nearest rank).

    Args:
        values: at least one.
        percent: above 0, at most 100.
    """
    rank = -(-len(values) * percent // 100)
    return sorted(values)[max(0, int(rank) - 1)]
