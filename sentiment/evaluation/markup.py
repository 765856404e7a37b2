"""Pieces of HTML that every report is made of. All text that goes in is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sentiment.evaluation.intervals import Interval


def format_score(value: float, interval: Interval, *, gap: str = " ") -> str:
    """Return a score with its interval, such as `0.742 [0.729, 0.754]`."""
    return f"{value:.3f}{gap}[{interval.low:.3f}, {interval.high:.3f}]"


def page(title: str, *, css: str, body: Sequence[str]) -> str:
    """Return a whole page that loads nothing and runs nothing.

    Args:
        title: of the page.
        css: its styles.
        body: pieces of HTML.
    """
    return "\n".join(
        [
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
            (
                '<meta http-equiv="Content-Security-Policy" '
                "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            ),
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(title)}</title><style>{css}</style></head><body><main>",
            *body,
            "</main></body></html>\n",
        ]
    )


def table(caption: str, columns: Sequence[str], body: Sequence[str]) -> str:
    """Return a table of rows made by `header_cell`, `cell` and `number`."""
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    rows = "".join(f"<tr>{row}</tr>" for row in body)
    return (
        f'<div class="scroll"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def header_cell(text: str) -> str:
    """Return the cell that names a row."""
    return f'<th scope="row">{escape(text)}</th>'


def cell(text: str) -> str:
    """Return a cell of words."""
    return f"<td>{escape(text)}</td>"


def number(text: str) -> str:
    """Return a cell of figures, which does not break."""
    return f'<td class="number">{escape(text)}</td>'
