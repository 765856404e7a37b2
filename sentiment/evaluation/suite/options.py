"""What may be chosen about a run of the suite. Imports nothing that is slow to load."""

from __future__ import annotations

from dataclasses import dataclass

from sentiment.config import EvaluationConfig
from sentiment.errors import ConfigError

DEFAULT_CASES: int = EvaluationConfig.model_fields["behaviour_cases"].default
"""Sentences of each behaviour test where no configuration says how many."""
DEFAULT_RISK = 0.2
DEFAULT_SEED = 13
DEFAULT_RESAMPLES = 5_000


@dataclass(frozen=True, slots=True)
class SuiteOptions:
    """What may be chosen about a run.

    Attributes:
        max_risk: share of answered rows that may be wrong, for the suggested threshold.
        seed: of sentences and intervals.
        n_resamples: bootstrap samples, >= 200.
        n_cases: cases a behaviour test, at most, >= 1.

    Raises:
        ConfigError: the risk is no share.
    """

    max_risk: float = DEFAULT_RISK
    seed: int = DEFAULT_SEED
    n_resamples: int = DEFAULT_RESAMPLES
    n_cases: int = DEFAULT_CASES

    def __post_init__(self) -> None:
        """Check what a command line can get wrong."""
        if not 0 < self.max_risk < 1:
            raise ConfigError(
                f"A risk is a share between 0 and 1, got {self.max_risk}.",
                hint="For instance --max-risk 0.2: at most every fifth answer is wrong.",
            )
