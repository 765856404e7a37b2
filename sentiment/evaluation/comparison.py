"""Two bundles on one labelled set -> the gate's decision.

Runs the models that `sentiment.evaluation.gate`, which is pure, judges by their predictions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sentiment.evaluation.decision import GateDecision
from sentiment.evaluation.evaluator import evaluate_set, run_model
from sentiment.evaluation.gate import (
    Corrections,
    GateLimits,
    ModelFigures,
    PrimarySet,
    judge,
)
from sentiment.evaluation.intervals import DEFAULT_RESAMPLES
from sentiment.evaluation.labelled_sets import LabelledSet
from sentiment.evaluation.metrics import EvaluationResult
from sentiment.evaluation.slices import rows_by_slice
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing two bundles gave.

    Attributes:
        result: the candidate's evaluation on the primary set.
        decision: the gate's.
    """

    result: EvaluationResult
    decision: GateDecision


def compare_bundles(
    candidate: Bundle,
    champion: Bundle | None,
    *,
    labelled: LabelledSet,
    limits: GateLimits,
    seed: int,
    n_resamples: int = DEFAULT_RESAMPLES,
    must_be_better: bool = True,
    held_back: LabelledSet | None = None,
) -> Comparison:
    """Evaluate a candidate and judge it against the champion on the same rows.

    Args:
        candidate: the new bundle.
        champion: the bundle in use, None for a first release.
        labelled: the primary set; the gate refuses one that people did not label.
        limits: what the gate asks for.
        seed: of the bootstrap.
        n_resamples: bootstrap samples.
        must_be_better: on the primary set; else it must only be not worse.
        held_back: of a retrained candidate, the corrections that no model was trained on, on which
            it must be better; may hold no row. None asks for nothing there.

    Raises:
        BundleError: a bundle's model can't be loaded.
        DataError: there is no row.
        InferenceError: a model broke its contract.
    """
    model = Predictor.from_bundle(candidate)
    result, outcome = evaluate_set(
        model, labelled, seed=seed, n_resamples=n_resamples, with_baselines=False
    )
    # A champion that IS the candidate need not run: its digest says all.
    runs_champion = champion is not None and champion.digest != candidate.digest
    other = Predictor.from_bundle(champion) if champion is not None and runs_champion else model
    corrections = None
    if held_back is not None:
        corrections = Corrections(
            held_back.labels,
            run_model(model, held_back).classes,
            run_model(other, held_back).classes,
        )
    classes_of_champion = run_model(other, labelled).classes if runs_champion else outcome.classes
    decision = judge(
        _figures(candidate, outcome.classes),
        None if champion is None else _figures(champion, classes_of_champion),
        primary=PrimarySet(
            name=labelled.name,
            human_labelled=labelled.human_labelled,
            labels=labelled.labels,
            slices=rows_by_slice(labelled.texts, replies=labelled.replies, judged_only=True),
        ),
        limits=limits,
        rng=np.random.default_rng(seed),
        n_resamples=n_resamples,
        must_be_better=must_be_better,
        corrections=corrections,
    )
    return Comparison(result=result, decision=decision)


def _figures(bundle: Bundle, classes: np.typing.NDArray[np.int64]) -> ModelFigures:
    return ModelFigures(
        name=bundle.manifest.name,
        digest=bundle.digest,
        classes=classes,
        parity=bundle.manifest.parity,
    )
