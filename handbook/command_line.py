"""The page of every command, from the command line itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import typer

from handbook.table import code, table
from sentiment.cli.main import app


def commands_page() -> str:
    """Return the page of every command with its options."""
    parts = [
        "# Commands",
        (
            "Made from `sentiment/cli/` by `make docs`; `sentiment COMMAND --help` says the same. "
            "Which of these are run by tests: [commands in this handbook](run.md)."
        ),
    ]
    for name, command in leaves(typer.main.get_command(app)):
        parts += [f"## sentiment {name}", inspect.cleandoc(command.help or "")]
        rows = [_row(option) for option in command.params if option.name != "help"]
        if rows:
            parts.append(table(("option", "type", "default", "meaning"), rows))
    return "\n\n".join(parts) + "\n"


def leaves(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer's own click has no types
    """Yield every command that runs something, with its name as one types it."""
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, child in command.commands.items():
        yield from leaves(child, f"{path} {name}".strip())


def _row(option: Any) -> tuple[str, str, str, str]:  # noqa: ANN401 - see `leaves`
    names = ", ".join(map(code, [*option.opts, *option.secondary_opts]))
    is_flag = getattr(option, "is_flag", False)
    kind = "flag" if is_flag else _kind(option.type_descriptor.annotation)
    if option.required:
        default = "required"
    elif isinstance(option.show_default, str):
        default = option.show_default
    elif option.default is None or is_flag or callable(option.default):
        default = ""
    else:
        default = code(option.default)
    bounds = "".join(
        f" {sign} {bound}"
        for sign, name in (("≥", "min"), ("≤", "max"))
        if (bound := getattr(option, name, None)) is not None
    )
    return names, kind + bounds, default, getattr(option, "help", "") or ""


def _kind(annotation: Any) -> str:  # noqa: ANN401 - any annotation
    return str(getattr(annotation, "__name__", annotation)).lower()
