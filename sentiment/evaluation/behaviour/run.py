"""A model through all behaviour tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sentiment.comments import Prediction
from sentiment.errors import InferenceError
from sentiment.evaluation.behaviour.cases import BehaviourResult, BehaviourTest
from sentiment.evaluation.behaviour.changes import direction_tests, invariance_tests
from sentiment.evaluation.behaviour.identity import IdentityShift, identity_groups, measure_shift
from sentiment.evaluation.behaviour.minimum import minimum_tests
from sentiment.evaluation.evaluator import TextClassifier
from sentiment.evaluation.proportions import Share

_SHOWN_FAILURES = 3


def behaviour_tests(*, seed: int, n: int) -> list[BehaviourTest]:
    """Return all tests; the same seed gives the same sentences.

    Args:
        seed: of the sentences.
        n: cases a test, at most.
    """
    # Each kind its own generator: a test that is added moves no sentence of another kind.
    return [
        *minimum_tests(n=n, rng=np.random.default_rng([seed, 1])),
        *invariance_tests(n=n, rng=np.random.default_rng([seed, 2])),
        *direction_tests(n=n, rng=np.random.default_rng([seed, 3])),
    ]


def run_behaviour(
    model: TextClassifier, tests: Sequence[BehaviourTest]
) -> tuple[BehaviourResult, ...]:
    """Run a model through tests.

    Args:
        model: what to test.
        tests: each with at least one case.

    Returns:
        One result a test, in their order.

    Raises:
        InferenceError: the model returned another number of predictions than texts.
    """
    return tuple(_run_one(model, test) for test in tests)


def run_identity(
    model: TextClassifier, *, seed: int, n_resamples: int
) -> tuple[IdentityShift, ...]:
    """Swap identity terms and measure what moves.

    Args:
        model: what to test.
        seed: of the intervals.
        n_resamples: bootstrap samples.
    """
    rng = np.random.default_rng([seed, 4])
    return tuple(
        measure_shift(group, predict=model.predict, rng=rng, n_resamples=n_resamples)
        for group in identity_groups()
    )


def _run_one(model: TextClassifier, test: BehaviourTest) -> BehaviourResult:
    texts = [text for case in test.cases for text in case]
    predictions = iter(_predict(model, texts))
    outcomes = [(case, [next(predictions) for _ in case]) for case in test.cases]
    failed = [(case, said) for case, said in outcomes if not test.passes(said)]
    return BehaviourResult(
        name=test.name,
        kind=test.kind,
        expected=test.expected,
        share=Share(n=len(outcomes), held=len(outcomes) - len(failed)),
        # Spread over the failures, which stand in the order of their templates.
        failures=tuple(
            _described(*failed[place * len(failed) // _SHOWN_FAILURES])
            for place in range(min(_SHOWN_FAILURES, len(failed)))
        ),
    )


def _predict(model: TextClassifier, texts: Sequence[str]) -> list[Prediction]:
    predictions = model.predict(texts)
    if len(predictions) != len(texts):
        raise InferenceError(f"Wanted {len(texts):,} predictions, found {len(predictions):,}.")
    return predictions


def _described(case: tuple[str, ...], said: Sequence[Prediction]) -> str:
    return " → ".join(
        f"{text} [{prediction.label.word} {prediction.score:+.2f}]"
        for text, prediction in zip(case, said, strict=True)
    )
