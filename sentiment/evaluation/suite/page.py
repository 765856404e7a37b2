"""The suite's findings as one page that loads nothing and runs nothing."""

from __future__ import annotations

from html import escape

from sentiment.evaluation.calibration import N_BINS
from sentiment.evaluation.figures import CSS, interval_figure
from sentiment.evaluation.intervals import PRIMARY_METRIC
from sentiment.evaluation.markup import cell, format_score, header_cell, number, page, table
from sentiment.evaluation.report import result_section
from sentiment.evaluation.suite.charts import CHART_CSS, Series, line_chart, reliability_chart
from sentiment.evaluation.suite.confidence import AtThreshold, Estimate
from sentiment.evaluation.suite.findings import SetFindings, SuiteFindings
from sentiment.evaluation.suite.sections import (
    behaviour_section,
    champion_section,
    identity_section,
    provenance_section,
    sarcasm_section,
)
from sentiment.evaluation.suite.summary import summary_section
from sentiment.evaluation.tables import METRIC_WORDS, overview_table

_PAGE_CSS = """
.summary{border:1px solid var(--line);border-radius:.5rem;padding:0 1.25rem .5rem;margin:1.25rem 0}
.summary h2{margin-top:1rem}.summary li{margin:.35rem 0}h3{margin:1.5rem 0 0;font-size:1.05rem}
td{max-width:26rem;overflow-wrap:anywhere}td.number{max-width:none}
@media print{
@page{size:A4 landscape;margin:12mm}
main{max-width:none;padding:0}body{font-size:12px}table{font-size:10.5px}
.scroll{overflow:visible}figure,tr,.summary{break-inside:avoid}h2,h3{break-after:avoid}
*{print-color-adjust:exact}}
"""


def render_suite_page(findings: SuiteFindings, *, with_texts: bool = False) -> str:
    """Return the page.

    Args:
        findings: of one run.
        with_texts: also print the texts of the surest mistakes; the page is then not for sharing.
    """
    results = [part.result for part in findings.sets]
    trained_on = ", ".join(findings.model.trained_on) or "nothing that is recorded"
    body = [
        (
            f"<h1>Evaluation of {escape(findings.model.name)}</h1><p><code>"
            f"{escape(findings.model.digest[:12])}</code>, trained on {escape(trained_on)}. "
            "Brackets hold 95 % intervals: how much a figure could differ with other comments of "
            "the same kind. Accuracy is the share of right labels; macro-F1 and macro recall count "
            "the three classes alike, however rare.</p>"
        ),
        summary_section(findings),
        "<section><h2>Scores by set</h2>",
        overview_table(results),
        interval_figure(results, metric=PRIMARY_METRIC, title=METRIC_WORDS[PRIMARY_METRIC]),
        _absent(findings),
        "</section>",
        champion_section(findings),
        provenance_section(findings),
        _confidence_section(findings),
        behaviour_section(findings),
        identity_section(findings),
        sarcasm_section(findings.sarcasm),
        *(_set_section(part, with_texts=with_texts) for part in findings.sets),
    ]
    title = f"Evaluation of {findings.model.name}"
    return page(title, css=CSS + CHART_CSS + _PAGE_CSS, body=[part for part in body if part])


def _absent(findings: SuiteFindings) -> str:
    listed = "".join(
        f"<li><strong>{escape(part.name)}</strong>: {escape(part.reason)}</li>"
        for part in findings.absent
    )
    return f"<p>Not measured:</p><ul>{listed}</ul>" if listed else ""


