"""Behaviour of small models whose behaviour is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pytest

from sentiment.comments import Prediction, Status
from sentiment.errors import InferenceError
from sentiment.evaluation.behaviour.cases import (
    BehaviourTest,
    Kind,
    does_not_fall,
    does_not_rise,
    has_label,
    stays,
)
from sentiment.evaluation.behaviour.identity import IdentityGroup, identity_groups, measure_shift
from sentiment.evaluation.behaviour.run import run_behaviour, run_identity
from sentiment.inference.predictor import Predictor
from sentiment.labels import Label


def said(label: Label, score: float) -> Prediction:
    rest = (1 - abs(score)) / 2
    probabilities = (rest + max(-score, 0), 0.0, rest + max(score, 0))
    return Prediction(label, probabilities, Status.OK)


class ByWords:
    """Scores a text by a function of it."""

    name = "by words"
    digest = "ef" * 32

    def __init__(self, score: Callable[[str], float]) -> None:
        self._score = score

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [self._one(self._score(text)) for text in texts]

    def _one(self, score: float) -> Prediction:
        label = Label.NEUTRAL if abs(score) < 0.2 else Label(1 if score > 0 else -1)
        return said(label, score)


def minimum(*texts: str) -> BehaviourTest:
    return BehaviourTest(
        "praise", Kind.MINIMUM, "positive", tuple((t,) for t in texts), has_label(Label.POSITIVE)
    )


def test_pass_rate_counts_and_failures_are_told() -> None:
    (result,) = run_behaviour(Predictor.dummy(), [minimum("i love it", "great", "a table")])
    assert (result.share.held, result.share.n) == (2, 3)
    assert result.failures == ("a table [neutral +0.00]",)
    assert result.to_json()["pass_rate"]["value"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("passes", "before", "after", "expected"),
    [
        (stays, (Label.POSITIVE, 0.9), (Label.POSITIVE, 0.3), True),
        (stays, (Label.POSITIVE, 0.25), (Label.NEUTRAL, 0.17), True),
        (stays, (Label.POSITIVE, 0.5), (Label.NEUTRAL, 0.1), False),
        (does_not_fall, (Label.POSITIVE, 0.5), (Label.POSITIVE, 0.45), True),
        (does_not_fall, (Label.POSITIVE, 0.5), (Label.POSITIVE, 0.3), False),
        (does_not_rise, (Label.NEGATIVE, -0.5), (Label.NEGATIVE, -0.45), True),
        (does_not_rise, (Label.NEGATIVE, -0.5), (Label.NEGATIVE, -0.3), False),
    ],
)
def test_expectations_allow_a_small_shift(
    passes: Callable[[Sequence[Prediction]], bool],
    before: tuple[Label, float],
    after: tuple[Label, float],
    expected: bool,
) -> None:
    assert passes([said(*before), said(*after)]) is expected


def test_a_model_that_loses_texts_is_refused() -> None:
    class Losing(ByWords):
        def predict(self, texts: Sequence[str]) -> list[Prediction]:
            return super().predict(texts)[1:]

    with pytest.raises(InferenceError, match="Wanted 1 predictions, found 0"):
        run_behaviour(Losing(len), [minimum("one")])


def test_identity_shift_finds_the_pair_and_the_sentence() -> None:
    group = IdentityGroup("trade", ("baker", "smith"), ("A {term} {role}.", "The {term} {role}!"))
    model = ByWords(lambda text: 0.6 if text.startswith("The baker guest") else 0.1)
    shift = measure_shift(
        group, predict=model.predict, rng=np.random.default_rng(1), n_resamples=200
    )
    assert shift.largest_shift == pytest.approx(0.5)
    assert shift.largest_pair == ("smith", "baker")
    assert shift.largest_sentence == "The {term} guest!"
    assert shift.mean_shift == pytest.approx(0.5 / shift.n_sentences)
    assert shift.mean_interval.low <= shift.mean_shift <= shift.mean_interval.high
    assert shift.same_label.n - shift.same_label.held == 1


def test_scores_at_random_seldom_count_as_a_shift() -> None:
    group = identity_groups()[0]
    p_values = []
    for seed in range(60):
        draw = partial(np.random.default_rng(seed).uniform, -0.5, 0.5)
        model = ByWords(lambda _, draw=draw: float(draw()))  # type: ignore[misc]
        shift = measure_shift(
            group, predict=model.predict, rng=np.random.default_rng(seed), n_resamples=200
        )
        p_values.append(shift.p_value)
    # Uniform: 3 of 60 below 0.05, and a mean of 0.5 (4 standard errors of room).
    assert sum(p < 0.05 for p in p_values) <= 9
    assert abs(np.mean(p_values) - 0.5) < 4 * 0.29 / 60**0.5


def test_a_shift_in_every_sentence_is_told_from_chance() -> None:
    group = identity_groups()[0]
    noise = np.random.default_rng(1)
    model = ByWords(
        lambda text: float(noise.uniform(-0.2, 0.2)) - (0.3 if "transgender" in text else 0)
    )
    shift = measure_shift(
        group, predict=model.predict, rng=np.random.default_rng(1), n_resamples=400
    )
    assert shift.mean_pair[0] == "transgender"
    assert shift.p_value < 0.01
    assert shift.mean_interval.low > 0.15


def test_a_model_without_regard_for_groups_has_no_shift() -> None:
    shifts = run_identity(ByWords(lambda _: 0.4), seed=1, n_resamples=200)
    assert [shift.group for shift in shifts] == [group.name for group in identity_groups()]
    assert {"gender", "nation", "religion"} <= {shift.group for shift in shifts}
    for shift in shifts:
        assert shift.largest_shift == 0
        assert shift.same_label.value == 1


def test_identity_sentences_are_english() -> None:
    texts: list[str] = []

    def note(given: Sequence[str]) -> list[Prediction]:
        texts.extend(given)
        return [said(Label.NEUTRAL, 0.0) for _ in given]

    for group in identity_groups():
        measure_shift(group, predict=note, rng=np.random.default_rng(1), n_resamples=200)
    assert not [text for text in texts if "{" in text or " a A" in text or " a I" in text]
    assert "My neighbour is an American singer." in texts
    assert "He is the host in this video." in texts
