"""A retraining as one page that loads nothing and runs nothing, and the same as JSON.

No text of a comment is in either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from sentiment.evaluation.figures import CSS
from sentiment.evaluation.intervals import Interval
from sentiment.evaluation.markup import cell, format_score, header_cell, number, page, table
from sentiment.files import write_json, write_text
from sentiment.retraining.state import Outcome, RetrainState

_SHOWN_METRICS = ("accuracy", "macro_f1", "macro_recall")


def write_report(path: Path, state: RetrainState, outcome: Outcome) -> None:
    """Write the page, and beside it the figures as JSON.

    Args:
        path: of the page.
        state: judged.
        outcome: what the retraining came to.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    write_json(path.with_suffix(".json"), report_json(state, outcome))
    write_text(path, render(state, outcome))


def report_json(state: RetrainState, outcome: Outcome) -> dict[str, Any]:
    """Return what `--json` prints."""
    return {
        **state.model_dump(mode="json", include={"id", "config", "why", "data", "parent"}),
        **state.judged,
        "outcome": outcome.value,
        "version": state.version,
    }


def render(state: RetrainState, outcome: Outcome) -> str:
    """Return the page."""
    gate = state.judged["gate"]
    body = [
        (
            f"<h1>Retraining of {escape(state.config)}</h1><p>{escape(state.why)}. Model "
            f"<code>{gate['candidate'][:12]}</code> beside the champion "
            f"<code>{(gate['champion'] or 'none')[:12]}</code>.</p>"
        ),
        (
            f'<p class="{"fine" if outcome == Outcome.CHALLENGER else "caution"}"><strong>'
            f"{escape(decision_words(state, outcome))}</strong></p>"
        ),
        table("The gate", ("question", "passed", "numbers"), list(_checks(gate))),
        (
            "<p>Corrections are comments that a model got wrong: to be better on the held-back "
            "ones is easier than to be better. That is why the model may not be worse where "
            "people labelled any comment.</p>"
        ),
        table("What it learned from", ("corpus", "train", "validation"), list(_rows(state.data))),
        f"<p>{escape(_said_of_data(state))}</p>",
        table("Test sets", ("set", "score", "before", "now"), list(_sets(state.judged["sets"]))),
        table(
            "Behaviour: sentences made for the purpose that pass",
            ("test", "before", "now", "points"),
            list(_behaviour(state.judged["behaviour"])),
        ),
    ]
    return page(f"Retraining of {state.config}", css=CSS, body=body)


def decision_words(state: RetrainState, outcome: Outcome) -> str:
    """Return what was decided, and what comes next."""
    if outcome == Outcome.CHALLENGER:
        return (
            f"Passed: version {state.version} is the challenger. Next: `sentiment release shadow`."
        )
    if outcome == Outcome.UNCHANGED:
        return "The very champion came out: nothing is registered."
    failed = [check["name"] for check in state.judged["gate"]["checks"] if not check["passed"]]
    return f"Refused by the gate: {', '.join(failed)}. Nothing is registered."


def _checks(gate: Mapping[str, Any]) -> Iterator[str]:
    for check in gate["checks"]:
        passed = cell("yes" if check["passed"] else "NO")
        yield header_cell(check["name"]) + passed + cell(check["detail"])


def _rows(data: Mapping[str, Any]) -> Iterator[str]:
    for corpus, splits in data["rows"].items():
        counts = (f"{splits.get(split, 0):,}" for split in ("train", "validation"))
        yield header_cell(corpus) + "".join(number(count) for count in counts)


def _said_of_data(state: RetrainState) -> str:
    aside = ", ".join(f"{reason} {n:,}" for reason, n in state.data["set_aside"].items())
    begun = (
        f"the champion's checkpoint (version {state.parent['version']})"
        if state.parent["from_checkpoint"]
        else f"the base model {state.parent['base']}, as the registry has no checkpoint of a "
        "champion"
    )
    now = {*state.data["rows"], *state.data.get("taught", [])}
    earlier = [
        one["name"]
        for part in ("corpora", "taught")
        for one in state.parent.get(part, [])
        if one["name"] not in now
    ]
    inherited = f" That one had learned from {', '.join(earlier)} too." if earlier else ""
    return (
        f"Of {state.data['votes']:,} votes {state.data['corrections']:,} corrections were "
        f"believed{f' (set aside: {aside})' if aside else ''}; {state.judged['held_back']:,} are "
        f"held back and judge. None is in a test set. Training began with {begun}.{inherited}"
    )


def _sets(sets: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, now in sets["new"].items():
        before = sets["old"].get(name)
        for metric in _SHOWN_METRICS:
            yield (
                header_cell(f"{name}, n = {_rows_measured(before, now)}")
                + cell(metric.replace("_", " "))
                + number(_score(before, metric) if before else "not measured")
                + number(_score(now, metric))
            )


def _rows_measured(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> str:
    if before is None or before["n"] == now["n"]:
        return f"{now['n']:,}"
    # One of them learned from the rest: only the smaller set is new to both.
    return f"{before['n']:,} before, {now['n']:,} now: not to be compared"


def _score(figures: Mapping[str, Any], metric: str) -> str:
    return format_score(figures[metric], Interval(*figures[f"{metric}_interval"]))


def _behaviour(rates: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for name, now in rates["new"].items():
        before = rates["old"].get(name)
        yield (
            header_cell(name)
            + number("" if before is None else f"{before:.1%}")
            + number(f"{now:.1%}")
            + number("" if before is None else f"{(now - before) * 100:+.1f}")
        )
