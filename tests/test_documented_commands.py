"""Every command that README and docs/ show: it parses, its target and files exist, it is marked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from handbook.run_commands import ROWS, How, Row, row_of
from handbook.shell import Shown, commands_of, fenced_commands, inline_code
from sentiment.cli.main import app
from tests.conftest import REPOSITORY

PAGES = [
    *(REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((REPOSITORY / "docs").glob("*.md")),
]
FENCED = [shown for page in PAGES for shown in fenced_commands(page, root=REPOSITORY)]
SENTIMENT = {"sentiment", ".venv/bin/sentiment"}
ANY = "…"
# Pages that `make docs` makes, and reports that commands leave.
MADE = ("docs/reference/", "reports/")
PLACES = "configs|docs|handbook|infra|models|notebooks|reports|requirements|tests|chrome_extension"
PATH = re.compile(rf"^(?:{PLACES}|sentiment)/[\w./-]+$")


def targets() -> set[str]:
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE))


def command_at(words: list[str]) -> tuple[Any, list[str]]:
    """Return the command that the words name, and the words after its name."""
    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "commands") and words[0] in command.commands:
        command, words = command.commands[words[0]], words[1:]
    return command, words


def is_path(word: str) -> bool:
    return bool(PATH.match(word)) and not any(part.isupper() for part in word.split("/"))


def absent(words: list[str]) -> list[str]:
    return [
        word
        for word in filter(is_path, words)
        if not (REPOSITORY / word).exists() and not word.startswith(MADE)
    ]


def test_commands_are_found_as_a_shell_would() -> None:
    line = "A=1 sentiment serve --port 3001 && make x | tee out  # and a note; not a command"
    assert list(commands_of(line)) == [
        ("sentiment", "serve", "--port", "3001"),
        ("make", "x"),
        ("tee", "out"),
    ]


def test_pages_show_commands() -> None:
    assert len(FENCED) > 60
    assert {shown.page for shown in FENCED} >= {"README.md", "docs/deploy.md", "docs/runbook.md"}


@pytest.mark.parametrize("shown", FENCED, ids=str)
def test_command_is_marked_as_run_or_as_needing_more(shown: Shown) -> None:
    assert row_of(shown.words) is not None, f"{shown} is in no row of handbook/run_commands.py"


@pytest.mark.parametrize("shown", [each for each in FENCED if each.words[0] in SENTIMENT], ids=str)
def test_command_of_ours_parses(shown: Shown) -> None:
    command, rest = command_at(list(shown.words[1:]))
    assert not hasattr(command, "commands") or rest, f"{shown} names no command"
    # Parsing fails on what is unknown, missing or out of range, and calls nothing.
    command.make_context(command.name, rest)


@pytest.mark.parametrize("shown", [each for each in FENCED if each.words[0] == "make"], ids=str)
def test_target_exists(shown: Shown) -> None:
    wanted = [word for word in shown.words[1:] if "=" not in word]
    assert set(wanted) <= targets()


@pytest.mark.parametrize("shown", FENCED, ids=str)
def test_files_of_a_command_exist(shown: Shown) -> None:
    assert absent(list(shown.words)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_sentence_names_exists(page: Path) -> None:
    wrong = []
    for span in inline_code(page):
        words = span.split()
        wrong += [f"{span}: no such file" for _ in absent(words)]
        if words[0] == "make" and len(words) > 1 and words[1].isascii():
            wrong += [] if words[1] in targets() else [f"{span}: no such target"]
        if words[0] not in SENTIMENT or len(words) == 1 or not words[1].islower():
            continue
        command, rest = command_at(words[1:])
        is_group = hasattr(command, "commands")
        if is_group and rest and not rest[0].startswith("-") and rest[0] != ANY:
            wrong.append(f"{span}: no command {rest[0]}")
        known = {name for option in command.params for name in option.opts}
        known |= {name for option in command.params for name in option.secondary_opts} | {"--help"}
        options = [word.split("=")[0] for word in rest if word.startswith("--")]
        wrong += [f"{span}: no option {name}" for name in options if name not in known]
    assert wrong == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.how == How.TEST], ids=str)
def test_test_that_runs_a_command_is_there(row: Row) -> None:
    assert row.where
    for name in row.where.split(", "):
        text = (REPOSITORY / name).read_text(encoding="utf-8")
        program, *steps = row.command.split()
        # As an argument of its own, or as what the module of the command is imported for.
        called = [rf"""["'\s]{step}["'\s]|\.cli\.{step} import command""" for step in steps]
        if program == "sentiment" and steps:
            assert re.search(called[-1], text)
        assert program in text


@pytest.mark.parametrize("row", [row for row in ROWS if row.how == How.CI], ids=str)
def test_ci_runs_what_is_said(row: Row) -> None:
    said = " ".join(
        (REPOSITORY / name).read_text(encoding="utf-8")
        for name in (".ci/run", ".github/scripts/evaluate.sh")
    )
    assert "evaluate.sh HEAD" in said
    within = {
        "pytest": "make test",
        "make sbom": "workflows sbom",
        "make pipeline": " pipeline CONFIG=smoke",
        "dvc repro": " pipeline CONFIG=smoke",
    }
    assert within.get(row.command, row.command) in said
