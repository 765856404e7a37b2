"""configs/compare.yaml: what is compared on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from sentiment.config import Name, Seed
from sentiment.errors import ConfigError
from sentiment.models.options import ModelOptions
from sentiment.sections import Section


class ChoiceConfig(Section):
    """When a cheaper model is preferred to the best one."""

    significance: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    """Over all comparisons with the best model together (Bonferroni)."""
    max_macro_f1_loss: Annotated[float, Field(ge=0, le=1)] = 0.01
    """A cheaper model may score at most this much less, however few rows hide the difference."""


class CompareConfig(Section):
    """One comparison."""

    name: Name
    seed: Seed = 13
    corpora: Annotated[list[str], Field(min_length=1)]
    """Their training and validation splits make the folds; of test rows only copies are dropped."""
    folds: Annotated[int, Field(ge=2, le=20)] = 5
    resamples: Annotated[int, Field(ge=200)] = 2000
    """Bootstrap resamples of an interval."""
    choice: ChoiceConfig = ChoiceConfig()
    models: Annotated[list[ModelOptions], Field(min_length=1)]

    @property
    def work_dir(self) -> Path:
        """Where finished folds are kept."""
        return Path("outputs") / self.name

    @property
    def report_dir(self) -> Path:
        """Where the table and the figures go."""
        return Path("reports") / self.name

    @property
    def enabled(self) -> list[ModelOptions]:
        """The models that are run, in their order."""
        return [model for model in self.models if model.enabled]

    def with_enabled(self, names: Collection[str]) -> CompareConfig:
        """Return the same comparison with these models in it, whatever `enabled` says of them.

        Raises:
            ConfigError: no model has such a name.
        """
        unknown = sorted(set(names) - {model.name for model in self.models})
        if unknown:
            raise ConfigError(
                f"The comparison {self.name!r} has no model {unknown[0]!r}.",
                hint=f"It describes: {', '.join(model.name for model in self.models)}.",
            )
        models = [
            model.model_copy(update={"enabled": model.enabled or model.name in names})
            for model in self.models
        ]
        return self.model_copy(update={"models": models})

    @model_validator(mode="after")
    def _is_a_comparison(self) -> CompareConfig:
        twice = [name for name, n in Counter(each.name for each in self.models).items() if n > 1]
        if twice:
            raise ValueError(f"each model needs a name of its own, found twice: {twice[0]!r}")
        if not self.enabled:
            raise ValueError("no model is enabled")
        return self
