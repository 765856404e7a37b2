"""The commands that a page of Markdown shows: fenced ones whole, and those named in a sentence."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHELL, CRON = "sh", "cron"
_FENCE = re.compile(r"^( *)```([\w-]*)[^\n`]*\n(.*?)^\1```[ \t]*$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_LANGUAGES = {"": SHELL, "sh": SHELL, "bash": SHELL, "shell": SHELL, "console": SHELL, "cron": CRON}
_CRON_FIELDS = 5
_SEPARATORS = set(";&|()")
_REDIRECTIONS = set("<>")
_KEYWORDS = ("do", "then", "else", "{", "exec", "sudo", "!")
_SYNTAX = ("for", "done", "if", "fi", "while", "}")
_ASSIGNMENT = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*=")
_SUBSTITUTION = re.compile(r"\$\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A command of a page.

    Attributes:
        page: path of the page within the repository.
        words: of the command, without assignments before it; the program first.
    """

    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)}"


def fenced_commands(page: Path, *, root: Path) -> Iterator[Shown]:
    """Yield every command in fences that hold shell: those without a language, too.

    Args:
        page: a Markdown file.
        root: what its path is given from.

    Raises:
        ValueError: a quote is never closed.
    """
    text = page.read_text(encoding="utf-8")
    for _, language, body in _FENCE.findall(text):
        if language not in _LANGUAGES:
            continue
        for line in body.replace("\\\n", " ").splitlines():
            given = line.strip().removeprefix("$ ")
            if _LANGUAGES[language] == CRON:
                given = given.split(maxsplit=_CRON_FIELDS)[-1]
            for words in commands_of(given):
                yield Shown(str(page.relative_to(root)), words)


def inline_code(page: Path) -> Iterator[str]:
    """Yield what stands in backticks outside fences, on one line."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    for found in _INLINE.findall(text):
        yield " ".join(found.split())


def commands_of(line: str) -> Iterator[tuple[str, ...]]:
    """Yield the simple commands of a line of shell, those within `$(…)` first.

    Raises:
        ValueError: a quote is never closed.
    """
    while inner := _SUBSTITUTION.search(line):
        yield from commands_of(inner[1])
        line = line[: inner.start()] + "OUTPUT" + line[inner.end() :]
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    is_target = False
    for token in lexer:
        if set(token) <= _SEPARATORS:
            yield from _simple(words)
            words = []
        elif set(token) & _REDIRECTIONS and set(token) <= _SEPARATORS | _REDIRECTIONS:
            is_target = True
        elif is_target:
            is_target = False
        else:
            words.append(token)
    yield from _simple(words)


def _simple(words: list[str]) -> Iterator[tuple[str, ...]]:
    rest = words
    while rest and (rest[0] in _KEYWORDS or _ASSIGNMENT.match(rest[0])):
        rest = rest[1:]
    if rest and rest[0] not in _SYNTAX:
        yield tuple(rest)
