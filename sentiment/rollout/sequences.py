"""Intervals that may be looked at after every observation.

An interval of fixed size holds with 95 % certainty once; who looks every minute and stops when
it suits finds what is not there. A confidence sequence holds at all times together.

The one here inverts the beta-binomial mixture of Robbins (1970, "Statistical methods related to
the law of the iterated logarithm"), which Howard, Ramdas, McAuliffe and Sekhon (2021,
"Time-uniform, nonparametric, nonasymptotic confidence sequences", sub-Bernoulli case) show to
hold for any observations in [0, 1] with a common mean, whatever their distribution.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

# The mixture's weights: Jeffreys' prior favours rates near 0 and 1, as those of errors are.
_PRIOR = 0.5
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Span:
    """What a mean may be.

    Attributes:
        low: in [0, 1].
        high: in [0, 1], >= `low`.
    """

    low: float
    high: float


def mean_sequence(n: int, total: float, *, alpha: float) -> Span:
    """Return where the mean lies, with a certainty that looking often does not wear out.

    Args:
        n: observations so far, each in [0, 1]; >= 0.
        total: their sum, in [0, n].
        alpha: chance, in (0, 1), that the mean is ever outside, over all looks together.

    Raises:
        ValueError: an argument is out of its range.
    """
    if n < 0 or not 0 <= total <= n:
        raise ValueError(f"wanted a total in [0, n], found {total} of {n}")
    if not 0 < alpha < 1:
        raise ValueError(f"wanted alpha in (0, 1), found {alpha}")
    if n == 0:
        return Span(0.0, 1.0)
    mean, rest = total / n, n - total
    bar = _log_beta(_PRIOR + total, _PRIOR + rest) - _log_beta(_PRIOR, _PRIOR) + math.log(alpha)

    def is_possible(p: float) -> bool:
        return _times_log(total, p) + _times_log(rest, 1 - p) > bar

    return Span(
        0.0 if is_possible(0.0) else _edge(mean, 0.0, is_possible),
        1.0 if is_possible(1.0) else _edge(mean, 1.0, is_possible),
    )


def _edge(inside: float, outside: float, is_possible: Callable[[float], bool]) -> float:
    """Return the last possible value between one that is and one that is not."""
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if is_possible(middle):
            inside = middle
        else:
            outside = middle
    return outside  # the wider of the two


def _times_log(weight: float, value: float) -> float:
    if weight == 0:
        return 0.0
    return -math.inf if value <= 0 else weight * math.log(value)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
