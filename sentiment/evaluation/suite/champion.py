"""A model beside the one in use, on the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.evaluation.intervals import (
    DEFAULT_RESAMPLES,
    HEADLINE_METRICS,
    PairedDifference,
    paired_difference,
)
from sentiment.evaluation.proportions import mcnemar_p_value


@dataclass(frozen=True, slots=True)
class AgainstChampion:
    """How one set tells two models apart.

    Attributes:
        differences: headline score -> candidate minus champion, with its paired interval.
        only_candidate: rows that only the candidate has right.
        only_champion: rows that only the champion has right.
        p_value: McNemar's exact one, that both are right equally often.
    """

    differences: dict[str, PairedDifference]
    only_candidate: int
    only_champion: int
    p_value: float

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain JSON values."""
        return {
            "differences": {
                name: {
                    "value": found.difference,
                    "low": found.interval.low,
                    "high": found.interval.high,
                }
                for name, found in self.differences.items()
            },
            "only_candidate_right": self.only_candidate,
            "only_champion_right": self.only_champion,
            "mcnemar_p_value": self.p_value,
        }


def compare_with_champion(
    references: NDArray[np.int64],
    candidate: NDArray[np.int64],
    champion: NDArray[np.int64],
    *,
    seed: int,
    n_resamples: int = DEFAULT_RESAMPLES,
) -> AgainstChampion:
    """Compare two models' classes on the same rows.

    Args:
        references: true class indexes, shape (n,), n >= 1.
        candidate: classes said by the model that is evaluated, same shape.
        champion: classes said by the model in use, same shape.
        seed: of the bootstrap.
        n_resamples: bootstrap samples.

    Raises:
        DataError: no rows, unequal shapes, or a value that is no class index.
    """
    rng = np.random.default_rng(seed)
    right, also_right = candidate == references, champion == references
    only_candidate = int((right & ~also_right).sum())
    only_champion = int((also_right & ~right).sum())
    return AgainstChampion(
        differences={
            metric: paired_difference(
                references, candidate, champion, rng=rng, metric=metric, n_resamples=n_resamples
            )
            for metric in HEADLINE_METRICS
        },
        only_candidate=only_candidate,
        only_champion=only_champion,
        p_value=mcnemar_p_value(only_candidate, only_champion),
    )
