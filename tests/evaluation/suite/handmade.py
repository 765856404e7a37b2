"""Findings of a suite, built by hand from small random numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sentiment.evaluation.behaviour.cases import BehaviourResult, Kind
from sentiment.evaluation.behaviour.identity import IdentityShift
from sentiment.evaluation.curves import class_curves
from sentiment.evaluation.intervals import Interval
from sentiment.evaluation.metrics import Baseline
from sentiment.evaluation.proportions import Share
from sentiment.evaluation.report import LabelledRows
from sentiment.evaluation.selective import RiskThreshold
from sentiment.evaluation.suite.champion import compare_with_champion
from sentiment.evaluation.suite.confidence import measure_confidence
from sentiment.evaluation.suite.findings import (
    ChosenThreshold,
    ModelIdentity,
    SetFindings,
    SuiteFindings,
)
from sentiment.evaluation.suite.mistakes import Mistake
from sentiment.evaluation.suite.plan import AbsentSet
from sentiment.evaluation.suite.sarcasm import LabelShares, SarcasmFindings
from tests.evaluation.handmade import make_result

SECRET = "a comment that somebody wrote <b>"


def make_set(
    corpus: str, *, human_labelled: bool = True, lexicon: float = 0.6, with_champion: bool = False
) -> SetFindings:
    """Return findings on 150 random rows."""
    rng = np.random.default_rng(len(corpus))
    classes = rng.integers(0, 3, size=150)
    probabilities = rng.dirichlet([1, 1, 1], size=150) * 0.6 + np.eye(3)[classes] * 0.4
    said = probabilities.argmax(axis=1)
    result = make_result(corpus=corpus, human_labelled=human_labelled)
    headline = dict.fromkeys(("accuracy", "macro_f1", "macro_recall"), lexicon)
    return SetFindings(
        result=replace(result, baselines=(Baseline("textblob", headline),)),
        rows=LabelledRows(corpus, classes, said),
        confidence=measure_confidence(probabilities, classes, thresholds=[0.5, 0.7], rng=rng),
        curves=class_curves(classes, probabilities),
        mistakes=(Mistake(3, "negative", "positive", 0.98, SECRET),),
        against_champion=compare_with_champion(classes, said, classes, seed=1, n_resamples=200)
        if with_champion
        else None,
    )


def make_findings(*, with_champion: bool = False) -> SuiteFindings:
    """Return findings with everything in them."""
    shares = tuple(Share(n=100, held=held) for held in (20, 30, 50))
    return SuiteFindings(
        model=ModelIdentity("handmade", "ab" * 32, ("semeval",)),
        champion=ModelIdentity("champion", "cd" * 32, ()) if with_champion else None,
        unsure_below=0.5,
        threshold=ChosenThreshold(
            0.2, "goemotions, validation", 900, RiskThreshold(0.7, 0.6, 0.15, 0.19)
        ),
        sets=(
            make_set("goemotions", with_champion=with_champion),
            make_set("reddit", human_labelled=False, lexicon=1.0, with_champion=with_champion),
        ),
        absent=(AbsentSet("tweeteval", "The corpus tweeteval is not there."),),
        behaviour=(
            BehaviourResult("not bad", Kind.MINIMUM, "positive", Share(n=500, held=480), ()),
            BehaviourResult(
                "one typing error", Kind.INVARIANCE, "stays", Share(n=500, held=300), ("Tihs",)
            ),
            BehaviourResult("praise added", Kind.DIRECTION, "rises", Share(n=500, held=500), ()),
        ),
        identity=(
            IdentityShift(
                group="nation",
                n_sentences=96,
                n_terms=2,
                largest_shift=0.31,
                largest_pair=("Polish", "Danish"),
                largest_sentence="The {term} host.",
                mean_shift=0.02,
                mean_pair=("Polish", "Danish"),
                mean_interval=Interval(0.01, 0.03),
                p_value=0.041,
                same_label=Share(n=96, held=90),
                mean_by_term={"Polish": -0.01, "Danish": 0.01},
            ),
        ),
        sarcasm=SarcasmFindings(
            labeller="the authors of the tweets",
            kinds=(LabelShares("sarcastic", shares), LabelShares("what it means", shares)),
            same_label=Share(n=100, held=55),
            read_literally=Share(n=100, held=12),
            p_value=0.004,
        ),
        seed=13,
    )
