"""The model card: what a bundle is, what it was made of, how good it is and is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sentiment.config import PipelineConfig, TrainingConfig
from sentiment.corpora import corpus_info
from sentiment.evaluation.metrics import EvaluationResult
from sentiment.release.bundle import Parity, StatedRisk
from sentiment.release.card_behaviour import (
    BehaviourFindings,
    behaviour_section,
    identity_section,
)

_USES = """\
## What it is for
Labelling public English comments below videos as negative, neutral or positive, to be counted:
what share of a video's comments feels which way. A single label is often wrong; a share over
hundreds of comments is steadier.

## What it must not be used for
- Judging a person: hiring, credit, policing, moderation of an account, or any inference about
  somebody's health, politics or religion.
- Deciding anything on one comment without a person reading it.
- Languages other than English. The service marks such comments `not_english`; their labels mean
  nothing.

## Known limits
- Irony and sarcasm are mostly read literally.
- Neutral is the hardest class: people who label disagree about it too, and corpora draw the line
  in different places.
- Feeling about the video, about its subject and about another comment are not told apart.
- Long comments are cut after {max_length_tokens} tokens.
- Most training texts are Reddit comments and tweets of 2011-2018: newer slang may be misread.
- Group terms in a comment can shift its score: by how much stands under "Groups of people".
"""


def render_card(
    config: PipelineConfig,
    *,
    parity: Parity,
    temperature: float,
    calibration_error: float,
    unsure_below: float,
    stated_risk: StatedRisk | None,
    rows_by_corpus: Mapping[str, int],
    rows_taught: Mapping[str, int],
    training: Mapping[str, Any],
    results: Sequence[EvaluationResult],
    behaviour: BehaviourFindings,
) -> str:
    """Return the card as Markdown.

    Args:
        config: what it was exported with.
        parity: of the exported graph against the checkpoint.
        temperature: of the calibration.
        calibration_error: expected calibration error on validation, in [0, 1].
        unsure_below: a smaller confidence is `unsure`.
        stated_risk: why it is that; None where it was set by hand.
        rows_by_corpus: training rows by corpus.
        rows_taught: rows by corpus whose texts were learned without their labels.
        training: the summary that `sentiment train` wrote; its configuration is the recipe.
        results: on the test sets, in the order to show them.
        behaviour: on sentences made for the purpose.
    """
    teaching = training["config"].get("teaching")
    sections = [
        f"# Model card: {config.name}",
        (
            "Three-way sentiment of English comments. Base model "
            f"`{config.model.base}`, weights in {config.export.quantisation}, at most "
            f"{config.model.max_length_tokens} tokens."
        ),
        _data_section(rows_by_corpus),
        *([_teaching_section(teaching, rows_taught, training)] if teaching else []),
        _recipe_section(training, base=config.model.base),
        _results_section(results),
        behaviour_section(behaviour.tests),
        identity_section(behaviour.identity),
        (
            "## Export and calibration\n"
            f"Against the checkpoint on {parity.rows:,} validation rows: "
            f"{parity.label_agreement:.2%} of labels agree, the largest probability gap is "
            f"{parity.largest_probability_gap:.3f}, macro-F1 changes by "
            f"{-parity.macro_f1_loss:+.4f}. Temperature {temperature} was fitted on the same "
            f"validation rows; the expected "
            f"calibration error there is {calibration_error:.3f}. "
            + _said_of_unsure(unsure_below, stated_risk)
        ),
        _USES.format(max_length_tokens=config.model.max_length_tokens).rstrip(),
        (
            "## Make it again\n"
            f"`sentiment download --all && sentiment train --config configs/{config.name}.yaml && "
            f"sentiment export --config configs/{config.name}.yaml`"
        ),
    ]
    return "\n\n".join(sections) + "\n"


def _said_of_unsure(unsure_below: float, stated: StatedRisk | None) -> str:
    if stated is None:
        return f"A confidence below {unsure_below} is reported as `unsure`."
    return (
        f"A confidence below {unsure_below:.4f} is reported as `unsure`: chosen so that at most "
        f"{stated.max_risk:.1%} of the other labels are wrong, with 95 % certainty (Geifman and "
        f"El-Yaniv 2017), on the same {stated.rows:,} validation rows. There {stated.coverage:.1%} "
        f"are answered, and {stated.risk:.1%} of these are wrong (bound {stated.risk_bound:.1%}). "
        "The promise holds for comments of that kind alone, and is a little too good: these rows "
        "chose the checkpoint and the temperature too."
    )


def _data_section(rows_by_corpus: Mapping[str, int]) -> str:
    lines = [
        "## Trained on",
        "| corpus | rows | labelled by | licence |",
        "| --- | --- | --- | --- |",
    ]
    for name, n_rows in rows_by_corpus.items():
        info = corpus_info(name)
        lines.append(f"| {name}: {info.title} | {n_rows:,} | {info.labeller} | {info.licence} |")
    lines.append("")
    lines.append(
        "Rows after removing blanks, exact and near duplicates, and every copy of a test or "
        "validation row."
    )
    return "\n".join(lines)


def _teaching_section(
    teaching: Mapping[str, Any], rows_taught: Mapping[str, int], training: Mapping[str, Any]
) -> str:
    text = (
        "## Taught by larger models\n"
        "Beside the labels it learned the probabilities of larger models "
        f"(`{teaching['soft_labels']}`, weight {teaching['weight']}; after Hinton et al. 2015), "
        "which `sentiment teach` wrote."
    )
    if rows_taught:
        named = ", ".join(f"{n:,} of {name}" for name, n in rows_taught.items())
        text += f" Texts that it saw without their labels: {named}."
    if label_only := teaching.get("label_only"):
        text += f" Of {', '.join(label_only)} it learned the labels alone."
    fewer = [
        f"{share['with_soft_label']:,} of {share['texts']:,} of {name}"
        for name, share in training.get("soft_labels", {}).items()
        if share["with_soft_label"] < share["texts"]
    ]
    if fewer:
        text += f" Where they had not said something of every text: {', '.join(fewer)}."
    return text


def _recipe_section(training: Mapping[str, Any], *, base: str) -> str:
    validation = training.get("validation", {})
    trained = training["config"]
    values = trained["training"]
    recipe = ", ".join(
        f"{name} {values[name]}"
        for name in TrainingConfig.model_fields
        if values.get(name) is not None
    )
    averaged = training.get("averaged_steps") or []
    if len(averaged) > 1:
        kept = f"mean of the checkpoints of steps {', '.join(map(str, sorted(averaged)))}"
        choice = "chosen"
    else:
        kept, choice = f"checkpoint of step {training.get('best_step')}", "the best"
    begun = (
        ""
        if trained["model"]["base"] == base
        else "Training began with the checkpoint of an earlier version of this model. "
    )
    return (
        f"## Recipe\nSeed {trained['seed']}; {recipe}. {begun}Trained in "
        f"{training.get('precision')} on {training.get('device')}; kept the {kept} of "
        f"{training.get('steps')}, {choice} by validation macro-F1 "
        f"({validation.get('macro_f1', float('nan')):.4f})."
    )


def _results_section(results: Sequence[EvaluationResult]) -> str:
    lines = [
        "## Results",
        (
            "Of the exported model as it is served, with 95 % bootstrap intervals. TextBlob, a "
            "lexicon, stands beside it."
        ),
        "",
        "| test set | labelled by | n | accuracy | macro-F1 | macro recall | TextBlob macro-F1 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for result in results:
        cells = []
        for metric in ("accuracy", "macro_f1", "macro_recall"):
            interval = result.scores.intervals[metric]
            cells.append(
                f"{result.scores.metrics[metric]:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
            )
        lexicon = next((base.metrics["macro_f1"] for base in result.baselines), float("nan"))
        cells.append(f"{lexicon:.3f}")
        lines.append(
            f"| {result.corpus} | {result.labeller} | {result.scores.n:,} | {' | '.join(cells)} |"
        )
    cautions = [f"- {result.corpus}: {result.caution}" for result in results if result.caution]
    return "\n".join([*lines, *([""] if cautions else []), *cautions])