def _confidence_section(findings: SuiteFindings) -> str:
    body = [
        header_cell(part.result.corpus)
        + number(f"{part.result.scores.n:,}")
        + _estimate(part.confidence.calibration_error)
        + _estimate(part.confidence.brier)
        + _estimate(part.confidence.risk_area)
        + number(format_score(part.confidence.surest.value, part.confidence.surest.interval))
        for part in findings.sets
    ]
    columns = ["set", "rows", "ECE", "Brier", "AURC", "accuracy on surest 80 %"]
    charts = "".join(
        reliability_chart(part.confidence.bins, title=part.result.corpus) for part in findings.sets
    )
    risks = "".join(
        line_chart(
            [Series("share wrong of what is answered", part.confidence.risk_coverage)],
            title=part.result.corpus,
            x="coverage: share answered",
            y="risk",
        )
        for part in findings.sets
    )
    return (
        "<section><h2>Can its confidence be believed?</h2>"
        f"<p>ECE is the gap between confidence and accuracy, averaged over {N_BINS} equal bins by "
        "their rows (Guo et al. 2017); it is never below 0, so small sets look worse than they "
        "are, and the bracket, which allows for that, reaches further down than up. Brier is the "
        "squared distance over three classes (0 perfect, 0.667 knows nothing). "
        "AURC is the mean risk over all coverages, surest rows first (Geifman et al. 2019).</p>"
        + table("Confidence by set", columns, body)
        + "<h3>When it says “unsure”</h3>"
        + _said_of_threshold(findings)
        + _thresholds(findings)
        + "<h3>Reliability: dots on the dotted line are honest</h3>"
        + f'<div class="charts">{charts}</div>'
        + "<h3>Risk and coverage</h3>"
        + f'<div class="charts">{risks}</div></section>'
    )


def _thresholds(findings: SuiteFindings) -> str:
    body = [
        header_cell(part.result.corpus)
        + "".join(_at_threshold(at) for at in part.confidence.at_thresholds)
        for part in findings.sets
    ]
    columns = ["set"]
    for at in findings.sets[0].confidence.at_thresholds:
        columns += [f"answered at {at.threshold:.3f}", "right of these"]
    return table("What a threshold does to each set", columns, body)


def _said_of_threshold(findings: SuiteFindings) -> str:
    chosen = findings.threshold
    said = f"<p>The bundle says “unsure” below {findings.unsure_below:.3f}. "
    if chosen is None:
        return f"{said}No validation rows were there to choose a threshold on.</p>"
    if chosen.choice is None:
        return (
            f"{said}No threshold keeps a risk of {chosen.max_risk:.0%} on {chosen.n:,} rows of "
            f"{escape(chosen.chosen_on)}.</p>"
        )
    return (
        f"{said}For a risk of at most {chosen.max_risk:.0%}, with 95 % certainty, "
        f"{escape(chosen.chosen_on)} ({chosen.n:,} rows) asks for "
        f"<strong>{chosen.choice.threshold:.3f}</strong>: {chosen.choice.coverage:.1%} answered, "
        f"{chosen.choice.risk:.1%} of these wrong. The promise holds for comments of that kind; "
        "what becomes of it elsewhere stands below.</p>"
    )


def _set_section(part: SetFindings, *, with_texts: bool) -> str:
    roc = [Series(f"{curve.label} {curve.roc_area:.3f}", curve.roc) for curve in part.curves]
    precision = [
        Series(f"{curve.label} {curve.average_precision:.3f}", curve.precision_recall)
        for curve in part.curves
    ]
    name = part.result.corpus
    charts = line_chart(
        roc,
        title="ROC, class against rest (area)",
        x="false positive rate",
        y="true positive rate",
        diagonal=True,
    ) + line_chart(
        precision, title="Precision-recall (average precision)", x="recall", y="precision"
    )
    ending = "</section>"
    return "".join(
        [
            result_section(part.result).removesuffix(ending),
            f'<h3>Curves of {escape(name)}</h3><div class="charts">{charts}</div>',
            _mistakes(part, with_texts=with_texts),
            ending,
        ]
    )


def _mistakes(part: SetFindings, *, with_texts: bool) -> str:
    if not part.mistakes:
        return ""
    body = [
        number(f"{mistake.row:,}")
        + cell(mistake.truth)
        + cell(mistake.said)
        + number(f"{mistake.confidence:.3f}")
        + (cell(mistake.text) if with_texts else "")
        for mistake in part.mistakes
    ]
    columns = ["row", "truth", "said", "confidence", *(["text"] if with_texts else [])]
    hint = (
        "Holds comments of others: keep this page to yourself."
        if with_texts
        else "Texts are left out, so that the page may be shared; --with-texts prints them."
    )
    return table("Surest mistakes", columns, body) + f"<p><small>{hint}</small></p>"


def _estimate(found: Estimate) -> str:
    return number(format_score(found.value, found.interval))


def _at_threshold(at: AtThreshold) -> str:
    right = "none" if at.right is None else format_score(at.right.value, at.right.interval)
    return number(f"{at.answered.value:.1%}") + number(right)
