"""The story as a page that loads nothing and runs nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from itertools import groupby

from sentiment.evaluation.figures import CSS
from sentiment.evaluation.markup import header_cell, number, page, table
from sentiment.rehearsal.story import Event, Story

BEFORE, AFTER = "before", "after"
REGISTERS = {"plain": "comments as before", "slang": "comments in the new register"}

_PAGE_CSS = """
ol{list-style:none;padding:0;margin:.5rem 0 1.5rem}
li{display:grid;grid-template-columns:6rem 1.5rem 1fr;padding:.2rem 0}
li .when{color:var(--quiet);font-variant-numeric:tabular-nums;white-space:nowrap;text-align:right;
padding-right:.8rem}
li.passed .mark{color:var(--accent)}li.failed .mark,li.failed .text{color:var(--warn)}
.was{fill:var(--quiet)}.is{fill:var(--accent)}
"""
_BAR_PX = 320
_BAR_HEIGHT_PX = 9


def accuracy_name(register: str, when: str) -> str:
    """Return the name of a figure: accuracy on a register before or after the loop."""
    return f"accuracy_{register}_{when}"


def render_page(story: Story, *, size: str) -> str:
    """Return the page.

    Args:
        story: whole, or as far as it came.
        size: how much was played.
    """
    told = story.to_json()
    ended = "All went as it should." if told["passed"] else "It broke off: see the last line."
    body = [
        (
            "<h1>The loop, rehearsed</h1><p>Shift, alarm, corrections, retraining, gate, shadow, "
            f"canary, promotion, and two bad models stopped: the {escape(size)} form, in "
            f"{told['duration_s'] / 60:.1f} minutes, by <code>sentiment rehearse</code>.</p>"
        ),
        f'<p class="{"fine" if told["passed"] else "caution"}"><strong>{ended}</strong></p>',
        (
            "<p>Real processes and real commands; made-up comments from templates, so that their "
            "truth is known. The same templates make what is corrected and what is measured: the "
            "accuracies show that the loop closes, and nothing about real comments.</p>"
        ),
        _accuracies(story.figures),
        *(
            f"<section><h2>{escape(act)}</h2><ol>{''.join(map(_line, events))}</ol></section>"
            for act, events in groupby(story.events, key=lambda event: event.act)
        ),
    ]
    return page("The loop, rehearsed", css=CSS + _PAGE_CSS, body=[part for part in body if part])


def _accuracies(figures: Mapping[str, float]) -> str:
    rows = []
    for register, words in REGISTERS.items():
        was = figures.get(accuracy_name(register, BEFORE))
        now = figures.get(accuracy_name(register, AFTER))
        if was is None or now is None:
            continue
        rows.append(
            header_cell(words)
            + number(f"{was:.1%}")
            + number(f"{now:.1%}")
            + number(f"{(now - was) * 100:+.1f}")
            + f"<td>{_bars(was, now)}</td>"
        )
    columns = (
        "accuracy on held-back videos",
        "before",
        "after",
        "points",
        "before above, after below",
    )
    return table("What the loop changed", columns, rows) if rows else ""


def _bars(was: float, now: float) -> str:
    return (
        f'<svg width="{_BAR_PX}" height="{2 * _BAR_HEIGHT_PX + 1}" aria-hidden="true">'
        f'<rect class="was" width="{_BAR_PX * was:.1f}" height="{_BAR_HEIGHT_PX}"/>'
        f'<rect class="is" y="{_BAR_HEIGHT_PX + 1}" width="{_BAR_PX * now:.1f}" '
        f'height="{_BAR_HEIGHT_PX}"/></svg>'
    )


def _line(event: Event) -> str:
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(event.text))
    kind = {None: "", True: "passed", False: "failed"}[event.passed]
    mark = {None: "", True: "✓", False: "✗"}[event.passed]
    return (
        f'<li class="{kind}"><span class="when">{event.at_s:.1f} s</span>'
        f'<span class="mark">{mark}</span><span class="text">{text}</span></li>'
    )
