"""All that one run of the suite found: the one source of page, JSON, plots and MLflow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sentiment.evaluation.behaviour.cases import BehaviourResult
from sentiment.evaluation.behaviour.identity import IdentityShift
from sentiment.evaluation.curves import ClassCurves
from sentiment.evaluation.metrics import EvaluationResult
from sentiment.evaluation.report import LabelledRows
from sentiment.evaluation.selective import RiskThreshold
from sentiment.evaluation.suite.champion import AgainstChampion
from sentiment.evaluation.suite.confidence import ConfidenceFindings
from sentiment.evaluation.suite.mistakes import Mistake
from sentiment.evaluation.suite.plan import AbsentSet
from sentiment.evaluation.suite.sarcasm import SarcasmFindings


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """A bundle by name, digest and what it was trained on."""

    name: str
    digest: str
    trained_on: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the identity as plain JSON values."""
        return {"name": self.name, "digest": self.digest, "trained_on": list(self.trained_on)}


@dataclass(frozen=True, slots=True)
class SetFindings:
    """One model on one labelled set.

    Attributes:
        result: scores, slices and TextBlob beside them.
        rows: true and predicted classes.
        confidence: whether its confidence can be believed.
        curves: of each class against the rest.
        mistakes: the surest ones.
        against_champion: None without a champion.
    """

    result: EvaluationResult
    rows: LabelledRows
    confidence: ConfidenceFindings
    curves: tuple[ClassCurves, ...]
    mistakes: tuple[Mistake, ...]
    against_champion: AgainstChampion | None

    def to_json(self) -> dict[str, Any]:
        """Return the findings as plain JSON values; holds no text of any comment."""
        against = self.against_champion
        return {
            **self.result.to_json(),
            "confidence": self.confidence.to_json(),
            "curves": {
                part.label: {
                    "n": part.n,
                    "roc_area": part.roc_area,
                    "average_precision": part.average_precision,
                }
                for part in self.curves
            },
            "surest_mistakes": [mistake.to_json() for mistake in self.mistakes],
            "against_champion": None if against is None else against.to_json(),
        }


@dataclass(frozen=True, slots=True)
class ChosenThreshold:
    """The "unsure" threshold that a stated risk asks for.

    Attributes:
        max_risk: share of answered rows that may be wrong.
        chosen_on: set and split whose rows decided.
        n: how many they were.
        choice: None where no threshold keeps that risk.
    """

    max_risk: float
    chosen_on: str
    n: int
    choice: RiskThreshold | None

    def to_json(self) -> dict[str, Any]:
        """Return the threshold as plain JSON values."""
        choice = self.choice
        return {
            "max_risk": self.max_risk,
            "chosen_on": self.chosen_on,
            "n": self.n,
            "choice": None
            if choice is None
            else {
                "threshold": choice.threshold,
                "coverage": choice.coverage,
                "risk": choice.risk,
                "risk_bound": choice.risk_bound,
            },
        }


@dataclass(frozen=True, slots=True)
class SuiteFindings:
    """One run of the suite.

    Attributes:
        model: what was measured.
        champion: what it was compared with, if anything.
        unsure_below: the threshold that the bundle has.
        threshold: what a stated risk asks for; None without validation rows.
        sets: in the order of the report.
        absent: what could not be measured on.
        behaviour: in the order of the tests.
        identity: one a group of terms.
        sarcasm: None where its set is absent.
        seed: of sentences and intervals.
    """

    model: ModelIdentity
    champion: ModelIdentity | None
    unsure_below: float
    threshold: ChosenThreshold | None
    sets: tuple[SetFindings, ...]
    absent: tuple[AbsentSet, ...]
    behaviour: tuple[BehaviourResult, ...]
    identity: tuple[IdentityShift, ...]
    sarcasm: SarcasmFindings | None
    seed: int

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain JSON values; holds no text of any comment."""
        return {
            "model": self.model.to_json(),
            "champion": None if self.champion is None else self.champion.to_json(),
            "seed": self.seed,
            "unsure_below": self.unsure_below,
            "threshold_for_risk": None if self.threshold is None else self.threshold.to_json(),
            "sets": [part.to_json() for part in self.sets],
            "absent": [{"name": part.name, "reason": part.reason} for part in self.absent],
            "behaviour": [part.to_json() for part in self.behaviour],
            "identity": [part.to_json() for part in self.identity],
            "sarcasm": None if self.sarcasm is None else self.sarcasm.to_json(),
        }

    def flat(self) -> dict[str, dict[str, float]]:
        """Return the single figures by set and test, as DVC and MLflow compare them."""
        figures: dict[str, dict[str, float]] = {}
        for part in self.sets:
            confidence = part.confidence
            figures[part.result.corpus] = {
                **part.result.scores.metrics,
                "expected_calibration_error": confidence.calibration_error.value,
                "brier_score": confidence.brier.value,
                "area_under_risk_coverage": confidence.risk_area.value,
                "accuracy_on_surest": confidence.surest.value,
            }
        if self.behaviour:
            figures["behaviour"] = {part.name: part.share.value for part in self.behaviour}
        if self.identity:
            figures["identity_largest_shift"] = {
                part.group: part.largest_shift for part in self.identity
            }
        if self.sarcasm is not None:
            figures["sarcasm"] = {
                "same_label_as_meaning": self.sarcasm.same_label.value,
                "read_literally": self.sarcasm.read_literally.value,
            }
        return figures
