"""A bundle through the whole suite: what `sentiment evaluate --suite` does before it writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sentiment.errors import CorpusUnavailableError
from sentiment.evaluation.behaviour.run import (
    behaviour_tests,
    run_behaviour,
    run_identity,
)
from sentiment.evaluation.curves import class_curves
from sentiment.evaluation.evaluator import TextClassifier, evaluate_set, run_model
from sentiment.evaluation.labelled_sets import LabelledSet
from sentiment.evaluation.report import LabelledRows
from sentiment.evaluation.selective import threshold_for_risk
from sentiment.evaluation.suite.champion import compare_with_champion
from sentiment.evaluation.suite.confidence import measure_confidence
from sentiment.evaluation.suite.findings import (
    ChosenThreshold,
    ModelIdentity,
    SetFindings,
    SuiteFindings,
)
from sentiment.evaluation.suite.mistakes import surest_mistakes
from sentiment.evaluation.suite.options import SuiteOptions
from sentiment.evaluation.suite.plan import AbsentSet, Places, load_sets, load_validation
from sentiment.evaluation.suite.sarcasm import SarcasmFindings, measure_sarcasm
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import Bundle

_SARCASM = "sarcasm"
OnStep = Callable[[str], None]


def run_suite(
    bundle: Bundle,
    *,
    places: Places,
    also: Sequence[str] = (),
    champion: Bundle | None = None,
    options: SuiteOptions | None = None,
    on_step: OnStep = lambda _: None,
) -> SuiteFindings:
    """Measure a bundle on everything that is there.

    Args:
        bundle: the model.
        places: where the sets are.
        also: corpora beside the suite's own, such as those of a configuration.
        champion: a model to compare with on the same rows; None compares with nothing.
        options: what may be chosen; None takes the defaults.
        on_step: told what is being done.

    Raises:
        BundleError: a bundle's model can't be loaded.
        DataError: a set is damaged, or none is there.
        InferenceError: a model broke its contract.
    """
    chosen = options or SuiteOptions()
    identity = _identity(bundle)
    other = None if champion is None else _identity(champion)
    sets, absent = load_sets(
        places,
        trained_on=(*identity.trained_on, *(other.trained_on if other else ())),
        also=also,
    )
    model = Predictor.from_bundle(bundle)
    rival = None if champion is None else Predictor.from_bundle(champion)
    on_step("threshold for the stated risk")
    threshold = _choose_threshold(model, load_validation(places), max_risk=chosen.max_risk)
    thresholds = [bundle.manifest.unsure_below]
    if threshold is not None and threshold.choice is not None:
        thresholds.append(threshold.choice.threshold)
    measured = []
    for labelled in sets:
        on_step(f"{labelled.name}: {len(labelled.texts):,} rows")
        measured.append(_measure_set(model, rival, labelled, thresholds=thresholds, options=chosen))
    on_step("sarcasm")
    sarcasm = _sarcasm_or_absence(model, places)
    on_step("behaviour")
    behaviour = run_behaviour(model, behaviour_tests(seed=chosen.seed, n=chosen.n_cases))
    on_step("identity terms")
    return SuiteFindings(
        model=identity,
        champion=other,
        unsure_below=bundle.manifest.unsure_below,
        threshold=threshold,
        sets=tuple(measured),
        absent=(*absent, *((sarcasm,) if isinstance(sarcasm, AbsentSet) else ())),
        behaviour=behaviour,
        identity=run_identity(model, seed=chosen.seed, n_resamples=chosen.n_resamples),
        sarcasm=None if isinstance(sarcasm, AbsentSet) else sarcasm,
        seed=chosen.seed,
    )


def _identity(bundle: Bundle) -> ModelIdentity:
    manifest = bundle.manifest
    return ModelIdentity(manifest.name, bundle.digest, manifest.learnt_corpora)


def _measure_set(
    model: TextClassifier,
    rival: TextClassifier | None,
    labelled: LabelledSet,
    *,
    thresholds: Sequence[float],
    options: SuiteOptions,
) -> SetFindings:
    result, outcome = evaluate_set(
        model, labelled, seed=options.seed, n_resamples=options.n_resamples
    )
    against = None
    if rival is not None:
        against = compare_with_champion(
            labelled.labels,
            outcome.classes,
            run_model(rival, labelled).classes,
            seed=options.seed,
            n_resamples=options.n_resamples,
        )
    return SetFindings(
        result=result,
        rows=LabelledRows(labelled.name, labelled.labels, outcome.classes),
        confidence=measure_confidence(
            outcome.probabilities,
            labelled.labels,
            thresholds=thresholds,
            rng=np.random.default_rng(options.seed),
        ),
        curves=class_curves(labelled.labels, outcome.probabilities),
        mistakes=surest_mistakes(labelled, outcome),
        against_champion=against,
    )


def _choose_threshold(
    model: TextClassifier, validation: LabelledSet | None, *, max_risk: float
) -> ChosenThreshold | None:
    if validation is None:
        return None
    outcome = run_model(model, validation)
    choice = threshold_for_risk(
        outcome.confidence, outcome.classes == validation.labels, max_risk=max_risk
    )
    return ChosenThreshold(
        max_risk=max_risk,
        chosen_on=f"{validation.name}, {validation.split}",
        n=len(validation.texts),
        choice=choice,
    )


def _sarcasm_or_absence(model: TextClassifier, places: Places) -> SarcasmFindings | AbsentSet:
    try:
        return measure_sarcasm(model, places.folder_of(_SARCASM))
    except CorpusUnavailableError as error:
        return AbsentSet(_SARCASM, error.hint)
