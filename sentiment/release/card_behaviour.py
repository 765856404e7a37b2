"""The part of the model card on behaviour: made-up sentences, and groups of people in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sentiment.evaluation.behaviour.cases import BehaviourResult
from sentiment.evaluation.behaviour.identity import IdentityShift
from sentiment.evaluation.behaviour.run import behaviour_tests, run_behaviour, run_identity
from sentiment.evaluation.evaluator import TextClassifier

_IDENTITY_COLUMNS = (
    *("group", "terms in sentences", "largest shift", "between"),
    *("largest mean shift", "between", "one label"),
)


@dataclass(frozen=True, slots=True)
class BehaviourFindings:
    """What a model does with sentences that are made for the purpose.

    Attributes:
        tests: pass rates, in the order of the tests.
        identity: how far a score moves when only an identity term changes, one a group.
    """

    tests: tuple[BehaviourResult, ...]
    identity: tuple[IdentityShift, ...]


def measure_behaviour(
    model: TextClassifier, *, seed: int, n_cases: int, n_resamples: int
) -> BehaviourFindings:
    """Run the behaviour tests and the identity terms of the suite; they need no corpus.

    Args:
        model: what to test.
        seed: of sentences and intervals; the suite's figures are the same with the same seed.
        n_cases: sentences a behaviour test, at most, >= 1.
        n_resamples: bootstrap samples, >= 200.

    Raises:
        InferenceError: the model broke its contract.
    """
    return BehaviourFindings(
        tests=run_behaviour(model, behaviour_tests(seed=seed, n=n_cases)),
        identity=run_identity(model, seed=seed, n_resamples=n_resamples),
    )


def behaviour_section(tests: Sequence[BehaviourResult]) -> str:
    """Return the pass rates as Markdown."""
    lines = [
        "## Behaviour",
        (
            "Sentences made for the purpose, after CheckList (Ribeiro et al. 2020): simple things "
            "that a model should get right, changes that should not matter, and changes whose "
            "direction is known. Intervals (95 %) are for other words in these templates."
        ),
        "",
        "| test | kind | passes when | passed | pass rate |",
        "| --- | --- | --- | --- | --- |",
    ]
    for test in tests:
        share, interval = test.share, test.share.interval
        lines.append(
            f"| {test.name} | {test.kind.value} | {test.expected} | {share.held:,} of {share.n:,} "
            f"| {share.value:.1%} [{interval.low:.1%}, {interval.high:.1%}] |"
        )
    return "\n".join(lines)


def identity_section(shifts: Sequence[IdentityShift]) -> str:
    """Return the shifts between groups of people as Markdown."""
    lines = [
        "## Groups of people",
        (
            "How far the score (-1 to +1) moves when only an identity term of a sentence changes. "
            "It should not move. The pairs are picked after the fact, so their mean shift "
            "is somewhat too large and its interval, over other templates, seldom holds 0; p is "
            "how often shuffled terms shift as far. One label: the share of sentences that get the "
            "same one with every term. Made-up sentences do not show every way to be unfair."
        ),
        "",
        f"| {' | '.join(_IDENTITY_COLUMNS)} |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for shift in shifts:
        interval = shift.mean_interval
        lines.append(
            f"| {shift.group} | {shift.n_terms} in {shift.n_sentences} "
            f"| {shift.largest_shift:.3f} | {' < '.join(shift.largest_pair)} "
            f"| {shift.mean_shift:.3f} [{interval.low:.3f}, {interval.high:.3f}], "
            f"p = {shift.p_value:.2g} | {' < '.join(shift.mean_pair)} "
            f"| {shift.same_label.value:.1%} |"
        )
    return "\n".join(lines)
