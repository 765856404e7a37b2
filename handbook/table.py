"""Tables of Markdown, whose cells may hold anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells may hold new lines and bars.

    Raises:
        ValueError: a row has another number of cells than there are heads.
    """
    lines = [_line(heads), _line(["---"] * len(heads))]
    for row in rows:
        if len(row) != len(heads):
            raise ValueError(f"Wanted {len(heads)} cells, found {len(row)}: {row!r}.")
        lines.append(_line(row))
    return "\n".join(lines) + "\n"


def code(word: object) -> str:
    """Return a word as code, or nothing for an empty one."""
    return f"`{word}`" if str(word) else ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", r"\|") for cell in cells) + " |"
