"""The tables of an evaluation result, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from sentiment.evaluation.intervals import HEADLINE_METRICS
from sentiment.evaluation.markup import cell, format_score, header_cell, number, table
from sentiment.evaluation.metrics import EvaluationResult, SliceScore
from sentiment.evaluation.slices import describe_slices
from sentiment.labels import LABEL_NAMES

FEW_ROWS = 50
TOO_FEW_ROWS = 10
"""A bootstrap of fewer rows gives intervals that are far too narrow."""

METRIC_WORDS = {"accuracy": "accuracy", "macro_f1": "macro-F1", "macro_recall": "macro recall"}


def overview_table(results: Sequence[EvaluationResult]) -> str:
    """Return the headline scores of every result, one row each."""
    body = []
    for result in results:
        scores = result.scores
        cells = [
            header_cell(result.corpus),
            cell(result.labeller),
            number(f"{scores.n:,}"),
            *(
                number(format_score(scores.metrics[name], scores.intervals[name]))
                for name in HEADLINE_METRICS
            ),
            number(
                "; ".join(
                    f"{baseline.name} {baseline.metrics['accuracy']:.3f} / "
                    f"{baseline.metrics['macro_f1']:.3f}"
                    for baseline in result.baselines
                )
                or "none"
            ),
        ]
        body.append("".join(cells))
    columns = [
        "corpus",
        "labelled by",
        "rows",
        *(METRIC_WORDS[name] for name in HEADLINE_METRICS),
        "beside it (accuracy / macro-F1)",
    ]
    return table("Overview", columns, body)


def class_table(result: EvaluationResult) -> str:
    """Return precision, recall and F1 of each class."""
    scores = result.scores
    body = [
        "".join(
            [
                header_cell(label),
                *(
                    number(
                        format_score(
                            scores.metrics[f"{label}_{score}"],
                            scores.intervals[f"{label}_{score}"],
                        )
                    )
                    for score in ("precision", "recall", "f1")
                ),
                number(f"{support:,}"),
            ]
        )
        for label, support in zip(LABEL_NAMES, scores.support, strict=True)
    ]
    return table("By class", ["class", "precision", "recall", "F1", "rows"], body)


def confusion_table(result: EvaluationResult) -> str:
    """Return the counts of true and predicted class, shaded by share."""
    body = []
    for label, counts in zip(LABEL_NAMES, result.scores.confusion, strict=True):
        total = max(sum(counts), 1)
        cells = "".join(
            f'<td class="number heat" style="--share:{count / total:.3f}">{count:,}'
            f"<small> {count / total:.0%}</small></td>"
            for count in counts
        )
        body.append(header_cell(f"truly {label}") + cells)
    return table(
        "Confusion (share of each row)", ["", *(f"said {name}" for name in LABEL_NAMES)], body
    )


def slice_table(slices: Sequence[SliceScore]) -> str:
    """Return the headline scores of each slice; nothing where there is none."""
    if not slices:
        return ""
    described = describe_slices()
    body = [
        "".join(
            [
                header_cell(part.name),
                cell(described.get(part.name, "")),
                number(f"{part.n:,}"),
                *(
                    number(
                        "too few"
                        if part.n < TOO_FEW_ROWS
                        else format_score(part.metrics[name], part.intervals[name])
                    )
                    for name in HEADLINE_METRICS
                ),
            ]
        )
        for part in slices
    ]
    columns = ["slice", "what it holds", "rows", *(METRIC_WORDS[name] for name in HEADLINE_METRICS)]
    return (
        table("By property of the text", columns, body)
        + f"<p><small>Below {FEW_ROWS} rows a slice says little, whatever its interval.</small></p>"
    )
