"""The model card: every figure with its interval, every caution, and what it must not be for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sentiment.config import (
    EvaluationConfig,
    ModelConfig,
    PipelineConfig,
    TeachingConfig,
    TrainingConfig,
)
from sentiment.corpora import corpus_info
from sentiment.evaluation.metrics import EvaluationResult
from sentiment.release.bundle import Parity, StatedRisk
from sentiment.release.card import render_card
from sentiment.release.card_behaviour import BehaviourFindings
from tests.evaluation.handmade import make_result
from tests.evaluation.suite.handmade import make_findings

CONFIG = PipelineConfig(
    name="mine",
    seed=41,
    corpora=["goemotions", "rated_tweets"],
    model=ModelConfig(base="minilm", max_length_tokens=96),
    training=TrainingConfig(epochs=4, learning_rate=1.5e-4),
    evaluation=EvaluationConfig(corpora=["goemotions"], primary="goemotions"),
)
FINDINGS = make_findings()
PARITY = Parity(
    rows=1_234, label_agreement=0.9912, largest_probability_gap=0.0871, macro_f1_loss=0.0023
)
TRAINING = {
    "precision": "bf16",
    "device": "cpu",
    "best_step": 610,
    "steps": 915,
    "validation": {"macro_f1": 0.7654},
}


def of_machine_labels() -> EvaluationResult:
    caution = corpus_info("youtube_gpt4o").caution
    assert caution
    result = make_result(corpus="youtube_gpt4o", labeller="GPT-4o", human_labelled=False)
    return replace(result, caution=caution)


def card(
    *results: EvaluationResult,
    config: PipelineConfig = CONFIG,
    stated_risk: StatedRisk | None = None,
    begun_with: str = CONFIG.model.base,
    soft_labels: dict[str, dict[str, int]] | None = None,
) -> str:
    return render_card(
        config,
        parity=PARITY,
        temperature=1.27,
        calibration_error=0.0312,
        unsure_below=0.5,
        stated_risk=stated_risk,
        rows_by_corpus={"goemotions": 43_210, "rated_tweets": 3_400},
        rows_taught={"reddit": 28_990} if config.teaching else {},
        training={
            **TRAINING,
            "config": {**config.model_dump(mode="json"), "model": {"base": begun_with}},
            "soft_labels": soft_labels or {},
        },
        results=results,
        behaviour=BehaviourFindings(FINDINGS.behaviour, FINDINGS.identity),
    )


def row_of(text: str, first_cell: str) -> list[str]:
    """Return the cells of the table row that begins with a cell."""
    lines = [line for line in text.splitlines() if line.startswith(f"| {first_cell} |")]
    (line,) = lines
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_card_holds_every_score_with_its_interval() -> None:
    result = make_result()
    cells = row_of(card(result), "goemotions")
    expected = []
    for metric in ("accuracy", "macro_f1", "macro_recall"):
        interval = result.scores.intervals[metric]
        expected.append(
            f"{result.scores.metrics[metric]:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
        )
    assert cells[:3] == ["goemotions", "people", "150"]
    assert cells[3:6] == expected
    assert cells[6] == f"{result.baselines[0].metrics['macro_f1']:.3f}"


def test_card_says_what_training_began_with() -> None:
    said = "Training began with the checkpoint of an earlier version"
    assert said in card(make_result(), begun_with="outputs/retrain/1/parent")
    assert said not in card(make_result())


def test_card_says_who_labelled_and_warns_of_machines() -> None:
    machine = of_machine_labels()
    text = card(make_result(), machine)
    assert row_of(text, "youtube_gpt4o")[1] == "GPT-4o"
    assert f"- youtube_gpt4o: {machine.caution}" in text
    assert "- goemotions:" not in text


@pytest.mark.parametrize(
    "figure",
    [
        "# Model card: mine",
        "`minilm`",
        "int8",
        "at most 96 tokens",
        "43,210",
        "3,400",
        "Seed 41",
        "learning_rate 0.00015",
        "bf16 on cpu",
        "step 610 of 915",
        "0.7654",
        "1,234 validation rows",
        "99.12% of labels agree",
        "largest probability gap is 0.087",
        "macro-F1 changes by -0.0023",
        "Temperature 1.27",
        "calibration error there is 0.031",
        "A confidence below 0.5 is reported as `unsure`",
        "cut after 96 tokens",
        "configs/mine.yaml",
    ],
)
def test_card_holds_the_figure(figure: str) -> None:
    assert figure in card(make_result())


def test_card_names_the_licence_and_labeller_of_what_was_trained_on() -> None:
    text = card(make_result())
    for name in CONFIG.corpora:
        info = corpus_info(name)
        assert f"| {name}: {info.title} |" in text
        assert info.labeller in text
        assert info.licence in text


def test_card_says_what_the_model_must_not_be_used_for() -> None:
    text = card(make_result())
    place = text.index("## What it must not be used for")
    assert "Judging a person" in text[place:]
    assert "## Known limits" in text[place:]


def test_card_says_why_the_threshold_is_what_it_is() -> None:
    stated = StatedRisk(max_risk=0.2, rows=1_234, coverage=0.871, risk=0.176, risk_bound=0.1988)
    text = card(make_result(), stated_risk=stated)
    assert "A confidence below 0.5000 is reported as `unsure`: chosen so that at most 20.0%" in text
    assert "on the same 1,234 validation rows" in text
    assert "There 87.1% are answered, and 17.6% of these are wrong (bound 19.9%)." in text


def test_card_holds_every_pass_rate_with_its_interval() -> None:
    text = card(make_result())
    for test in FINDINGS.behaviour:
        interval = test.share.interval
        cells = row_of(text, test.name)
        assert cells[1:4] == [test.kind.value, test.expected, f"{test.share.held} of 500"]
        assert cells[4] == f"{test.share.value:.1%} [{interval.low:.1%}, {interval.high:.1%}]"


def test_card_says_how_far_scores_move_between_groups() -> None:
    cells = row_of(card(make_result()), "nation")
    assert cells[1:4] == ["2 in 96", "0.310", "Polish < Danish"]
    assert cells[4:] == ["0.020 [0.010, 0.030], p = 0.041", "Polish < Danish", "93.8%"]


def test_card_says_who_taught_and_on_which_texts() -> None:
    assert "Taught by larger models" not in card(make_result())
    teaching = TeachingConfig(
        soft_labels="models/teacher/soft.csv", weight=0.25, corpora=["reddit"]
    )
    text = card(make_result(), config=CONFIG.model_copy(update={"teaching": teaching}))
    assert "`models/teacher/soft.csv`, weight 0.25" in text
    assert "28,990 of reddit" in text


def test_card_says_whose_labels_were_learned_alone() -> None:
    teaching = TeachingConfig(soft_labels="soft.csv", label_only=["semeval"])
    text = card(make_result(), config=CONFIG.model_copy(update={"teaching": teaching}))
    assert "Of semeval it learned the labels alone." in text


def test_card_says_of_which_texts_larger_models_said_nothing() -> None:
    taught = CONFIG.model_copy(update={"teaching": TeachingConfig(soft_labels="soft.csv")})
    shares = {
        "contrasts": {"texts": 9_500, "with_soft_label": 877},
        "goemotions": {"texts": 40, "with_soft_label": 40},
    }
    text = card(make_result(), config=taught, soft_labels=shares)
    assert "something of every text: 877 of 9,500 of contrasts." in text
