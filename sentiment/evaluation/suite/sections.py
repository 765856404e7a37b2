"""The parts of the page that are about a model as a whole rather than one set."""

from __future__ import annotations

from html import escape

from sentiment.evaluation.behaviour.cases import Kind
from sentiment.evaluation.intervals import HEADLINE_METRICS
from sentiment.evaluation.lexicons import TEXTBLOB
from sentiment.evaluation.markup import cell, format_score, header_cell, number, table
from sentiment.evaluation.proportions import Share, wilson_interval
from sentiment.evaluation.suite.charts import Rate, rate_chart
from sentiment.evaluation.suite.findings import SuiteFindings
from sentiment.evaluation.suite.sarcasm import SarcasmFindings
from sentiment.evaluation.suite.summary import TARGET_PASS_RATE
from sentiment.evaluation.tables import METRIC_WORDS
from sentiment.labels import LABEL_NAMES


def provenance_section(findings: SuiteFindings) -> str:
    """Return where the labels come from: who gave them, and how often a lexicon agrees."""
    body = []
    for part in findings.sets:
        result = part.result
        lexicon = next((base for base in result.baselines if base.name == TEXTBLOB), None)
        if lexicon is None:
            continue
        n = result.scores.n
        agreed = round(lexicon.metrics["accuracy"] * n)
        interval = wilson_interval(agreed, n)
        body.append(
            header_cell(result.corpus)
            + cell(result.labeller)
            + number(f"{agreed:,} of {n:,}")
            + number(format_score(agreed / n, interval))
        )
    return (
        "<section><h2>Where the labels come from</h2><p>How often the sign of TextBlob's polarity "
        "IS the label. People agree with that lexicon on some 5 to 7 of 10 texts. A set on which "
        "it agrees always was labelled by it: a score there tells how well a model copies "
        "a lexicon.</p>"
        + table("Labels equal to sign(TextBlob polarity)", _PROVENANCE_COLUMNS, body)
        + "</section>"
    )


def behaviour_section(findings: SuiteFindings) -> str:
    """Return pass rates by kind of test, and sentences that failed."""
    opening = (
        "<section><h2>Behaviour</h2><p>Sentences made for the purpose, after CheckList (Ribeiro "
        "et al. 2020); the dashed line is the goal. Intervals are Wilson's: for other words in "
        "these templates, not for other sentences.</p>"
    )
    parts = [opening]
    for kind in Kind:
        results = [part for part in findings.behaviour if part.kind is kind]
        rates = [Rate(part.name, part.share.value, part.share.interval) for part in results]
        parts.append(f"<h3>{escape(kind.value.capitalize())}</h3>")
        parts.append(rate_chart(rates, title=f"pass rates, {kind.value}", target=TARGET_PASS_RATE))
        body = [
            header_cell(part.name)
            + cell(part.expected)
            + number(_fraction(part.share))
            + number(format_score(part.share.value, part.share.interval))
            + cell(part.failures[0] if part.failures else "")
            for part in results
        ]
        parts.append(
            table("Cases", ["test", "passes when", "passed", "pass rate", "one that failed"], body)
        )
    return "".join([*parts, "</section>"])


def identity_section(findings: SuiteFindings) -> str:
    """Return how far scores move when only an identity term changes."""
    body = [
        header_cell(shift.group)
        + number(f"{shift.n_terms} in {shift.n_sentences}")
        + number(f"{shift.largest_shift:.3f}")
        + cell(f"{shift.largest_pair[0]} < {shift.largest_pair[1]}: “{shift.largest_sentence}”")
        + number(f"{format_score(shift.mean_shift, shift.mean_interval)}, p = {shift.p_value:.2g}")
        + cell(f"{shift.mean_pair[0]} < {shift.mean_pair[1]}")
        + number(f"{shift.same_label.value:.1%}")
        for shift in findings.identity
    ]
    return (
        "<section><h2>Identity terms</h2><p>The same sentence with another gender, nation or "
        "religion should score the same; scores run from -1 to +1. The widest pair is picked "
        "after the fact, so its mean shift is somewhat too large and its interval, over other "
        "templates, seldom holds 0; p is how often shuffled terms shift as far.</p>"
        + table("Shift of the score when only the term changes", _IDENTITY_COLUMNS, body)
        + "</section>"
    )


def sarcasm_section(sarcasm: SarcasmFindings | None) -> str:
    """Return what sarcastic wording does to the label; nothing without its set."""
    if sarcasm is None:
        return ""
    body = [
        header_cell(part.kind)
        + number(f"{part.shares[0].n:,}")
        + "".join(number(format_score(share.value, share.interval)) for share in part.shares)
        for part in sarcasm.kinds
    ]
    return (
        "<section><h2>Sarcasm</h2><p>iSarcasmEval has no labels of sentiment: "
        f"{escape(sarcasm.labeller)} called them sarcastic and wrote what they mean. So this is no "
        "accuracy; wording and meaning should get the same label. They do on "
        f"<strong>{format_score(sarcasm.same_label.value, sarcasm.same_label.interval)}</strong> "
        f"of {sarcasm.same_label.n:,} pairs. Called positive though the meaning is called "
        "negative: "
        f"{format_score(sarcasm.read_literally.value, sarcasm.read_literally.interval)}. That "
        "wording and meaning are called positive equally often has p = "
        f"{sarcasm.p_value:.2g} (McNemar, exact).</p>"
        + table(
            "Labels that the model gives",
            ["texts", "rows", *(f"called {name}" for name in LABEL_NAMES)],
            body,
        )
        + "</section>"
    )


def champion_section(findings: SuiteFindings) -> str:
    """Return the model beside the one in use; nothing where there is none."""
    if findings.champion is None:
        return ""
    body = []
    for part in findings.sets:
        against = part.against_champion
        if against is None:
            continue
        differences = "".join(
            number(
                f"{found.difference:+.3f} [{found.interval.low:+.3f}, {found.interval.high:+.3f}]"
            )
            for found in (against.differences[name] for name in HEADLINE_METRICS)
        )
        body.append(
            header_cell(part.result.corpus)
            + number(f"{part.result.scores.n:,}")
            + differences
            + number(f"{against.only_candidate:,} / {against.only_champion:,}")
            + number(f"{against.p_value:.2g}")
        )
    columns = [
        *("set", "rows", *(METRIC_WORDS[name] for name in HEADLINE_METRICS)),
        *("right alone: this / champion", "p (McNemar)"),
    ]
    return (
        "<section><h2>Against the champion</h2><p>This model minus "
        f"<strong>{escape(findings.champion.name)}</strong> "
        f"<code>{escape(findings.champion.digest[:12])}</code> on the same rows: paired bootstrap "
        "intervals, and McNemar's exact test of accuracy. p-values are not corrected for the "
        "number of sets.</p>" + table("Difference", columns, body) + "</section>"
    )


def _fraction(share: Share) -> str:
    return f"{share.held:,} of {share.n:,}"


_PROVENANCE_COLUMNS = ["set", "labelled by", "equal", "share equal"]
_IDENTITY_COLUMNS = [
    "group",
    "terms in sentences",
    "largest shift",
    "between",
    "largest mean shift",
    "between",
    "one label for all terms",
]
