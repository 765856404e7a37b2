"""A retrained model beside the champion: the gate's decision, figures and behaviour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sentiment.config import PipelineConfig
from sentiment.corpora.split import TEST
from sentiment.evaluation.behaviour.run import behaviour_tests, run_behaviour
from sentiment.evaluation.comparison import compare_bundles
from sentiment.evaluation.gate import GateLimits
from sentiment.evaluation.labelled_sets import LabelledSet, set_from_corpus
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import Bundle


def judge_retrained(
    candidate: Bundle,
    champion: Bundle | None,
    *,
    config: PipelineConfig,
    raw_dir: Path,
    held_back: LabelledSet,
) -> dict[str, Any]:
    """Ask the gate, and gather what a reader wants to know of both models.

    Args:
        candidate: retrained.
        champion: in use; None where there is none.
        config: names the primary set, the seed, resamples and behaviour cases.
        raw_dir: the raw corpora.
        held_back: corrections that no model was trained on.

    Returns:
        JSON values without any text of a comment.

    Raises:
        DataError: the primary set can't be read.
        BundleError: a model can't be loaded.
    """
    comparison = compare_bundles(
        candidate,
        champion,
        labelled=set_from_corpus(config.evaluation.primary, raw_dir=raw_dir, split=TEST),
        limits=GateLimits(max_primary_loss=config.evaluation.max_primary_loss),
        seed=config.seed,
        n_resamples=config.evaluation.resamples,
        must_be_better=False,
        held_back=held_back,
    )
    return {
        "gate": comparison.decision.to_json(),
        "metrics": comparison.result.flat(),
        "sets": {
            "new": candidate.manifest.metrics,
            "old": champion.manifest.metrics if champion else {},
        },
        "held_back": len(held_back.labels),
        "behaviour": {
            "new": _behaviour(candidate, config),
            "old": _behaviour(champion, config) if champion else {},
        },
    }


def _behaviour(bundle: Bundle, config: PipelineConfig) -> dict[str, float]:
    """Return the pass rate of each test, on the same sentences for every bundle."""
    tests = behaviour_tests(seed=config.seed, n=config.evaluation.behaviour_cases)
    results = run_behaviour(Predictor.from_bundle(bundle), tests)
    return {one.name: one.share.value for one in results}
