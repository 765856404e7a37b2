"""What a manager reads in a minute: a few sentences, each made of the figures below it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from sentiment.evaluation.intervals import PRIMARY_METRIC, Interval
from sentiment.evaluation.suite.findings import SetFindings, SuiteFindings
from sentiment.evaluation.suite.plan import REDDIT

TARGET_PASS_RATE = 0.9
"""What every behaviour test should reach."""

_FEW_ROWS = 300


def summary_section(findings: SuiteFindings) -> str:
    """Return the summary as HTML."""
    points = "".join(f"<li>{point}</li>" for point in _points(findings))
    return f'<section class="summary"><h2>In one minute</h2><ul>{points}</ul></section>'


def _points(findings: SuiteFindings) -> Iterator[str]:
    people = [part for part in findings.sets if part.result.human_labelled]
    if people:
        yield _said_of_people(people)
    yield from _said_of_machines(findings)
    if people:
        yield _said_of_confidence(people)
    if findings.behaviour:
        yield _said_of_behaviour(findings)
    if findings.identity:
        widest = max(findings.identity, key=lambda shift: shift.largest_shift)
        low, high = widest.largest_pair
        yield (
            "<strong>Groups of people:</strong> swapping an identity term moved one sentence's "
            f"score by at most {widest.largest_shift:.2f} (of a range of 2), between "
            f"{escape(low)} and {escape(high)}; on average over sentences by at most "
            f"{max(shift.mean_shift for shift in findings.identity):.2f}."
        )
    if findings.champion is not None:
        yield _said_of_champion(findings)
    if findings.absent:
        yield (
            "<strong>Not measured:</strong> "
            f"{escape(', '.join(part.name for part in findings.absent))} (not there)."
        )


def _said_of_people(people: list[SetFindings]) -> str:
    figures = "; ".join(
        f"{escape(part.result.corpus)} {_percent(part.result.scores.metrics['accuracy'])} "
        f"{_range(part.result.scores.intervals['accuracy'])}, macro-F1 {part.result.primary:.2f}"
        + (f" (only {part.result.scores.n:,} rows)" if part.result.scores.n < _FEW_ROWS else "")
        for part in people
    )
    return f"<strong>Labelled by people:</strong> right on {figures}."


def _said_of_machines(findings: SuiteFindings) -> Iterator[str]:
    for part in findings.sets:
        result = part.result
        if result.human_labelled:
            continue
        accuracy = result.scores.metrics["accuracy"]
        said = (
            f"<strong>Labelled by a machine ({escape(result.corpus)}):</strong> agrees on "
            f"{_percent(accuracy)} {_range(result.scores.intervals['accuracy'])}, macro-F1 "
            f"{result.primary:.2f}."
        )
        if result.corpus == REDDIT and result.baselines:
            said += (
                f" The lexicon TextBlob gets {result.baselines[0].metrics['accuracy']:.3f} there, "
                "because it wrote these labels: this figure says nothing about people."
            )
        yield said


def _said_of_confidence(people: list[SetFindings]) -> str:
    largest = max(people, key=lambda part: part.result.scores.n)
    worst = max(people, key=lambda part: part.confidence.calibration_error.value)
    surest = largest.confidence.surest
    return (
        f"<strong>Confidence:</strong> on the 80 % of {escape(largest.result.corpus)} it is surest "
        f"of, {_percent(surest.value)} {_range(surest.interval)} are right. Confidence misses "
        f"accuracy by {largest.confidence.calibration_error.value:.3f} on average there, and by "
        f"{worst.confidence.calibration_error.value:.3f} at worst ({escape(worst.result.corpus)})."
    )


def _said_of_behaviour(findings: SuiteFindings) -> str:
    passed = [part for part in findings.behaviour if part.share.value >= TARGET_PASS_RATE]
    weakest = sorted(findings.behaviour, key=lambda part: part.share.value)[:4]
    named = ", ".join(
        f"{escape(part.name)} {_percent(part.share.value)}"
        for part in weakest
        if part.share.value < TARGET_PASS_RATE
    )
    said = (
        f"<strong>Behaviour:</strong> {len(passed)} of {len(findings.behaviour)} tests reach "
        f"{_percent(TARGET_PASS_RATE)}"
    )
    return f"{said}. Weakest: {named}." if named else f"{said}."


def _said_of_champion(findings: SuiteFindings) -> str:
    better, worse = [], []
    for part in findings.sets:
        if part.against_champion is None:
            continue
        interval = part.against_champion.differences[PRIMARY_METRIC].interval
        if interval.low > 0:
            better.append(part.result.corpus)
        elif interval.high < 0:
            worse.append(part.result.corpus)
    return (
        "<strong>Against the champion:</strong> better by more than chance on "
        f"{escape(', '.join(better) or 'no set')}, worse on {escape(', '.join(worse) or 'none')}."
    )


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _range(interval: Interval) -> str:
    return f"[{interval.low:.0%}–{interval.high:.0%}]".replace("%", "")
