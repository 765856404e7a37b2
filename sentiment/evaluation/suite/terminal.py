"""The suite's findings in short, for the terminal."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from sentiment.evaluation.suite.findings import SuiteFindings
from sentiment.evaluation.suite.summary import TARGET_PASS_RATE


def behaviour_table(findings: SuiteFindings) -> Table:
    """Return the pass rate of each behaviour test; those below the goal stand out."""
    table = Table(title="Behaviour: pass rates", title_justify="left")
    table.add_column("test", overflow="fold")
    for column in ("kind", "cases", "passed"):
        table.add_column(column, justify="right")
    for part in findings.behaviour:
        table.add_row(
            escape(part.name),
            part.kind.value,
            f"{part.share.n:,}",
            f"{part.share.value:.1%}",
            style="" if part.share.value >= TARGET_PASS_RATE else "yellow",
        )
    return table


def closing_lines(findings: SuiteFindings) -> list[str]:
    """Return what is said below the tables, one line each."""
    lines = [
        f"Identity ({shift.group}): largest shift {shift.largest_shift:.3f}, "
        f"{shift.largest_pair[0]} < {shift.largest_pair[1]}."
        for shift in findings.identity
    ]
    if findings.sarcasm is not None:
        lines.append(
            f"Sarcasm: {findings.sarcasm.same_label.value:.1%} of {findings.sarcasm.same_label.n:,}"
            " tweets get the label of what they mean."
        )
    chosen = findings.threshold
    if chosen is not None:
        choice = chosen.choice
        lines.append(
            f"Unsure threshold for a risk of {chosen.max_risk:.0%} on {chosen.chosen_on}: "
            + ("none keeps it." if choice is None else f"{choice.threshold:.3f}.")
        )
    lines.extend(
        f"{part.result.corpus}: {part.result.caution}"
        for part in findings.sets
        if part.result.caution
    )
    lines.extend(f"Not measured, {part.name}: {part.reason}" for part in findings.absent)
    return lines
